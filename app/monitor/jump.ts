import { LAG_COUNT, type FrameFigures, type StepFigures } from './frame.ts';
import { rounded, type Found } from './found.ts';
import type { OrderOptions } from './order.ts';
import { findSpikes, lag } from './spike.ts';

/** A displacement explains so many times more of the change than motion of the usual size does. */
const MIN_EXPLAINED_RATIO = 1.38;
/** From here on the very same view is elsewhere; that of another shot is not explained so well. */
const PLAIN_RATIO = 1.9;
/** So far, of the width, no camera goes within a frame beside how it went before and goes after; … */
const LEAST_LEAP = 0.065;
/** … nor so many times as far as in the steps around. */
const LEAP_RATIO = 2.5;
const AROUND_STEPS = 3;
/** Beside where it came from, of the width: near enough to be back. */
const BACK_SHARE = 0.05;
/** Less than this part of the change is left when the light's own is taken off: the light changed, not the picture. */
const LIGHT_SHARE = 0.4;
/** After a slip of a few frames the clip goes on as if nothing had been: what is left between before and after. */
const RETURN_SHARE = 0.6;
/** Neighbours that are as alike as this are normal, whatever the clip's own steps are. */
const NORMAL_PSNR_DB = 30;
/** Pictures made of other levels are another shot. */
const CUT_HISTOGRAM_DISTANCE = 0.35;

/**
 * The whole picture suddenly elsewhere: one displacement explains the step, and how the picture moved before and afterwards does not. So neither a fast pan,
 * nor a shaken camera, nor a light that goes out is a jump.
 */
export function findLeaps(frames: readonly FrameFigures[], { isExplained, isOneShot }: OrderOptions): readonly Found[] {
  const found: Found[] = [];
  for (let i = 1; i < frames.length; i += 1) {
    const leap = isExplained(i) || isExplained(i - 1) ? null : leapAt(frames, i);
    if (!leap) continue;
    // Seen on its way back alone: what stands before it had slipped.
    const away = awaySince(frames, i, isExplained);
    const back = away === null ? backFrom(frames, i, leap) : i;
    const first = away ?? i;
    const evidence = {
      cause: back === null ? 'jump' : 'slip',
      leapShare: rounded(leap.length),
      leapShareLimit: rounded(leap.limit),
      explainedRatio: rounded(leap.ratio),
      explainedRatioLimit: MIN_EXPLAINED_RATIO,
      psnrDb: roundedOrNull(frames[i]?.step?.psnrDb ?? null),
    };
    found.push({
      kind: 'motion-implausible',
      firstFrame: first,
      lastFrame: back === null ? first : back - 1,
      evidence,
      severity: back === null && !isOneShot && leap.ratio < PLAIN_RATIO ? 'warning' : 'fault',
    });
    if (back !== null) i = back;
  }
  // To another view for good may be a cut: a film that does it again is cut so, or a page that is scrolled.
  const forGood = found.filter(({ evidence }) => evidence['cause'] === 'jump');
  return !isOneShot && forGood.length > 1 ? found.filter((one) => !forGood.includes(one)) : found;
}

/** Whether the whole picture is suddenly elsewhere in this frame. */
export const isLeap = (frames: readonly FrameFigures[], i: number): boolean => leapAt(frames, i) !== null;

interface Leap {
  /** In widths of the picture, both. */
  readonly x: number;
  readonly y: number;
  readonly length: number;
  readonly limit: number;
  readonly ratio: number;
}

function leapAt(frames: readonly FrameFigures[], i: number): Leap | null {
  const step = frames[i]?.step;
  if (!step?.displaced) return null;
  const { displaced, change, lightRest } = step;
  const ratio = displaced.ratio / displaced.nearRatio;
  // Where the light explains more of the change than any displacement does, it was the light.
  if (ratio < MIN_EXPLAINED_RATIO || lightRest < change / displaced.ratio) return null;
  const own = moveOf(step);
  // A step that leads back to where the picture came from is no pan that goes on, whatever way it seems to go.
  const near = (returns(frames, i, i + 1) ? [i - 1] : [i - 1, i + 1]).flatMap((k) => movesAt(frames, k));
  const length = Math.min(Math.hypot(own.x, own.y), ...near.map((other) => distance(own, other)));
  const around: number[] = [];
  for (let k = i - AROUND_STEPS; k <= i + AROUND_STEPS; k += 1)
    if (k !== i) around.push(...movesAt(frames, k).map(({ x, y }) => Math.hypot(x, y)));
  // The largest one may be the way back.
  const usual = around.toSorted((a, b) => b - a)[1] ?? 0;
  const limit = Math.max(LEAST_LEAP, LEAP_RATIO * usual);
  return length < limit ? null : { ...own, length, limit, ratio };
}

