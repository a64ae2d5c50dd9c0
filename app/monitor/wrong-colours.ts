import type { ColourFigures } from './colour.ts';
import { isCut } from './cut.ts';
import type { FrameFigures } from './frame.ts';
import { median, rounded, runsOf, type Found } from './found.ts';
import { returns } from './jump.ts';
import type { OrderOptions } from './order.ts';

const AROUND_FRAMES = 8;
/** A picture whose colours have gone this far from those of its neighbours is tinted; with less than this share of theirs it is grey. */
const TINT_DISTANCE = 0.05;
const GREY_SHARE = 0.35;
/** What has hardly any colours can't lose them. */
const LEAST_SATURATION = 0.03;
/** It happens between one frame and the next. */
const SUDDEN_SHARE = 0.7;
/** And is so many times what the colours around it do from frame to frame: where all of them drift, the last ones are no fault. */
const SUDDEN_TIMES = 3;
/** Lamps of a stage and the like come back. */
const MOST_FILM_TIMES = 2;

/** Between what came before and what comes after. */
const BACK_DISTANCE = 0.025;

const distance = (a: ColourFigures, b: ColourFigures): number => Math.hypot(a.blue - b.blue, a.red - b.red);

/** Frames that are suddenly tinted or grey, and the ones beside them are not. */
export function findWrongColours(
  frames: readonly FrameFigures[],
  { isExplained, isOneShot }: OrderOptions,
): readonly Found[] {
  const colours = frames.map(({ colour }) => colour);
  const usualAt = (i: number, of: (colour: ColourFigures) => number): number =>
    median(
      colours.slice(Math.max(0, i - AROUND_FRAMES), i + AROUND_FRAMES + 1).flatMap((one) => (one ? [of(one)] : [])),
    );
  const tints = colours.map((colour, i) =>
    colour ? Math.hypot(colour.blue - usualAt(i, ({ blue }) => blue), colour.red - usualAt(i, ({ red }) => red)) : 0,
  );
  const shares = colours.map((colour, i) => {
    const usual = usualAt(i, ({ saturation }) => saturation);
    return colour && usual > LEAST_SATURATION ? colour.saturation / usual : 1;
  });
  const isWrong = (i: number): boolean =>
    !isExplained(i) && ((tints[i] ?? 0) > TINT_DISTANCE || (shares[i] ?? 1) < GREY_SHARE);
  /** Between sound neighbours. */
  const largestStepAround = (i: number): number => {
    let largest = 0;
    for (let at = Math.max(1, i - AROUND_FRAMES); at < Math.min(frames.length, i + AROUND_FRAMES + 1); at += 1) {
      const [before, after] = [colours[at - 1], colours[at]];
      if (before && after && !isWrong(at - 1) && !isWrong(at)) largest = Math.max(largest, distance(before, after));
    }
    return largest;
  };
  const isSudden = (i: number, beside: number): boolean => {
    const [here, there] = [colours[i], colours[beside]];
    // Beyond the ends of the clip nothing is known.
    if (!here || !there) return true;
    return (
      distance(here, there) > Math.max(SUDDEN_SHARE * TINT_DISTANCE, SUDDEN_TIMES * largestStepAround(i)) ||
      here.saturation < GREY_SHARE * there.saturation
    );
  };
  // In a film colours go their own way, as in the course of a day, unless they come back.
  const comesBack = (firstFrame: number, lastFrame: number): boolean => {
    const [before, after] = [colours[firstFrame - 1], colours[lastFrame + 1]];
    return !!before && !!after && distance(before, after) < BACK_DISTANCE;
  };
  const found = runsOf(frames.length, isWrong).flatMap(([firstFrame, lastFrame]): readonly Found[] => {
    if (!isSudden(firstFrame, firstFrame - 1) || !isSudden(lastFrame, lastFrame + 1)) return [];
    // Another shot does not lead back to the one before within a few frames.
    const isEdge = isCut(frames, firstFrame) || isCut(frames, lastFrame + 1);
    const isShot = isEdge && !returns(frames, firstFrame, lastFrame + 1);
    if (!isOneShot && (isShot || !comesBack(firstFrame, lastFrame))) return [];
    const tint = Math.max(...tints.slice(firstFrame, lastFrame + 1));
    const share = Math.min(...shares.slice(firstFrame, lastFrame + 1));
    const evidence = {
      ...{ cause: share < GREY_SHARE ? 'grey' : 'tint', tint: rounded(tint), tintLimit: TINT_DISTANCE },
      ...{ colourShare: rounded(share), colourShareLimit: GREY_SHARE },
    };
    return [{ kind: 'frames-flicker', firstFrame, lastFrame, evidence }];
  });
  return isOneShot || found.length <= MOST_FILM_TIMES ? found : [];
}
