import { isCut } from './cut.ts';
import type { FrameBands } from './frame-bands.ts';
import type { FrameFigures } from './frame.ts';
import { rounded, type Found } from './found.ts';
import { findBreaks, findLeaps } from './jump.ts';
import { lag, VISIBLE_CHANGE } from './spike.ts';

/** What `order` needs to know of a clip beside its figures. */
export interface OrderOptions {
  readonly bands: FrameBands;
  readonly isExplained: (i: number) => boolean;
  /** A clip of one prompt has no cuts; a film may. */
  readonly isOneShot: boolean;
}

/** Motion that breaks off: frames out of order, pictures that are suddenly elsewhere, and such as nothing around explains. */
export function findBrokenMotion(frames: readonly FrameFigures[], options: OrderOptions): readonly Found[] {
  const found: Found[] = [];
  const known = new Set<number>();
  const isExplained = (i: number): boolean => known.has(i) || options.isExplained(i);
  for (const find of [findLeaps, findSwapped, findBreaks])
    for (const one of find(frames, { ...options, isExplained })) {
      found.push(one);
      for (let i = one.firstFrame; i <= one.lastFrame + 1; i += 1) known.add(i);
    }
  return found;
}

/** How much longer the ways there and back are than straight on, both together; each by itself must be longer at all. */
const SWAP_RATIO = 1.25;
/** A film of unknown making moves in more ways than one prompt asks for, … */
const SWAP_RATIO_FILM = 1.4;
/** … repeats pictures, where one of the two ways is hardly longer, … */
const LEAST_WAY_RATIO_FILM = 1.05;
/** … and has cuts, which are no swaps. */
const CUT_HISTOGRAM_DISTANCE = 0.25;
/** Where pictures turn back in other steps too, as before a shaken camera or a counter, two neighbours are not in each other's place. */
const TURN_AROUND_STEPS = 8;
const TURN_RATIO = 0.97;
const MOST_TURNS_SHARE = 0.15;

/**
 * Two neighbours in each other's place: a b d c e f. The second is nearer to what comes before than the first is, and
 * the first nearer to what comes after; and the order that was meant is smooth where this one goes back and forth.
 */
export function findSwapped(
  frames: readonly FrameFigures[],
  { isExplained, isOneShot }: OrderOptions,
): readonly Found[] {
  const found: Found[] = [];
  const [limit, leastWay] = isOneShot ? [SWAP_RATIO, 1] : [SWAP_RATIO_FILM, LEAST_WAY_RATIO_FILM];
  // In fast motion a swap alone leaves as little of the picture as a cut does, but the same levels.
  const isOtherShot = (i: number): boolean =>
    isCut(frames, i) && (frames[i]?.step?.histogramDistance ?? 0) > CUT_HISTOGRAM_DISTANCE;
  for (let i = 1; i + 2 < frames.length; i += 1) {
    if ([i - 1, i, i + 1, i + 2].some(isExplained)) continue;
    const beforeFirst = lag(frames, i, 1);
    const beforeSecond = lag(frames, i + 1, 2);
    const first = lag(frames, i + 1, 1);
    const second = lag(frames, i + 2, 1);
    const afterFirst = lag(frames, i + 2, 2);
    const [there, back] = [beforeFirst / beforeSecond, second / afterFirst];
    if (Math.min(there, back) <= leastWay || there * back < limit || first < VISIBLE_CHANGE / 2) continue;
    if (!isOneShot && ([i, i + 1, i + 2].some(isOtherShot) || turnsBack(frames, i, isExplained))) continue;
    const evidence = { cause: 'swapped', detourRatio: rounded(there * back), detourRatioLimit: limit };
    found.push({ kind: 'motion-implausible', firstFrame: i, lastFrame: i + 1, evidence });
    i += 1;
  }
  return found;
}

/** Whether motion turns back around here as well: a frame that is nearer to the one before the last than the last one is. */
function turnsBack(frames: readonly FrameFigures[], swapped: number, isExplained: (i: number) => boolean): boolean {
  let known = 0;
  let turns = 0;
  for (let i = swapped - TURN_AROUND_STEPS; i <= swapped + TURN_AROUND_STEPS + 3; i += 1) {
    // What touches the two themselves says nothing.
    if ((i >= swapped && i <= swapped + 3) || i < 2 || i >= frames.length || isExplained(i)) continue;
    const [one, two] = [lag(frames, i, 1), lag(frames, i, 2)];
    if (one < VISIBLE_CHANGE / 4) continue;
    known += 1;
    if (two < TURN_RATIO * one) turns += 1;
  }
  return turns > MOST_TURNS_SHARE * known;
}
