import type { Injection } from '../../app/contract/injection.ts';
import { parseInjection } from '../../app/contract/injection-text.ts';
import { nextSeed } from '../../app/plan/render-plan.ts';

/** What a long day brings: each of these once or more often, or nothing at all. */
const mix = [
  null,
  null,
  'latent-nonfinite@denoise',
  'latent-nonfinite@denoisex2',
  'latent-out-of-band@denoise',
  'latents-garbled@denoise',
  'denoise-stalled@denoise',
  'attention-collapsed@denoise',
  'expert-unstable',
  'decode-nonfinite@decode',
  'decode-nonfinite@decodex2',
  'frames-black@decode',
  'frames-noise@decode',
  'frames-torn@decode',
  'frames-flicker@decode',
  'engine-crashed@denoise',
  'engine-crashed@decode',
  'engine-aborted@denoise',
  'engine-threw@denoise',
  'message-lost@denoise',
  'out-of-memory@denoise',
  'provider-failed@denoise',
  'encoder-failed@export',
  'text-nonfinite@text',
] as const;

const prompts = [
  'A penguin walks to the right in the snow',
  '公园里有一只老虎往左走',
  'a rocket takes off in the city',
  '沙滩上的蝴蝶往上飞',
] as const;

export interface MixedRun {
  readonly prompt: string;
  readonly seed: number;
  /** As it would be typed after `--fault`; null for a calm run. */
  readonly fault: string | null;
  readonly injections: readonly Injection[];
}

/** The n-th run of a mix that depends on the seed alone. */
export function* mixedRuns(count: number, seed: number): Generator<MixedRun> {
  let state = nextSeed(seed);
  for (let i = 0; i < count; i += 1) {
    state = nextSeed(state);
    // The high bits of such a generator are the good ones.
    const fault = mix[(state >>> 8) % mix.length] ?? null;
    const injection = fault === null ? null : parseInjection(fault);
    if (injection !== null && !injection.ok) throw new Error(`bug: ${fault} is not legal`);
    yield {
      prompt: prompts[(state >>> 16) % prompts.length] ?? prompts[0],
      seed: seed + i,
      fault,
      injections: injection === null ? [] : [injection.value],
    };
  }
}
