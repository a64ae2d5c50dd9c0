import type { FrameFigures } from './frame.ts';
import { median } from './found.ts';

const BEATS = [2, 3, 4, 5, 8] as const;
/** From this on, one step of the beat stands out of the others. */
const BEAT_RATIO = 1.4;
const FEWEST_BEATS = 3;
/** A step is never called smaller than this part of the usual one: what it is divided by must not make noise large. */
const SMALLEST_FACTOR = 0.25;

/**
 * How large each step of a regular beat is, as factors: a decoder that makes four frames at once steps more at its
 * seams, and a figure that was drawn on twos steps every second frame. One factor of 1 where there is no beat.
 *
 * @param clips  that share the beat, each from its first frame on
 */
export function beatOf(
  clips: readonly (readonly FrameFigures[])[],
  isUsable: (i: number) => boolean,
): readonly number[] {
  const steps = clips.flatMap((frames) =>
    frames.flatMap(({ step }, i) => (step && isUsable(i) ? [{ i, change: step.shift.rest }] : [])),
  );
  const overall = median(steps.map(({ change }) => change));
  let best: readonly number[] = [1];
  let bestRest = Infinity;
  for (const beat of BEATS) {
    if (overall === 0 || steps.length < beat * FEWEST_BEATS) continue;
    const phases = Array.from({ length: beat }, (_, phase) =>
      lowerMedian(steps.flatMap(({ i, change }) => (i % beat === phase ? [change] : []))),
    );
    if (Math.max(...phases) < BEAT_RATIO * median(phases)) continue;
    const rest = median(steps.map(({ i, change }) => Math.abs(change - (phases[i % beat] ?? 0))));
    // A longer beat always fits a little better.
    if (rest >= bestRest * 0.9) continue;
    best = phases.map((phase) => Math.max(phase / overall, SMALLEST_FACTOR));
    bestRest = rest;
  }
  return best;
}

/** Of the few steps of one phase up to half may be jumps. */
const lowerMedian = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
