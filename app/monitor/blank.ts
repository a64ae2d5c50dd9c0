import { LUMA_SPAN, lumaRatio } from './luma.ts';
import type { Sketch } from './plane.ts';

/** A band along one side of the picture in which there is nothing but one level. */
export interface BlankFigures {
  readonly side: 'top' | 'bottom' | 'left' | 'right';
  /** Of the picture's height or width. */
  readonly share: number;
  /** Of the luma range. */
  readonly luma: number;
  /** Mean change of the band against the frame before, and of the rest, 0..1. */
  readonly change: number;
  readonly restChange: number;
  /** Share of the band that changed so much that it can be seen. */
  readonly changedShare: number;
}

const SIDES = ['top', 'bottom', 'left', 'right'] as const;
/** An encoder leaves no level quite as it was. */
const SAME_LEVELS = 2;
const VISIBLE_LEVELS = 2;
/** A narrower band is a bar, or the sky. */
const LEAST_SHARE = 0.12;

/** The widest blank band of a picture, whatever is in the rest; null where there is none. */
export function blankBand(now: Sketch, before: Sketch): BlankFigures | null {
  let widest: BlankFigures | null = null;
  for (const side of SIDES) {
    const isAcross = side === 'top' || side === 'bottom';
    const [lines, length] = isAcross ? [now.rows, now.columns] : [now.columns, now.rows];
    const at = (line: number, k: number): number => {
      const along = side === 'top' || side === 'left' ? line : lines - 1 - line;
      return isAcross ? along * now.columns + k : k * now.columns + along;
    };
    const level = now.cells[at(0, 0)] as number;
    const isBlank = (line: number): boolean => {
      for (let k = 0; k < length; k += 1)
        if (Math.abs((now.cells[at(line, k)] as number) - level) > SAME_LEVELS) return false;
      return true;
    };
    let count = 0;
    while (count < lines && isBlank(count)) count += 1;
    const share = count / lines;
    if (share < LEAST_SHARE || share <= (widest?.share ?? 0)) continue;
    widest = { side, share, luma: lumaRatio(level), ...changes(now, before, { lines, length, count, at }) };
  }
  return widest;
}

interface Band {
  readonly lines: number;
  readonly length: number;
  /** Lines that are blank. */
  readonly count: number;
  readonly at: (line: number, k: number) => number;
}

function changes(now: Sketch, before: Sketch, { lines, length, count, at }: Band) {
  const sums = [0, 0];
  let seen = 0;
  for (let line = 0; line < lines; line += 1)
    for (let k = 0; k < length; k += 1) {
      const change = Math.abs((now.cells[at(line, k)] as number) - (before.cells[at(line, k)] as number));
      sums[line < count ? 0 : 1] = (sums[line < count ? 0 : 1] ?? 0) + change;
      if (line < count && change > VISIBLE_LEVELS) seen += 1;
    }
  const mean = (sum: number, over: number): number => (over === 0 ? 0 : sum / (over * length) / LUMA_SPAN);
  return {
    change: mean(sums[0] ?? 0, count),
    restChange: mean(sums[1] ?? 0, lines - count),
    changedShare: seen / (count * length),
  };
}
