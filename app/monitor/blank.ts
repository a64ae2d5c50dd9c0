import type { FrameFigures } from './frame.ts';
import { rounded, type Found } from './found.ts';
import { LUMA_SPAN, lumaRatio } from './luma.ts';
import type { OrderOptions } from './order.ts';
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
/** A wider one is all of the picture. */
const MOST_SHARE = 0.95;

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

/** Nearly all of the band went blank at once, and plainly; a thing that leaves the sky was in a small part of it, and a wipe takes its time. */
const LEAST_CHANGED_SHARE = 0.8;
const LEAST_CHANGE = 0.04;
/** So many times what the rest of the picture changes: the shot goes on. */
const LEAST_CHANGE_RATIO = 2;
/** As long as so much of it is left, it is the same band. */
const SAME_SHARE = 0.75;
/** What is blank for longer in a film is a bar that was put there, and something may pass close by. */
const LONGEST_FILM_FRAMES = 8;
const LEAST_SHARE_FILM = 0.2;

/** Frames of which a part is suddenly blank, as where a decoder lost it, while the rest goes on. */
export function findBlank(frames: readonly FrameFigures[], { isExplained, isOneShot }: OrderOptions): readonly Found[] {
  const found: Found[] = [];
  for (let firstFrame = 1; firstFrame < frames.length; firstFrame += 1) {
    const blank = frames[firstFrame]?.blank;
    if (!blank || isExplained(firstFrame) || !isSudden(blank)) continue;
    if (!isOneShot && blank.share < LEAST_SHARE_FILM) continue;
    let lastFrame = firstFrame;
    const isSame = (other: BlankFigures | null | undefined): boolean =>
      other?.side === blank.side && other.share >= SAME_SHARE * blank.share;
    while (isSame(frames[lastFrame + 1]?.blank)) lastFrame += 1;
    const { side, share, luma, change, restChange } = blank;
    const evidence = {
      ...{ picture: 'part', side, blankShare: rounded(share), luma: rounded(luma) },
      ...{ change: rounded(change), restChange: rounded(restChange) },
    };
    const isPutThere = !isOneShot && lastFrame - firstFrame + 1 > LONGEST_FILM_FRAMES;
    found.push({ kind: 'frames-black', firstFrame, lastFrame, evidence, severity: isPutThere ? 'warning' : 'fault' });
    firstFrame = lastFrame;
  }
  return found;
}

const isSudden = ({ share, change, restChange, changedShare }: BlankFigures): boolean =>
  share <= MOST_SHARE &&
  changedShare >= LEAST_CHANGED_SHARE &&
  change >= Math.max(LEAST_CHANGE, LEAST_CHANGE_RATIO * restChange);
