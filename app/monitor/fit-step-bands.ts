import { quantile } from '../base/quantile.ts';
import type { Band, ChannelBands, RungCalibration, StepCalibration } from '../contract/calibration.ts';
import { entropyRatio, keywordPeaks } from './attention.ts';
import { channelStatistics, type ChannelStatistic } from './latent.ts';
import type { StepFigures } from './step-judge.ts';

/** One healthy run of a rung: its prompt's tokens and every step. */
export interface HealthyRun {
  readonly tokens: readonly string[];
  readonly steps: readonly StepFigures[];
}

/** With fewer runs nothing can be said about what is usual. */
export const FEWEST_RUNS = 8;

/**
 * Bands that a healthy run hardly ever leaves, from a few dozen of them.
 *
 * A quantile per step and channel would be noise, and a run is asked a thousand questions. So each figure is put on a scale where
 * its spread is even (moments of a spread are ratios: their logarithm), centred on the median of the runs and measured in its own
 * robust spread, which neighbouring steps share. What counts is how far a *run* goes at its worst step and channel: the line lies
 * where the law of extremes puts one run in a thousand or fewer, and never closer than half as far again as the worst run seen:
 * faults are further away by far, while a few dozen runs know little of the tail.
 *
 * @throws RangeError  with fewer than FEWEST_RUNS runs, or runs of different length
 */
export function fitStepBands(
  runs: readonly HealthyRun[],
): Pick<RungCalibration, 'runCount' | 'steps' | 'keywordPeakFloor'> {
  const [first] = runs;
  const stepCount = first?.steps.length ?? 0;
  if (!first || runs.length < FEWEST_RUNS || runs.some(({ steps }) => steps.length !== stepCount))
    throw new RangeError(`bug: bands need ${FEWEST_RUNS} runs of the same length or more, not ${runs.length}`);
  const at = (run: HealthyRun, step: number): StepFigures => {
    const figures = run.steps[step];
    if (!figures) throw new RangeError('bug: a run has all its steps');
    return figures;
  };
  const channelCount = at(first, 0).cleanChannels.mean.length;
  const moments = Object.fromEntries(
    channelStatistics.map((statistic) => [
      statistic,
      fitGrid(
        runs.map((run) => run.steps.map(({ cleanChannels }) => [...cleanChannels[statistic]])),
        statistic === 'mean' ? plain : logarithm,
        usual,
      ),
    ]),
  ) as Record<ChannelStatistic, readonly (readonly Band[])[]>;
  const changes = fitGrid(
    runs.map((run) => run.steps.map(({ change }) => [change?.ratio ?? NaN])),
    logarithm,
    wide,
  );
  const entropies = fitGrid(
    runs.map((run) => run.steps.map((step) => [entropyRatio(step.attentionMean, run.tokens.length) ?? NaN])),
    plain,
    wide,
  );
  const steps = first.steps.map(({ sigma, expert }, step): StepCalibration => {
    const channels = (statistic: ChannelStatistic): ChannelBands => {
      const bands = Array.from({ length: channelCount }, (_, c) => moments[statistic][step]?.[c] ?? OPEN);
      return { low: bands.map(({ low }) => low), high: bands.map(({ high }) => high) };
    };
    const change = changes[step]?.[0];
    const entropy = entropies[step]?.[0] ?? { low: 0, high: 1 };
    return {
      sigma,
      expert,
      mean: channels('mean'),
      std: channels('std'),
      kurtosis: channels('kurtosis'),
      changeRatio: change ?? null,
      attentionEntropyRatio: { low: Math.max(0, entropy.low), high: Math.min(1, entropy.high) },
    };
  });
  return { runCount: runs.length, steps, keywordPeakFloor: fitFloor(runs) };
}

interface Scale {
  readonly there: (value: number) => number;
  readonly back: (value: number) => number;
}
const plain: Scale = { there: (value) => value, back: (value) => value };
const logarithm: Scale = { there: (value) => Math.log(Math.max(value, 1e-12)), back: Math.exp };
/** Where no run showed anything finite, nothing can be judged; JSON knows no infinity. */
const OPEN: Band = { low: -1e30, high: 1e30 };

/** A spread below this share of what is usual among all cells is chance. */
const SMALLEST_SPREAD_SHARE = 0.25;
/** How rare a healthy run beyond the line is to be, and how far beyond the worst one seen the line lies at least. */
interface Caution {
  readonly runsToOneAlarm: number;
  readonly beyondWorst: number;
}
const usual: Caution = { runsToOneAlarm: 1_000, beyondWorst: 1.5 };
/** Where a fault lies orders of magnitude away, and the tail of what is healthy is long. */
const wide: Caution = { runsToOneAlarm: 10_000, beyondWorst: 2 };
/** Of a normal distribution: from the median to the 90 % quantile, in standard deviations. */
const NORMAL_90 = 1.2816;