interface Move {
  readonly x: number;
  readonly y: number;
}

/** In widths of the picture, so that both directions count alike. */
function moveOf({ displaced, shift, aspect }: StepFigures): Move {
  const { x, y } = displaced && displaced.ratio > MIN_EXPLAINED_RATIO ? displaced : shift;
  return { x, y: y / aspect };
}

const movesAt = (frames: readonly FrameFigures[], i: number): readonly Move[] => {
  const step = frames[i]?.step;
  return step ? [moveOf(step)] : [];
};

const distance = (a: Move, b: Move): number => Math.hypot(a.x - b.x, a.y - b.y);

function awaySince(frames: readonly FrameFigures[], back: number, isExplained: (i: number) => boolean): number | null {
  for (let first = back - 1; first > 0 && back - first < LAG_COUNT; first -= 1)
    if (!isExplained(first) && returns(frames, first, back)) return first;
  return null;
}

function backFrom(frames: readonly FrameFigures[], first: number, leap: Leap): number | null {
  for (let i = first + 1; i <= first + LAG_COUNT && i < frames.length; i += 1) {
    const [move] = movesAt(frames, i);
    const isWayBack = move !== undefined && distance(move, { x: -leap.x, y: -leap.y }) < BACK_SHARE;
    if (isWayBack || returns(frames, first, i)) return i;
  }
  return null;
}

/**
 * Steps far larger than those around them, which no displacement explains. There and back again within a few frames is a slip; to stay is the cut to
 * another shot, which a film may have and a clip of one prompt may not.
 */
export function findBreaks(
  frames: readonly FrameFigures[],
  { bands, isExplained, isOneShot }: OrderOptions,
): readonly Found[] {
  const steep = findSpikes(frames, isExplained, bands.beat).filter(({ ratio, frame }) => {
    const { change = 0, lightRest = 0 } = frames[frame]?.step ?? {};
    return ratio > bands.slipRatio && lightRest >= LIGHT_SHARE * change;
  });
  const found: Found[] = [];
  let end = 0;
  for (const { frame, ratio } of steep) {
    if (frame < end) continue;
    const { psnrDb = null, change = 0, histogramDistance = 0 } = frames[frame]?.step ?? {};
    const back = steep.find((other) => other.frame > frame && returns(frames, frame, other.frame));
    // A slip gives itself away by coming back; what stays has to be seen by itself.
    const limitDb = back ? NORMAL_PSNR_DB : bands.psnrFaultDb;
    if ((psnrDb ?? Infinity) >= limitDb) continue;
    if (!back && (ratio <= bands.spikeRatio || !isOneShot)) continue;
    end = back ? back.frame + 1 : frame + 1;
    const evidence = {
      cause: back ? 'slip' : histogramDistance > CUT_HISTOGRAM_DISTANCE ? 'cut' : 'jump',
      change: rounded(change),
      stepRatio: rounded(ratio),
      stepRatioLimit: rounded(back ? bands.slipRatio : bands.spikeRatio),
      psnrDb: roundedOrNull(psnrDb),
      psnrLimitDb: rounded(limitDb),
    };
    found.push({ kind: 'motion-implausible', firstFrame: frame, lastFrame: back ? back.frame - 1 : frame, evidence });
  }
  return found;
}

/** Whether the picture is back where it was before `first`. */
export function returns(frames: readonly FrameFigures[], first: number, back: number): boolean {
  const steps = back - first + 1;
  if (steps > LAG_COUNT) return false;
  return lag(frames, back, steps) < RETURN_SHARE * Math.min(lag(frames, first, 1), lag(frames, back, 1));
}

const roundedOrNull = (value: number | null): number | null => (value === null ? null : rounded(value));
