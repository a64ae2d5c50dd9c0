import type { FrameBands } from './frame-bands.ts';
import type { FrameFigures } from './frame.ts';
import { rounded, runsOf, type Found } from './found.ts';

/** Beside a flat colour, a fade has no more than this part of the range that the picture has a little further on. */
const FADED_SHARE = 0.5;
const FADE_FRAMES = 8;

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

/** Whether the picture comes out of the flat colour, or goes into it, bit by bit: a fault has the full picture right beside it. */
function isFade(frames: readonly FrameFigures[], edge: number, direction: 1 | -1): boolean {
  const rangeAt = (k: number): number => frames[edge + k * direction]?.range ?? 0;
  const full = Math.max(...Array.from({ length: FADE_FRAMES }, (_, k) => rangeAt(k + 1)));
  return rangeAt(1) <= full * FADED_SHARE;
}
