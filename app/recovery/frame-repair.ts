import type { WindowPlan } from '../contract/engine.ts';
import type { FrameRange, Gap } from './frame-range.ts';

/** Between two sound frames this many can be drawn by their motion before it shows. */
export const DRAWN_LIMIT = 3;
/** Beyond the last sound frame motion can be carried on for so long; then the picture stands still. */
export const BEYOND_LIMIT = 2;
/** More of a clip than this is not worth keeping the rest for. */
const WINDOW_SHARE_LIMIT = 0.6;
/** Noise level from which a window is made anew: the frames around it decide, and something of its own is left. */
const KEEPING_SIGMA = 0.9;

/** Latent frames behind picture frames: the first picture has one of its own, each later one stands for `strideFrames`. */
export function latentRange(bad: readonly FrameRange[], strideFrames: number): FrameRange | null {
  const latentOf = (frame: number): number => (frame === 0 ? 0 : 1 + Math.floor((frame - 1) / strideFrames));
  if (bad.length === 0) return null;
  const firstFrame = Math.min(...bad.map((range) => latentOf(range.firstFrame)));
  const lastFrame = Math.max(...bad.map((range) => latentOf(range.firstFrame + range.frameCount - 1)));
  return { firstFrame, frameCount: lastFrame - firstFrame + 1 };
}

export interface WindowOrder {
  readonly bad: readonly FrameRange[];
  readonly strideFrames: number;
  readonly latentFrameCount: number;
  /** The plan's schedule, [steps + 1]. */
  readonly sigmas: Float64Array;
  /** Nothing of the bad frames is kept: for a second try, or where they hold nothing that can be used. */
  readonly isAnew: boolean;
}

/** The window that makes these frames anew; null where it would be most of the clip. */
export function windowFor({ bad, strideFrames, latentFrameCount, sigmas, isAnew }: WindowOrder): WindowPlan | null {
  const range = latentRange(bad, strideFrames);
  if (!range || range.frameCount > latentFrameCount * WINDOW_SHARE_LIMIT) return null;
  const fromStep = isAnew
    ? 0
    : Math.max(
        0,
        sigmas.subarray(0, -1).findIndex((sigma) => sigma <= KEEPING_SIGMA),
      );
  return { firstLatentFrame: range.firstFrame, latentFrameCount: range.frameCount, fromStep };
}

/** Short enough to be drawn: fewer frames where only one side is known. */
export function isDrawable({ before, after, frameCount }: Gap): boolean {
  if (before === null && after === null) return false;
  return frameCount <= (before === null || after === null ? BEYOND_LIMIT : DRAWN_LIMIT);
}

/** How a frame follows on the one before it; null where a figure could not be had. */
export interface StepLikeness {
  readonly psnrDb: number | null;
  readonly ssim: number | null;
}

export interface Seam {
  /** The second frame of the step. */
  readonly frame: number;
  readonly psnrDb: number | null;
  readonly limitDb: number | null;
  readonly ssim: number | null;
  readonly limitSsim: number | null;
}

const PSNR_MARGIN_DB = 3;
const SSIM_MARGIN = 0.06;

/**
 * Steps into, within and out of repaired frames that fall out of the clip's own band: none when the repair can't be seen.
 *
 * @param steps  step i leads from frame i - 1 to frame i; the first is null
 */
export function badSeams(steps: readonly (StepLikeness | null)[], repaired: readonly FrameRange[]): readonly Seam[] {
  const isTouched = (frame: number): boolean =>
    repaired.some(({ firstFrame, frameCount }) => frame >= firstFrame && frame <= firstFrame + frameCount);
  const lowest = (of: (step: StepLikeness) => number | null): number | null => {
    const own = steps.flatMap((step, frame) => (step === null || isTouched(frame) ? [] : [of(step) ?? Infinity]));
    const low = Math.min(...own);
    return Number.isFinite(low) ? low : null;
  };
  const lowDb = lowest(({ psnrDb }) => psnrDb);
  const lowSsim = lowest(({ ssim }) => ssim);
  const limitDb = lowDb === null ? null : lowDb - PSNR_MARGIN_DB;
  const limitSsim = lowSsim === null ? null : lowSsim - SSIM_MARGIN;
  return steps.flatMap((step, frame) => {
    if (step === null || !isTouched(frame)) return [];
    const isApart = step.psnrDb !== null && limitDb !== null && step.psnrDb < limitDb;
    const isUnlike = step.ssim !== null && limitSsim !== null && step.ssim < limitSsim;
    return isApart || isUnlike ? [{ frame, psnrDb: step.psnrDb, limitDb, ssim: step.ssim, limitSsim }] : [];
  });
}
