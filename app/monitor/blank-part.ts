import type { BlankFigures } from './blank.ts';
import type { FrameFigures } from './frame.ts';
import { rounded, type Found } from './found.ts';
import type { OrderOptions } from './order.ts';

/** A wider one is all of the picture. */
const MOST_SHARE = 0.95;
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
