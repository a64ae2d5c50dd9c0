import type { FrameCalibration } from '../contract/calibration-frames.ts';
import { beatOf } from './beat.ts';
import type { FlowFigures } from './flow.ts';
import { findFlashes } from './flicker.ts';
import type { FrameFigures } from './frame.ts';
import { rounded } from './found.ts';
import { findSpikes } from './spike.ts';

/** One healthy clip as the monitors measured it. */
export interface MeasuredClip {
  readonly frames: readonly FrameFigures[];
  /** One entry for each step from frame to frame; empty where no flow was measured. */
  readonly flow: readonly (FlowFigures | null)[];
}

/** Extremes rest on few clips, so the very last one of a hundred doesn't count. */
const BEYOND_SHARE = 0.005;
/** Of figures that are one a clip: there are far fewer, and some of the clips are not as healthy as they should be. */
const BEYOND_CLIP_SHARE = 0.02;
const LEAST_FLASH_RATIO = 0.02;

/**
 * What a pack's healthy clips show at most, or at least: the section of its calibration that `bandsOf` turns into the lines that frames
 * are judged by. Null where there is nothing to learn from.
 */
export function fitFrameBands(clips: readonly MeasuredClip[]): FrameCalibration | null {
  const frames = clips.flatMap((clip) => clip.frames);
  const steps = frames.flatMap(({ step }) => (step ? [step] : []));
  if (steps.length === 0) return null;
  const never = (): boolean => false;
  const beat = beatOf(
    clips.map((clip) => clip.frames),
    () => true,
  );
  const flashes = clips.map(({ frames: own }) =>
    Math.max(0, ...findFlashes(own, LEAST_FLASH_RATIO, never).map(({ ratio }) => ratio)),
  );
  const spikes = clips.map(({ frames: own }) => Math.max(0, ...findSpikes(own, never, beat).map(({ ratio }) => ratio)));
  const psnrs = steps.flatMap(({ psnrDb }) => (psnrDb === null ? [] : [psnrDb]));
  return {
    version: 1,
    clipCount: clips.length,
    frameCount: frames.length,
    rangeLow: low(frames.map(({ range }) => range)),
    lumaLow: low(frames.map(({ luma }) => luma)),
    lumaHigh: high(frames.map(({ luma }) => luma)),
    grainHigh: high(frames.map(({ grain }) => grain)),
    stepGrainHigh: high(steps.map(({ grain }) => grain)),
    changeLow: low(steps.map(({ change }) => change)),
    psnrLowDb: psnrs.length === 0 ? null : low(psnrs),
    ssimLow: low(steps.map(({ ssim }) => ssim ?? 1)),
    flashHigh: quantile(flashes, 1 - BEYOND_CLIP_SHARE),
    beat: beat.map(rounded),
    spikeHigh: quantile(spikes, 1 - BEYOND_CLIP_SHARE),
    flow: fitFlow(clips.flatMap(({ flow }) => flow.flatMap((one) => (one ? [one] : [])))),
  };
}

function fitFlow(flows: readonly FlowFigures[]): FrameCalibration['flow'] {
  if (flows.length === 0) return null;
  return {
    magnitudeHighPx: high(flows.map(({ magnitudePx }) => magnitudePx)),
    entropyLowBits: low(flows.map(({ entropyBits }) => entropyBits)),
    entropyHighBits: high(flows.map(({ entropyBits }) => entropyBits)),
    warpErrorHigh: high(flows.map(({ warpError }) => warpError)),
  };
}

const low = (values: readonly number[]): number => quantile(values, BEYOND_SHARE);
const high = (values: readonly number[]): number => quantile(values, 1 - BEYOND_SHARE);

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return rounded(sorted[Math.round((sorted.length - 1) * share)] ?? 0);
}
