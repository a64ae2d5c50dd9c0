import type { FrameFigures } from './frame.ts';
import { median, rounded, runsOf, type Found } from './found.ts';
import type { OrderOptions } from './order.ts';

const FEWEST_STEPS = 3;
/** Beside the mean, no single part of the picture may change: a blinking eye is life. In units of the mean's line. */
const PEAK_FACTOR = 12;
/** A shot that stands still between two cuts is a title or a slide. */
const CUT_HISTOGRAM_DISTANCE = 0.25;
const CUT_PSNR_DB = 18;
/** … and more than the motion of the clip makes. */
const CUT_CHANGE_RATIO = 1.8;

/** A freeze is plainly stiller than the rest of the clip; a scene in which hardly anything moves has such steps all along. */
const STILLER_SHARE = 0.2;
/** Films have stops as well, held poses and pages: one that stops this often is made so. */
const MOST_STOPS = 1;

/** Runs of copies of one picture: the whole clip, or a stop in the middle of motion. That a film begins, ends or stays without motion is only told. */
export function findFrozen(
  frames: readonly FrameFigures[],
  fps: number,
  { bands, isExplained, isOneShot }: OrderOptions,
): readonly Found[] {
  const stepCount = frames.length - 1;
  if (stepCount < 1) return [];
  const isCopy = (i: number): boolean => {
    const step = frames[i]?.step;
    if (!step || isExplained(i)) return false;
    return step.change <= bands.frozenChange && step.peakChange <= bands.frozenChange * PEAK_FACTOR;
  };
  // A pack whose healthy clips never repeat a frame to the last bit hasn't made the last ones where they do.
  const isNeverSame = isOneShot && bands.source === 'calibration' && bands.frozenChange > 0;
  const isCutShort = (first: number, last: number): boolean =>
    isNeverSame && last === stepCount && frames.slice(first).every(({ step }) => step?.psnrDb === null);
  const longEnough = Math.max(FEWEST_STEPS, Math.round(fps * bands.frozenSeconds));
  let stops = 0;
  const found = runsOf(frames.length, isCopy).flatMap(([first, last]): readonly Found[] => {
    const steps = last - first + 1;
    const isWhole = steps === stepCount;
    if (!isWhole && ((steps < longEnough && !isCutShort(first, last)) || isSlide(frames, first, last))) return [];
    const changes = frames.slice(first, last + 1).map(({ step }) => step?.change ?? 0);
    const others = frames.flatMap(({ step }, i) => (step && (i < first || i > last) ? [step.change] : []));
    const largest = Math.max(...changes);
    const usual = median(others);
    if (!isWhole && largest > STILLER_SHARE * usual) return [];
    stops += 1;
    if (!isWhole && usual <= bands.frozenChange) return [];
    const evidence = {
      largestChange: rounded(largest),
      changeLimit: rounded(bands.frozenChange),
      usualChange: isWhole ? null : rounded(usual),
      copies: steps,
    };
    // Before and after motion a camera may rest.
    const isAtEnd = first === 1 || last === frames.length - 1;
    const severity = isAtEnd && !isOneShot ? 'warning' : 'fault';
    return [{ kind: 'frames-frozen', firstFrame: first, lastFrame: last, evidence, severity }];
  });
  return isOneShot || stops <= MOST_STOPS ? found : [];
}

function isSlide(frames: readonly FrameFigures[], first: number, last: number): boolean {
  const usual = median(frames.flatMap(({ step }, i) => (step && (i < first - 1 || i > last + 1) ? [step.change] : [])));
  const isCut = (i: number): boolean => {
    const { histogramDistance = 0, psnrDb = null, change = 0 } = frames[i]?.step ?? {};
    const isOther = (psnrDb ?? Infinity) < CUT_PSNR_DB && change > CUT_CHANGE_RATIO * usual;
    return histogramDistance > CUT_HISTOGRAM_DISTANCE || isOther;
  };
  const beginsShot = first <= 1 || isCut(first - 1);
  const endsShot = last >= frames.length - 1 || isCut(last + 1);
  return beginsShot && endsShot;
}
