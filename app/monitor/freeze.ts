import type { FrameBands } from './frame-bands.ts';
import type { FrameFigures } from './frame.ts';
import { median, rounded, runsOf, type Found } from './found.ts';

const FEWEST_STEPS = 3;
/** Beside the mean, no single part of the picture may change: a blinking eye is life. In units of the mean's line. */
const PEAK_FACTOR = 12;
/** A shot that stands still between two cuts is a title or a slide. */
const CUT_HISTOGRAM_DISTANCE = 0.25;

/** Runs of copies of one picture: the whole clip, or a stop in the middle of motion. */
export function findFrozen(
  frames: readonly FrameFigures[],
  fps: number,
  bands: FrameBands,
  isExplained: (i: number) => boolean,
): readonly Found[] {
  const stepCount = frames.length - 1;
  if (stepCount < 1) return [];
  const isCopy = (i: number): boolean => {
    const step = frames[i]?.step;
    if (!step || isExplained(i)) return false;
    return step.change <= bands.frozenChange && step.peakChange <= bands.frozenChange * PEAK_FACTOR;
  };
  const longEnough = Math.max(FEWEST_STEPS, Math.round(fps * bands.frozenSeconds));
  return runsOf(frames.length, isCopy).flatMap(([first, last]) => {
    const steps = last - first + 1;
    const isWhole = steps === stepCount;
    if (!isWhole && (steps < longEnough || isSlide(frames, first, last))) return [];
    const changes = frames.slice(first, last + 1).map(({ step }) => step?.change ?? 0);
    const others = frames.flatMap(({ step }, i) => (step && (i < first || i > last) ? [step.change] : []));
    const evidence = {
      largestChange: rounded(Math.max(...changes)),
      changeLimit: rounded(bands.frozenChange),
      usualChange: isWhole ? null : rounded(median(others)),
      copies: steps,
    };
    return [{ kind: 'frames-frozen', firstFrame: first, lastFrame: last, evidence }];
  });
}

function isSlide(frames: readonly FrameFigures[], first: number, last: number): boolean {
  const isCut = (i: number): boolean => (frames[i]?.step?.histogramDistance ?? 0) > CUT_HISTOGRAM_DISTANCE;
  const beginsShot = first <= 1 || isCut(first - 1);
  const endsShot = last >= frames.length - 1 || isCut(last + 1);
  return beginsShot && endsShot;
}
