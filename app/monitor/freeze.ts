import { beginsShot } from './cut.ts';
import type { FrameFigures } from './frame.ts';
import { isEmptyFrame } from './empty.ts';
import { median, rounded, runsOf, type Found } from './found.ts';
import type { OrderOptions } from './order.ts';

const FEWEST_STEPS = 3;
/** Beside the mean, no single part of the picture may change: a blinking eye is life. In units of the mean's line, … */
const PEAK_FACTOR = 12;
/** … or beside what moves in the rest of the clip: an encoder mends its copies for some frames. */
const PEAK_SHARE = 0.04;
/** A freeze is plainly stiller than the rest of the clip; a scene in which hardly anything moves has such steps all along. */
const STILLER_SHARE = 0.2;
/** Films have stops as well, held poses and pages: one that stops this often is made so. */
const MOST_STOPS = 1;
/** So much of the usual motion right beside a stop: it is no rest, it broke off. */
const ABRUPT_SHARE = 0.7;

/** Runs of copies of one picture: the whole clip, or a stop in the middle of motion. That a film begins, ends or stays without motion is only told. */
export function findFrozen(
  frames: readonly FrameFigures[],
  fps: number,
  { bands, isExplained, isOneShot }: OrderOptions,
): readonly Found[] {
  const stepCount = frames.length - 1;
  if (stepCount < 1) return [];
  const usualPeak = median(
    frames.flatMap(({ step }) => (step && step.change > bands.frozenChange ? [step.peakChange] : [])),
  );
  const mostPeak = Math.max(bands.frozenChange * PEAK_FACTOR, usualPeak * PEAK_SHARE);
  const isCopy = (i: number): boolean => {
    const step = frames[i]?.step;
    return !!step && !isExplained(i) && step.change <= bands.frozenChange && step.peakChange <= mostPeak;
  };
  // A pack whose healthy clips never repeat a frame to the last bit hasn't made what does.
  const isNeverSame = isOneShot && bands.source === 'calibration' && bands.frozenChange > 0;
  const isRepeated = (first: number, last: number): boolean =>
    isNeverSame && frames.slice(first, last + 1).every(({ step }) => step?.psnrDb === null);
  const longEnough = Math.max(FEWEST_STEPS, Math.round(fps * bands.frozenSeconds));
  let stops = 0;
  const found = runsOf(frames.length, isCopy).flatMap(([first, last]): readonly Found[] => {
    const steps = last - first + 1;
    const isWhole = steps === stepCount;
    if (!isWhole && steps < longEnough && !isRepeated(first, last)) return [];
    if (!isWhole && !isOneShot && isSlide(frames, first, last)) return [];
    const changes = frames.slice(first, last + 1).map(({ step }) => step?.change ?? 0);
    const isOther = (i: number): boolean => (i < first || i > last) && !isExplained(i) && !isExplained(i - 1);
    const others = frames.flatMap(({ step }, i) => (step && isOther(i) ? [step.change] : []));
    const largest = Math.max(...changes);
    const usual = median(others);
    if (!isWhole && largest > STILLER_SHARE * usual) return [];
    stops += 1;
    // Black after a fade is as still as can be.
    if (!isWhole && (usual <= bands.frozenChange || isEmptyFrame(frames[first], bands))) return [];
    const evidence = {
      largestChange: rounded(largest),
      changeLimit: rounded(bands.frozenChange),
      usualChange: isWhole ? null : rounded(usual),
      copies: steps,
    };
    // A film may begin at rest, and comes to rest bit by bit.
    const isRest = (frames[first - 1]?.step?.change ?? 0) < ABRUPT_SHARE * usual;
    const isOnPurpose = isWhole || first === 1 || (last === frames.length - 1 && isRest);
    const severity = isOnPurpose && !isOneShot ? 'warning' : 'fault';
    return [{ kind: 'frames-frozen', firstFrame: first, lastFrame: last, evidence, severity }];
  });
  return isOneShot || stops <= MOST_STOPS ? found : [];
}

/** A shot that stands still from its first frame to its last, as a title or a slide does between two cuts. */
const isSlide = (frames: readonly FrameFigures[], first: number, last: number): boolean =>
  beginsShot(frames, first - 1) && beginsShot(frames, last + 1);
