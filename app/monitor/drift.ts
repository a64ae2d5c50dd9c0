import type { TextCalibration } from '../contract/calibration-text.ts';
import type { DriftState } from '../contract/drift.ts';
import type { FaultReport } from '../contract/report.ts';
import { whiten } from './distribution.ts';
import { faultOf } from './fault.ts';

/** Weight of the newest run: about the last twenty count. */
const MEMORY_WEIGHT = 0.1;
/** A project may be about what the pack hardly knows: its first runs say how far out it lives. */
const LEARNING_RUNS = 20;
const SIGMAS = 4;
const WINDOW_RUNS = 10;
const ALARMS_IN_WINDOW = 3;
const ANCHOR_LIMIT = 32;
/** Largest change of a repeated prompt's embedding, in standard deviations of healthy text. */
const REPEAT_LIMIT = 1;
/** No words lead so far out: the oddest of hundreds of odd prompts is at half of it. One such run is enough. */
const GROSS_RATIO = 3;
/** One odd prompt counts at most this much of the threshold's square, so that it can't raise an alarm by itself. */
const OUTLIER_RATIO = 2;

export interface DriftFigures {
  /** Root mean square distance of the last runs from the middle of healthy text, in standard deviations. */
  readonly distance: number;
  readonly threshold: number;
  /** How far this prompt's embedding is from what the same prompt gave before; null when it is new. */
  readonly repeatShift: number | null;
  /** Of the last ten runs, how many were beyond a threshold. */
  readonly alarms: number;
  readonly isDrifting: boolean;
}

export interface DriftStep {
  readonly state: DriftState;
  readonly figures: DriftFigures;
}

export function freshDrift(section: TextCalibration, packSha256: string): DriftState {
  const size = section.axisCount + 1;
  return {
    version: 1,
    packSha256,
    runs: 0,
    mean: Array.from({ length: size }, () => 0),
    variance: Array.from({ length: size }, (_, i) =>
      i < section.axisCount ? 1 : section.dimensionCount - section.axisCount,
    ),
    baseline: { count: 0, mean: 0, squares: 0 },
    recent: [],
    anchors: [],
  };
}

/**
 * Take in one run. The exponentially weighted mean and covariance of the whitened embedding give one distance,
 * √(|mean|² + trace): a healthy encoder keeps it near √dimensionCount whatever the prompts are about, a shift in any direction that
 * prompts don't take raises it. A prompt that was seen before is compared with itself instead: it must not move at all,
 * and if it doesn't, it says nothing new about the spread and is left out of it.
 *
 * @param key     tells prompts apart; equal for equal text only
 * @param pooled  [dimensionCount]
 */
export function observeEmbedding(
  section: TextCalibration,
  state: DriftState,
  { key, pooled }: { readonly key: string; readonly pooled: Float32Array },
): DriftStep {
  const white = whiten(section, pooled);
  const anchor = state.anchors.find((one) => one.key === key);
  const repeatShift = anchor ? distanceBetween(white, anchor.white) : null;
  const hasMoved = repeatShift !== null && repeatShift > REPEAT_LIMIT;
  const isKnown = repeatShift !== null && !hasMoved;
  const spread = isKnown ? state : { ...state, ...follow(section, state, white) };

  const distance = Math.sqrt(spread.mean.reduce((sum, value, i) => sum + value ** 2 + (spread.variance[i] ?? 0), 0));
  const threshold = thresholdOf(section, state);
  const isLearning = state.baseline.count < LEARNING_RUNS;
  const isGross = lengthOf(white) > GROSS_RATIO * section.mahalanobisThreshold;
  const isBeyond = isGross || hasMoved || (!isKnown && !isLearning && distance > threshold);
  const recent = [...state.recent, isBeyond].slice(-WINDOW_RUNS);
  const alarms = recent.filter(Boolean).length;
  const next: DriftState = {
    ...spread,
    runs: state.runs + 1,
    baseline: isLearning && !isKnown ? learn(state.baseline, distance) : state.baseline,
    recent,
    anchors: anchor || isBeyond ? state.anchors : [...state.anchors, { key, white: short(white) }].slice(-ANCHOR_LIMIT),
  };
  const isDrifting = isGross || alarms >= ALARMS_IN_WINDOW;
  return { state: next, figures: { distance, threshold, repeatShift, alarms, isDrifting } };
}

/** A warning: the clip at hand is as good as its own monitors say; the cure is a clean restart before the next one. */
export function driftFault({ distance, threshold, repeatShift, alarms, isDrifting }: DriftFigures): FaultReport | null {
  if (!isDrifting) return null;
  const evidence = { distance, threshold, repeatShift, alarms, windowRuns: WINDOW_RUNS };
  return faultOf('embedding-drift', 'text', evidence, { severity: 'warning' });
}

function follow(
  { mahalanobisThreshold }: TextCalibration,
  { mean, variance }: DriftState,
  white: Float64Array,
): Pick<DriftState, 'mean' | 'variance'> {
  const pull = Math.min(1, (Math.sqrt(OUTLIER_RATIO) * mahalanobisThreshold) / lengthOf(white));
  const step = (i: number): number => (white[i] ?? 0) * pull - (mean[i] ?? 0);
  return {
    mean: short(mean.map((value, i) => value + MEMORY_WEIGHT * step(i))),
    variance: short(variance.map((value, i) => (1 - MEMORY_WEIGHT) * (value + MEMORY_WEIGHT * step(i) ** 2))),
  };
}

/** Never below what single healthy prompts reach; above it by as much as the project's own beginning calls for. */
function thresholdOf({ mahalanobisThreshold }: TextCalibration, { baseline }: DriftState): number {
  if (baseline.count < 2) return mahalanobisThreshold;
  const sigma = Math.sqrt(baseline.squares / (baseline.count - 1));
  return Math.max(mahalanobisThreshold, baseline.mean + SIGMAS * sigma);
}

/** Welford's running mean and sum of squares. */
function learn({ count, mean, squares }: DriftState['baseline'], value: number): DriftState['baseline'] {
  const next = mean + (value - mean) / (count + 1);
  return { count: count + 1, mean: next, squares: squares + (value - mean) * (value - next) };
}

const lengthOf = (white: Float64Array): number => Math.sqrt(white.reduce((sum, value) => sum + value * value, 0));

const distanceBetween = (a: ArrayLike<number>, b: readonly number[]): number =>
  Math.sqrt(b.reduce((sum, value, i) => sum + ((a[i] ?? 0) - value) ** 2, 0));

const short = (values: ArrayLike<number>): number[] =>
  Array.from({ length: values.length }, (_, i) => Number((values[i] ?? 0).toPrecision(6)));
