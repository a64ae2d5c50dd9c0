import type { CureName } from '../contract/cure.ts';
import type { ActionKind } from '../contract/name.ts';
import type { Means } from '../contract/situation.ts';
import { DRAWN_LIMIT } from './frame-repair.ts';
import type { GuardName } from './guards.ts';

/** How a cure ends: with another attempt of the engine, with work on what is there, or with what is delivered. */
export type CureEffect = 'attempt' | 'mend' | 'delivery';

export interface Cure {
  readonly action: ActionKind;
  readonly effect: CureEffect;
  /** Another attempt goes on from saved latents where there are some; false: it begins from noise. */
  readonly keepsLatents?: true;
  /** All of them must hold. */
  readonly needs: readonly GuardName[];
  /** What is left of the present plan's quality; of a stand-in: the best that it can be, whatever was planned. */
  readonly quality: number;
  /** Until the frames are there; the export is the same for all. */
  readonly seconds: (means: Means) => number;
}

const attempt = ({ prices, steps }: Means, share = 1): number =>
  prices.textSeconds + steps * prices.stepSeconds * share + prices.decodeSeconds;

/** From the saved latents on; from the beginning where there are none. */
const rest = (means: Means): number => {
  const { checkpoint, prices, steps } = means;
  return checkpoint === null
    ? attempt(means)
    : prices.textSeconds + Math.max(0, steps - checkpoint.nextStep) * prices.stepSeconds + prices.decodeSeconds;
};

const freshStart = ({ isEngineUp, prices }: Means): number => (isEngineUp ? 0 : prices.startSeconds);

/** Before the first picture is made up from others; far cheaper than any step. */
const PAINT_SECONDS = 0.2;
/** Tiles overlap, and fp32 moves twice the bytes. */
const TILED_SHARE = 1.5;
const FP32_SHARE = 2;
/** One picture in a few steps, measured on wan-mini: 0.14 of an attempt at 17 frames and 20 steps. */
const STILL_SHARE = 0.15;
/** A window of latents with what it needs at its edges. */
const WINDOW_SHARE = 0.5;

/** Every cure: what it does, what it needs, what it leaves of the quality, what it costs. */
export const cures: Readonly<Record<CureName, Cure>> = {
  'safer-recipe': {
    action: 'resume',
    effect: 'mend',
    needs: ['has-frames', 'has-safer-recipe'],
    quality: 1,
    seconds: () => 0,
  },
  'decode-again': {
    action: 'redecode',
    effect: 'attempt',
    keepsLatents: true,
    needs: ['has-denoised-latents', 'engine-can-run'],
    quality: 1,
    seconds: ({ prices }) => prices.textSeconds + prices.decodeSeconds,
  },
  'decode-tiled': {
    action: 'redecode',
    effect: 'attempt',
    keepsLatents: true,
    needs: ['has-denoised-latents', 'can-decode-tiled', 'engine-can-run'],
    quality: 1,
    seconds: ({ prices }) => prices.textSeconds + prices.decodeSeconds * TILED_SHARE,
  },
  'decode-fp32': {
    action: 'redecode',
    effect: 'attempt',
    keepsLatents: true,
    needs: ['has-denoised-latents', 'can-decode-fp32', 'engine-can-run'],
    quality: 1,
    seconds: ({ prices }) => prices.textSeconds + prices.decodeSeconds * FP32_SHARE,
  },
  interpolate: {
    action: 'repair-frames',
    effect: 'mend',
    needs: ['has-frames', 'gaps-are-short'],
    quality: 0.98,
    seconds: ({ prices }) => PAINT_SECONDS + DRAWN_LIMIT * prices.drawSeconds,
  },
  regenerate: {
    action: 'repair-frames',
    effect: 'attempt',
    keepsLatents: true,
    needs: ['has-denoised-latents', 'has-window', 'engine-can-run'],
    quality: 0.985,
    seconds: (means) => attempt(means, WINDOW_SHARE),
  },
  resume: {
    action: 'resume',
    effect: 'attempt',
    keepsLatents: true,
    needs: ['has-sound-point', 'engine-can-run'],
    quality: 1,
    seconds: (means) => freshStart(means) + rest(means),
  },
  'reroute-expert': {
    action: 'reroute-expert',
    effect: 'attempt',
    keepsLatents: true,
    needs: ['has-stand-in', 'engine-can-run'],
    quality: 1,
    seconds: rest,
  },
  'next-provider': {
    // From noise: the numbers of two devices are not mixed in one clip.
    action: 'switch-provider',
    effect: 'attempt',
    needs: ['has-next-provider'],
    quality: 1,
    seconds: (means) => means.prices.startSeconds + attempt(means),
  },
  'restart-clean': {
    action: 'restart-clean',
    effect: 'attempt',
    needs: ['may-restart'],
    quality: 1,
    seconds: (means) => means.prices.startSeconds + attempt(means),
  },
  'new-seed': {
    action: 'new-seed',
    effect: 'attempt',
    needs: ['engine-can-run'],
    quality: 1,
    seconds: (means) => freshStart(means) + attempt(means),
  },
  'simplify-prompt': {
    action: 'simplify-prompt',
    effect: 'attempt',
    needs: ['has-simpler-prompt', 'engine-can-run'],
    quality: 0.95,
    seconds: (means) => freshStart(means) + attempt(means),
  },
  'fewer-steps': {
    action: 'fewer-steps',
    effect: 'attempt',
    needs: ['can-do-fewer-steps', 'engine-can-run'],
    quality: 0.9,
    seconds: (means) => freshStart(means) + attempt(means, (means.fewerSteps ?? means.steps) / means.steps),
  },
  'fewer-frames': {
    action: 'fewer-frames',
    effect: 'attempt',
    needs: ['can-do-fewer-frames', 'engine-can-run'],
    quality: 0.85,
    seconds: (means) =>
      freshStart(means) + attempt(means) * ((means.fewerFrames ?? means.frameCount) / means.frameCount),
  },
  'lower-rung': {
    action: 'lower-rung',
    effect: 'attempt',
    needs: ['has-lower-rung', 'engine-can-run'],
    quality: 0.8,
    seconds: (means) => freshStart(means) + Math.min(attempt(means), means.lowerRung?.expectedSeconds ?? Infinity),
  },
  'other-pack': {
    action: 'lower-rung',
    effect: 'attempt',
    needs: ['has-other-pack'],
    quality: 0.75,
    seconds: (means) => means.prices.startSeconds + attempt(means),
  },
  'carry-on': {
    action: 'continue',
    effect: 'delivery',
    needs: ['has-frames', 'is-watchable'],
    quality: 0.7,
    seconds: () => 0,
  },
  'still-motion': {
    action: 'still-motion',
    effect: 'delivery',
    needs: ['has-sound-frame'],
    quality: 0.3,
    seconds: () => PAINT_SECONDS,
  },
  'render-still': {
    action: 'still-motion',
    effect: 'attempt',
    needs: ['can-render-still', 'engine-can-run'],
    quality: 0.25,
    seconds: (means) => freshStart(means) + attempt(means) * STILL_SHARE + PAINT_SECONDS,
  },
  template: {
    action: 'template',
    effect: 'delivery',
    needs: ['has-template'],
    quality: 0.2,
    seconds: () => PAINT_SECONDS,
  },
  'fallback-clip': {
    action: 'fallback-clip',
    effect: 'delivery',
    needs: [],
    quality: 0,
    seconds: () => PAINT_SECONDS,
  },
};
