/** What one process held after one run of many. */
export interface SoakSample {
  readonly run: number;
  readonly mainBytes: number;
  readonly handles: number;
  readonly files: number;
}

/** Runs over whose lowest reading memory is judged: what a garbage collector leaves for later is no leak. */
const FLOOR_RUNS = 10;
/** The first runs fill caches that are bounded. */
const WARM_SHARE = 0.2;

/**
 * Slope of the floor of a reading, per run: the median over all pairs (Theil and Sen), so that a few odd runs say nothing.
 * Null for too few runs to tell.
 */
export function slopePerRun(samples: readonly SoakSample[], of: (sample: SoakSample) => number): number | null {
  const settled = samples.slice(Math.floor(samples.length * WARM_SHARE));
  const floors: { readonly run: number; readonly value: number }[] = [];
  for (let i = 0; i + FLOOR_RUNS <= settled.length; i += FLOOR_RUNS) {
    const part = settled.slice(i, i + FLOOR_RUNS);
    floors.push({ run: part[0]?.run ?? 0, value: Math.min(...part.map(of)) });
  }
  const slopes = floors.flatMap((a, i) => floors.slice(i + 1).map((b) => (b.value - a.value) / (b.run - a.run)));
  return slopes.toSorted((a, b) => a - b)[Math.floor(slopes.length / 2)] ?? null;
}
