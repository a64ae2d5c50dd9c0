import { median } from './found.ts';
import type { FrameFigures } from './frame.ts';

/** Pictures made of other levels, or such as have hardly anything in common, are another shot. */
const CUT_HISTOGRAM_DISTANCE = 0.2;
const CUT_PSNR_DB = 18;
/** Of the picture's larger parts: noise and fine texture change all of a picture's pixels, and none of what it shows. */
const CUT_CHANGE = 0.04;
/** Less than this part of the change is left when the light's own is taken off: the light changed, not the shot. */
const LIGHT_SHARE = 0.4;
/** … and so many times what the frames around it change, which a fast pan does in each. */
const CUT_RATIO = 1.8;
const AROUND_STEPS = 8;
/** A step of less than this is none. */
const STILL_CHANGE = 0.0004;

/** Whether another shot begins with this frame: hardly anything of the one before is left, and that is not so all the time. */
export function isCut(frames: readonly FrameFigures[], i: number): boolean {
  const { histogramDistance = 0, psnrDb = null, change = 0, lightRest = 0 } = frames[i]?.step ?? {};
  if (change < CUT_CHANGE || lightRest < LIGHT_SHARE * change) return false;
  const around = frames
    .slice(Math.max(0, i - AROUND_STEPS), i + AROUND_STEPS + 1)
    .flatMap(({ step }) => step?.change ?? []);
  if (change < CUT_RATIO * median(around.filter((one) => one > STILL_CHANGE))) return false;
  return histogramDistance > CUT_HISTOGRAM_DISTANCE || (psnrDb ?? Infinity) < CUT_PSNR_DB;
}

/** The same, and for the first frame, and the one that would follow the last. */
export const beginsShot = (frames: readonly FrameFigures[], i: number): boolean =>
  i <= 0 || i >= frames.length || isCut(frames, i);
