import { beatOf } from './beat.ts';
import { median } from './found.ts';
import type { FrameFigures } from './frame.ts';

/** Steps on each side that say what is usual here. */
const AROUND_STEPS = 12;
/** A decoder that makes several frames at once may step more at its seams: such steps come back, a jump doesn't. */
const RECURRING_STEPS = 2;
/** Fewer steps than these say nothing of what is usual. */
const FEWEST_STEPS = 6;
/** Below this no jump can be seen: mean change of the picture, and of its part that changed most. */
export const VISIBLE_CHANGE = 0.004;
/** A digit that changes on a card that stands still is no jump. */
const JUMP_CHANGE = 0.008;
const VISIBLE_PEAK = 0.06;

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

/** Mean change of the sketch against k frames before. */
export const lag = (frames: readonly FrameFigures[], i: number, k: number): number =>
  frames[i]?.lags[k - 1] ?? Infinity;
