import type { FrameBands } from './frame-bands.ts';
import type { FrameFigures } from './frame.ts';
import { rounded, runsOf, type Found } from './found.ts';

/** A fade takes at least so many frames; a fault takes none. */
const FADE_FRAMES = 3;
/** A fade's frames lose this part of their range from one to the next, at most. */
const FADE_STEP = 0.75;

/** Frames in which there is nothing to see: black, blown out, or one flat colour. A film that fades to black shows none. */
export function findEmpty(frames: readonly FrameFigures[], bands: FrameBands): readonly Found[] {
  const isEmpty = (i: number): boolean => {
    const { luma = 0.5, range = 1 } = frames[i] ?? {};
    const isExtreme = luma <= bands.blackLuma || luma >= bands.whiteLuma;
    return range < (isExtreme ? bands.emptyRange : bands.flatRange);
  };
  return runsOf(frames.length, isEmpty).flatMap(([firstFrame, lastFrame]) => {
    const isWhole = firstFrame === 0 && lastFrame === frames.length - 1;
    const isFadedOut = firstFrame === 0 || isFade(frames, firstFrame, -1);
    const isFadedIn = lastFrame === frames.length - 1 || isFade(frames, lastFrame, 1);
    if (!isWhole && isFadedOut && isFadedIn) return [];
    const { luma = 0, range = 0 } = frames[firstFrame] ?? {};
    const picture = luma <= bands.blackLuma ? 'black' : luma >= bands.whiteLuma ? 'blown-out' : 'flat';
    const rangeLimit = picture === 'flat' ? bands.flatRange : bands.emptyRange;
    const evidence = { picture, luma: rounded(luma), lumaLimit: bands.blackLuma, range: rounded(range), rangeLimit };
    return [{ kind: 'frames-black', firstFrame, lastFrame, evidence }];
  });
}

/** Whether the picture comes out of the flat colour, or goes into it, bit by bit. */
function isFade(frames: readonly FrameFigures[], edge: number, direction: 1 | -1): boolean {
  for (let k = 1; k <= FADE_FRAMES; k += 1) {
    const inner = frames[edge + (k - 1) * direction]?.range;
    const outer = frames[edge + k * direction]?.range;
    if (inner === undefined || outer === undefined) return k > 1;
    const full = frames[edge + FADE_FRAMES * direction]?.range ?? outer;
    if (outer < inner || (k < FADE_FRAMES && outer > full * FADE_STEP + 0.001)) return false;
  }
  return true;
}
