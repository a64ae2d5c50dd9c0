import type { Progress } from '../contract/job.ts';

/** The parts of an attempt that take time worth showing, in order. */
export const timedStages = ['text', 'denoise', 'decode', 'export'] as const;
export type TimedStage = (typeof timedStages)[number];

export interface StageWork {
  readonly unitCount: number;
  /** Latencies of the units that are done, oldest first. */
  readonly doneMs: readonly number[];
}

/** What a unit of each stage is expected to cost before the first one is done. */
export type UnitPrices = Readonly<Record<TimedStage, number>>;

/** Price of an export, relative to nothing better: a few seconds whatever the clip. */
const EXPORT_MS = 1_500;
/** Share of an attempt that a pack's expected seconds put into denoising; the rest is decoding. */
const DENOISE_SHARE = 0.8;

export function expectedUnitPrices(
  rung: { readonly expectedSeconds: number; readonly steps: number },
  decodeUnits: number,
): UnitPrices {
  const totalMs = rung.expectedSeconds * 1_000;
  return {
    text: 20,
    denoise: (totalMs * DENOISE_SHARE) / rung.steps,
    decode: (totalMs * (1 - DENOISE_SHARE)) / decodeUnits,
    export: EXPORT_MS,
  };
}

/**
 * Progress by expected seconds. The range comes from this run's own units once there are some: all remaining units at
 * the median, and at the slowest seen; before that from the pack's price, up to twice as long.
 */
export function estimate(
  stage: TimedStage,
  work: Readonly<Record<TimedStage, StageWork>>,
  prices: UnitPrices,
  elapsedMs: number,
): Progress {
  let low = 0;
  let high = 0;
  let spent = 0;
  for (const name of timedStages) {
    const { unitCount, doneMs } = work[name];
    const left = Math.max(0, unitCount - doneMs.length);
    const sorted = doneMs.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? prices[name];
    low += left * median;
    high += left * (sorted.at(-1) ?? prices[name] * 2);
    spent += doneMs.reduce((sum, ms) => sum + ms, 0);
  }
  const { unitCount, doneMs } = work[stage];
  const whole = spent + low;
  return {
    stage,
    unitsDone: Math.min(doneMs.length, unitCount),
    unitCount,
    ratio: whole > 0 ? Math.min(1, spent / whole) : 0,
    elapsedMs,
    remainingMs: { low, high: Math.max(low, high) },
  };
}
