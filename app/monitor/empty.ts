import type { FrameBands } from './frame-bands.ts';
import type { FrameFigures } from './frame.ts';
import { rounded, runsOf, type Found } from './found.ts';

/** Beside a flat colour, a fade has no more than this part of the range that the picture has a little further on. */
const FADED_SHARE = 0.75;
const FADE_FRAMES = 8;
/** A film begins and ends in black, goes over black to another shot, or is dark between one light and the next. */
const LEAST_PAUSE_FRAMES = 6;
const RECURRING_PAUSES = 3;

/** Frames in which there is nothing to see: black, blown out, or one flat colour. A film that fades to black shows none; where one may be black on purpose, it is only told. */
export function findEmpty(frames: readonly FrameFigures[], bands: FrameBands, isOneShot: boolean): readonly Found[] {
  const isEmpty = (i: number): boolean => isEmptyFrame(frames[i], bands);
  const runs = runsOf(frames.length, isEmpty);
  const isPause = ([first, last]: readonly [number, number]): boolean =>
    first === 0 ||
    last === frames.length - 1 ||
    last - first + 1 >= LEAST_PAUSE_FRAMES ||
    runs.length >= RECURRING_PAUSES;
  return runs.flatMap(([firstFrame, lastFrame]): readonly Found[] => {
    const isWhole = firstFrame === 0 && lastFrame === frames.length - 1;
    const isFadedOut = firstFrame === 0 || isFade(frames, firstFrame, -1);
    const isFadedIn = lastFrame === frames.length - 1 || isFade(frames, lastFrame, 1);
    if (!isWhole && isFadedOut && isFadedIn) return [];
    const { luma = 0, range = 0 } = frames[firstFrame] ?? {};
    const picture = luma <= bands.blackLuma ? 'black' : luma >= bands.whiteLuma ? 'blown-out' : 'flat';
    const rangeLimit = picture === 'flat' ? bands.flatRange : bands.emptyRange;
    const evidence = { picture, luma: rounded(luma), lumaLimit: bands.blackLuma, range: rounded(range), rangeLimit };
    const severity = !isOneShot && !isWhole && isPause([firstFrame, lastFrame]) ? 'warning' : 'fault';
    return [{ kind: 'frames-black', firstFrame, lastFrame, evidence, severity }];
  });
}

/** Whether there is nothing to see. */
export function isEmptyFrame(frame: FrameFigures | undefined, bands: FrameBands): boolean {
  const { luma = 0.5, range = 1 } = frame ?? {};
  const isExtreme = luma <= bands.blackLuma || luma >= bands.whiteLuma;
  return range < (isExtreme ? bands.emptyRange : bands.flatRange);
}

/** Whether the picture comes out of the flat colour, or goes into it, bit by bit: a fault has the full picture right beside it. */
function isFade(frames: readonly FrameFigures[], edge: number, direction: 1 | -1): boolean {
  const rangeAt = (k: number): number => frames[edge + k * direction]?.range ?? 0;
  const full = Math.max(...Array.from({ length: FADE_FRAMES }, (_, k) => rangeAt(k + 1)));
  return rangeAt(1) <= full * FADED_SHARE;
}
