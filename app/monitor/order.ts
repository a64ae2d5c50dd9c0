import type { FrameBands } from './frame-bands.ts';
import { LAG_COUNT, type FrameFigures } from './frame.ts';
import { beatOf } from './beat.ts';
import { median, rounded, type Found } from './found.ts';

/** Steps on each side that say what is usual here. */
const AROUND_STEPS = 12;
/** A decoder that makes several frames at once may step more at its seams: such steps come back, a jump doesn't. */
const RECURRING_STEPS = 2;
/** Fewer steps than these say nothing of what is usual. */
const FEWEST_STEPS = 6;
/** Below this no jump can be seen: mean change of the picture, and of its part that changed most. */
const VISIBLE_CHANGE = 0.004;
/** A digit that changes on a card that stands still is no jump. */
const JUMP_CHANGE = 0.008;
const VISIBLE_PEAK = 0.06;
/** Neighbours that are as alike as this are normal, whatever the clip's own steps are. */
const NORMAL_PSNR_DB = 30;
/** Pictures made of other levels are another shot. */
const CUT_HISTOGRAM_DISTANCE = 0.35;
/** After a slip of a few frames the clip goes on as if nothing had been: what is left between before and after. */
const RETURN_SHARE = 0.6;

/** What `order` needs to know of a clip beside its figures. */
export interface OrderOptions {
  readonly bands: FrameBands;
  readonly isExplained: (i: number) => boolean;
  /** A clip of one prompt has no cuts; a film may. */
  readonly isOneShot: boolean;
}

/** Motion that breaks off: frames out of order, and things that are suddenly elsewhere. */
export function findBrokenMotion(frames: readonly FrameFigures[], options: OrderOptions): readonly Found[] {
  const swapped = findSwapped(frames, options.isExplained);
  const known = new Set(swapped.flatMap(({ firstFrame, lastFrame }) => [firstFrame, lastFrame, lastFrame + 1]));
  const jumps = findJumps(frames, { ...options, isExplained: (i) => known.has(i) || options.isExplained(i) });
  return [...swapped, ...jumps];
}

/** How much longer the ways there and back are than straight on, both together; each by itself must be longer at all. */
const SWAP_RATIO = 1.25;

/**
 * Two neighbours in each other's place: a b d c e f. The second is nearer to what comes before than the first is, and
 * the first nearer to what comes after; and the order that was meant is smooth where this one goes back and forth.
 */
export function findSwapped(frames: readonly FrameFigures[], isExplained: (i: number) => boolean): readonly Found[] {
  const found: Found[] = [];
  for (let i = 1; i + 2 < frames.length; i += 1) {
    if ([i - 1, i, i + 1, i + 2].some(isExplained)) continue;
    const beforeFirst = lag(frames, i, 1);
    const beforeSecond = lag(frames, i + 1, 2);
    const first = lag(frames, i + 1, 1);
    const second = lag(frames, i + 2, 1);
    const afterFirst = lag(frames, i + 2, 2);
    const [there, back] = [beforeFirst / beforeSecond, second / afterFirst];
    if (there <= 1 || back <= 1 || there * back < SWAP_RATIO || first < VISIBLE_CHANGE / 2) continue;
    const evidence = { cause: 'swapped', detourRatio: rounded(there * back), detourRatioLimit: SWAP_RATIO };
    found.push({ kind: 'motion-implausible', firstFrame: i, lastFrame: i + 1, evidence });
    i += 1;
  }
  return found;
}

/**
 * Steps far larger than those around them. There and back again within a few frames is a slip; to stay is a jump, or the cut to another shot,
 * which a film may have and a clip of one prompt may not.
 */
export function findJumps(
  frames: readonly FrameFigures[],
  { bands, isExplained, isOneShot }: OrderOptions,
): readonly Found[] {
  const steep = findSpikes(frames, isExplained, bands.beat).filter(({ ratio }) => ratio > bands.slipRatio);
  const found: Found[] = [];
  let end = 0;
  for (const { frame, ratio } of steep) {
    if (frame < end) continue;
    const back = steep.find((other) => other.frame > frame && returns(frames, frame, other.frame));
    const isCut = (frames[frame]?.step?.histogramDistance ?? 0) > CUT_HISTOGRAM_DISTANCE;
    if (!back && (ratio <= bands.spikeRatio || (isCut && !isOneShot))) continue;
    const { psnrDb = null, change = 0 } = frames[frame]?.step ?? {};
    // A slip gives itself away by coming back; what stays has to be seen by itself.
    if (!back && (psnrDb ?? Infinity) >= NORMAL_PSNR_DB) continue;
    end = back ? back.frame + 1 : frame + 1;
    const evidence = {
      cause: back ? 'slip' : isCut ? 'cut' : 'jump',
      change: rounded(change),
      stepRatio: rounded(ratio),
      stepRatioLimit: rounded(back ? bands.slipRatio : bands.spikeRatio),
      psnrDb: psnrDb && rounded(psnrDb),
    };
    found.push({ kind: 'motion-implausible', firstFrame: frame, lastFrame: back ? back.frame - 1 : frame, evidence });
  }
  return found;
}

/** How much larger each visible step is than the largest ones around it that come back, the clip's own beat left out. */
export function findSpikes(
  frames: readonly FrameFigures[],
  isExplained: (i: number) => boolean,
  knownBeat: readonly number[] | null,
): readonly { readonly frame: number; readonly ratio: number }[] {
  const usable = (i: number): boolean => i > 0 && i < frames.length && !isExplained(i) && !isExplained(i - 1);
  const beat = knownBeat ?? beatOf([frames], usable);
  const restAt = (i: number): number => frames[i]?.step?.shift.rest ?? 0;
  const factorAt = (i: number): number => beat[i % beat.length] ?? 1;
  const calm = median(frames.flatMap((_, i) => (usable(i) ? [restAt(i) / factorAt(i)] : [])));
  // What the beat adds is taken off again: a jump adds to it, and does not multiply it.
  const changeAt = (i: number): number => Math.max(0, restAt(i) - (factorAt(i) - 1) * calm);
  return frames.flatMap(({ step }, frame) => {
    if (!step || !usable(frame) || step.change < JUMP_CHANGE || step.peakChange < VISIBLE_PEAK) return [];
    const around: number[] = [];
    for (let i = frame - AROUND_STEPS; i <= frame + AROUND_STEPS; i += 1)
      if (i !== frame && usable(i)) around.push(changeAt(i));
    if (around.length < FEWEST_STEPS) return [];
    const usual = around.toSorted((a, b) => b - a)[Math.min(RECURRING_STEPS, around.length) - 1] ?? 0;
    return [{ frame, ratio: changeAt(frame) / Math.max(usual, VISIBLE_CHANGE / 4) }];
  });
}

function returns(frames: readonly FrameFigures[], first: number, back: number): boolean {
  const steps = back - first + 1;
  if (steps > LAG_COUNT) return false;
  return lag(frames, back, steps) < RETURN_SHARE * Math.min(lag(frames, first, 1), lag(frames, back, 1));
}

const lag = (frames: readonly FrameFigures[], i: number, k: number): number => frames[i]?.lags[k - 1] ?? Infinity;
