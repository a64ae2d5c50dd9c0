import type { FaultKind } from '../contract/name.ts';
import type { FaultReport } from '../contract/report.ts';

/** Frames that share one fault, with the figures that say so and the lines they crossed. */
export interface Found {
  readonly kind: FaultKind;
  readonly firstFrame: number;
  readonly lastFrame: number;
  readonly evidence: FaultReport['evidence'];
  /** Absent: a fault. */
  readonly severity?: FaultReport['severity'];
}

/** Runs of frames for which `isIn` holds, as first and last. */
export function runsOf(count: number, isIn: (i: number) => boolean): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (let i = 0; i < count; i += 1) {
    if (!isIn(i)) continue;
    const last = runs.at(-1);
    if (last && last[1] === i - 1) last[1] = i;
    else runs.push([i, i]);
  }
  return runs;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Decimals that mean something to a reader of a report. */
export const rounded = (value: number): number => Number(value.toPrecision(4));
