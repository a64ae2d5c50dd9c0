import { rounded, type Found } from './found.ts';
import type { FrameFigures } from './frame.ts';

/** Steps on each side that say how things went before and go afterwards. */
const AROUND_STEPS = 4;
/** The step in which a thing goes changes this many times as much as its motion ever did around, … */
const SPIKE_RATIO = 1.35;
/** … and little of the motion is left; or, where one comes, little was there. */
const LEFT_SHARE = 0.35;
/** Nearer to the edge of the picture, as a part of its side, a thing may have gone out. */
const EDGE_SHARE = 0.15;
/** Motion that can be seen: mean change of the picture. */
const SEEN_CHANGE = 0.002;

/**
 * Things that are there in one frame and gone in the next, or the other way: a step changes far more than motion did, and motion is at an end, or begins, with it, in the midst
 * of the picture. What merely stops changes less in its last step, not more.
 *
 * @param isExplained  frames that another finding explains
 */
export function findVanished(
  frames: readonly FrameFigures[],
  isExplained: (frame: number) => boolean,
): readonly Found[] {
  const changeAt = (i: number): number => frames[i]?.step?.change ?? 0;
  const most = (first: number): number =>
    Math.max(...Array.from({ length: AROUND_STEPS }, (_, k) => changeAt(first + k)));
  for (let i = AROUND_STEPS + 1; i + AROUND_STEPS < frames.length; i += 1) {
    if (isExplained(i) || isExplained(i - 1)) continue;
    const { change = 0, moved = null, lightRest = 0 } = frames[i]?.step ?? {};
    const [before, after] = [most(i - AROUND_STEPS), most(i + 1)];
    const [more, less] = before > after ? [before, after] : [after, before];
    if (more < SEEN_CHANGE || less > LEFT_SHARE * more || change < SPIKE_RATIO * more) continue;
    const isInside = moved && [moved.x, moved.y].every((at) => at > EDGE_SHARE && at < 1 - EDGE_SHARE);
    // A light that goes out takes all motion along.
    if (!isInside || lightRest < change / 2) continue;
    const evidence = {
      cause: before > after ? 'vanished' : 'appeared',
      change: rounded(change),
      usualChange: rounded(more),
      leftChange: rounded(less),
      changeRatio: rounded(change / more),
      changeRatioLimit: SPIKE_RATIO,
    };
    return [{ kind: 'motion-implausible', firstFrame: i, lastFrame: i, evidence, severity: 'warning' }];
  }
  return [];
}
