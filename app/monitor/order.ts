import type { FrameBands } from './frame-bands.ts';
import { LAG_COUNT, type FrameFigures } from './frame.ts';
import { rounded, type Found } from './found.ts';

/** Steps on each side that say what is usual here. */
const AROUND_STEPS = 12;
/** A decoder that makes several frames at once may step more at its seams: such steps come back, a jump doesn't. */
const RECURRING_STEPS = 2;
/** Below this no jump can be seen: mean change of the picture, and of its part that changed most. */
const VISIBLE_CHANGE = 0.004;
const VISIBLE_PEAK = 0.06;
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

/** Going there and back must each be this much longer than going straight. */
const SWAP_RATIO = 1.25;
/** The steps of the order that was meant, against those of the order that is. */
const SWAP_GAIN = 0.75;

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
    const isNearer = beforeFirst > SWAP_RATIO * beforeSecond && second > SWAP_RATIO * afterFirst;
    if (!isNearer || first < VISIBLE_CHANGE / 2) continue;
    const gain = (beforeSecond + first + afterFirst) / (beforeFirst + first + second);
    if (gain > SWAP_GAIN) continue;
    const evidence = { cause: 'swapped', pathRatio: rounded(gain), pathRatioLimit: SWAP_GAIN };
    found.push({ kind: 'motion-implausible', firstFrame: i, lastFrame: i + 1, evidence });
    i += 1;
  }
  return found;
}

/** Steps far larger than those around them, unless they are the cut to another shot. */
export function findJumps(
  frames: readonly FrameFigures[],
  { bands, isExplained, isOneShot }: OrderOptions,
): readonly Found[] {
  const found: Found[] = [];
  const spikes = findSpikes(frames, isExplained).filter(({ ratio }) => ratio > bands.spikeRatio);
  const taken = new Set<number>();
  for (const { frame, ratio } of spikes) {
    if (taken.has(frame)) continue;
    const back = spikes.find((other) => other.frame > frame && other.frame - frame < LAG_COUNT);
    const isReturn = back !== undefined && returns(frames, frame, back.frame);
    const isCut = (frames[frame]?.step?.histogramDistance ?? 0) > CUT_HISTOGRAM_DISTANCE;
    if (isCut && !isReturn && !isOneShot) continue;
    if (isReturn) taken.add(back.frame);
    const { psnrDb = null, change = 0 } = frames[frame]?.step ?? {};
    const cause = isReturn ? 'slip' : isCut ? 'cut' : 'jump';
    found.push({
      kind: 'motion-implausible',
      firstFrame: frame,
      lastFrame: isReturn ? back.frame - 1 : frame,
      evidence: {
        cause,
        change: rounded(change),
        stepRatio: rounded(ratio),
        stepRatioLimit: rounded(bands.spikeRatio),
        psnrDb: psnrDb && rounded(psnrDb),
      },
    });
  }
  return found;
}

/** How much larger each visible step is than the largest ones around it that come back. */
export function findSpikes(
  frames: readonly FrameFigures[],
  isExplained: (i: number) => boolean,
): readonly { readonly frame: number; readonly ratio: number }[] {
  const usable = (i: number): boolean => i > 0 && i < frames.length && !isExplained(i) && !isExplained(i - 1);
  return frames.flatMap(({ step }, frame) => {
    if (!step || !usable(frame) || step.change < VISIBLE_CHANGE || step.peakChange < VISIBLE_PEAK) return [];
    const around: number[] = [];
    for (let i = frame - AROUND_STEPS; i <= frame + AROUND_STEPS; i += 1)
      if (i !== frame && usable(i)) around.push(frames[i]?.step?.change ?? 0);
    if (around.length < RECURRING_STEPS) return [];
    const usual = around.toSorted((a, b) => b - a)[Math.min(RECURRING_STEPS, around.length) - 1] ?? 0;
    return [{ frame, ratio: step.change / Math.max(usual, VISIBLE_CHANGE / 4) }];
  });
}

function returns(frames: readonly FrameFigures[], first: number, back: number): boolean {
  const across = lag(frames, back, back - first + 1);
  return across < RETURN_SHARE * Math.min(lag(frames, first, 1), lag(frames, back, 1));
}

const lag = (frames: readonly FrameFigures[], i: number, k: number): number => frames[i]?.lags[k - 1] ?? Infinity;
