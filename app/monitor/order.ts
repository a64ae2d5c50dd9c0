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

/**
 * Two neighbours in each other's place: a b d c e f. The second is nearer to what comes before than the first is, and
 * the first nearer to what comes after; and the order that was meant is smooth where this one goes back and forth.
 */
export function findSwapped(frames: readonly FrameFigures[], { isExplained }: OrderOptions): readonly Found[] {
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