/** @param values  [runs][steps][cells]; NaN where there is no figure  @returns  [steps][cells], null where no run has one */
function fitGrid(
  values: readonly (readonly (readonly number[])[])[],
  scale: Scale,
  caution: Caution,
): readonly (readonly (Band | undefined)[])[] {
  const stepCount = values[0]?.length ?? 0;
  const cellCount = values[0]?.[0]?.length ?? 0;
  const samples = Array.from({ length: stepCount }, (_, step) =>
    Array.from({ length: cellCount }, (_cell, cell) =>
      values.map((run) => scale.there(run[step]?.[cell] ?? NaN)).filter((value) => Number.isFinite(value)),
    ),
  );
  const raw = samples.map((cells) => cells.map(centreAndSpread));
  const spreads = raw
    .flat()
    .flatMap(({ low, high }) => [low, high])
    .filter((spread) => spread > 0);
  const floor = quantile(spreads, 0.5) * SMALLEST_SPREAD_SHARE || 1e-9;
  const smooth = raw.map((cells, step) =>
    cells.map(({ centre }, cell) => {
      const around = [raw[step - 1]?.[cell], raw[step]?.[cell], raw[step + 1]?.[cell]].filter(
        (one) => one !== undefined && Number.isFinite(one.centre),
      );
      const mean = (side: 'low' | 'high'): number =>
        Math.max(floor, around.reduce((sum, one) => sum + (one?.[side] ?? 0), 0) / Math.max(1, around.length));
      return { centre, low: mean('low'), high: mean('high') };
    }),
  );
  const worstOfRuns = values.map((run) =>
    Math.max(
      ...run.flatMap((cells, step) =>
        cells.map((value, cell) => {
          const model = smooth[step]?.[cell];
          const off = scale.there(value) - (model?.centre ?? NaN);
          if (!model || !Number.isFinite(off)) return 0;
          return off < 0 ? -off / model.low : off / model.high;
        }),
      ),
    ),
  );
  const reach = reachOf(worstOfRuns, caution);
  return smooth.map((cells) =>
    cells.map(({ centre, low, high }) =>
      Number.isFinite(centre)
        ? { low: short(scale.back(centre - reach * low)), high: short(scale.back(centre + reach * high)) }
        : undefined,
    ),
  );
}

/** Median, and robust standard deviations below and above it. */
function centreAndSpread(values: readonly number[]): {
  readonly centre: number;
  readonly low: number;
  readonly high: number;
} {
  const centre = quantile(values, 0.5);
  return {
    centre,
    low: (centre - quantile(values, 0.1)) / NORMAL_90,
    high: (quantile(values, 0.9) - centre) / NORMAL_90,
  };
}

/**
 * How far one run in so many goes, from the worst of each run: Gumbel's law through their median and upper quartile, and
 * never less than well beyond the worst of all.
 */
function reachOf(worst: readonly number[], { runsToOneAlarm, beyondWorst }: Caution): number {
  const gumbel = (p: number): number => -Math.log(-Math.log(p));
  const [median, upper] = [quantile(worst, 0.5), quantile(worst, 0.75)];
  const slope = (upper - median) / (gumbel(0.75) - gumbel(0.5));
  const extreme = median + slope * (gumbel(1 - 1 / runsToOneAlarm) - gumbel(0.5));
  return Math.max(extreme, Math.max(...worst) * beyondWorst);
}

/** The least that a keyword of a healthy run is looked at, by the same law on the logarithm, downwards. */
function fitFloor(runs: readonly HealthyRun[]): number {
  const least = runs.flatMap(({ tokens, steps }) => {
    const peaks = keywordPeaks(
      tokens,
      steps.map(({ attentionMax }) => attentionMax),
    );
    return peaks.length > 0 ? [-Math.log(Math.max(1e-9, Math.min(...peaks.map(({ peakRatio }) => peakRatio))))] : [];
  });
  if (least.length < FEWEST_RUNS) return 0;
  const centre = quantile(least, 0.5);
  return short(
    Math.exp(
      -(
        centre +
        reachOf(
          least.map((value) => value - centre),
          usual,
        )
      ),
    ),
  );
}

/** Five digits are more than a few dozen runs know. */
const short = (value: number): number => Number(value.toPrecision(5));
