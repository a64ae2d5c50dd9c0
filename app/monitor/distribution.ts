import { quantile } from '../base/quantile.ts';
import type { TextCalibration } from '../contract/calibration-text.ts';
import { dot, principalAxes, shrunkCovariance } from './covariance.ts';

/** The axes keep this share of the variance; what is left is narrow enough to count as a sphere. */
const KEPT_VARIANCE_RATIO = 0.995;
const AXIS_LIMIT = 64;
const KDE_AXIS_LIMIT = 24;
const SUPPORT_LIMIT = 1_024;
const VALIDATION_LIMIT = 512;
const BANDWIDTHS = [0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.3];
const HEALTHY_QUANTILE = 0.995;

/**
 * Where healthy embeddings lie. Pure and deterministic.
 *
 * @param train    pooled embeddings of captions that the pack was trained on; at least two
 * @param heldOut  of captions that it was not trained on: they set the thresholds
 * @throws RangeError  rows of different width, or too few of them: a bug in the caller
 */
export function fitDistribution(train: readonly Float32Array[], heldOut: readonly Float32Array[]): TextCalibration {
  const width = train[0]?.length ?? 0;
  if (train.length < 2 || heldOut.length === 0 || [...train, ...heldOut].some((row) => row.length !== width))
    throw new RangeError('at least two training and one held-out embedding of one width are needed');
  const { mean, rows, shrinkage } = shrunkCovariance(train, width);
  const axes = principalAxes(rows);
  const total = axes.reduce((sum, { variance }) => sum + variance, 0);
  let kept = 0;
  let axisCount = 0;
  while (axisCount < Math.min(AXIS_LIMIT, width) && kept < KEPT_VARIANCE_RATIO * total) {
    kept += axes[axisCount]?.variance ?? 0;
    axisCount += 1;
  }
  const leading = axes.slice(0, axisCount);
  const narrow = axes.slice(axisCount);
  const section: TextCalibration = {
    trainCount: train.length,
    heldOutCount: heldOut.length,
    dimensionCount: width,
    axisCount,
    mean: rounded(mean),
    axes: leading.flatMap(({ direction }) => rounded(direction)),
    variances: rounded(leading.map(({ variance }) => variance)),
    residualVariance: narrow.length > 0 ? (total - kept) / narrow.length : (leading.at(-1)?.variance ?? 1),
    shrinkageRatio: shrinkage,
    mahalanobisThreshold: 1,
    kde: { axisCount: Math.min(KDE_AXIS_LIMIT, axisCount), kernelSigma: 1, support: [], threshold: 0 },
  };
  const kde = fitDensity(section, train);
  const fitted = { ...section, kde };
  const judged = heldOut.map((row) => place(fitted, row));
  return {
    ...fitted,
    mahalanobisThreshold: quantile(
      judged.map(({ mahalanobis }) => mahalanobis),
      HEALTHY_QUANTILE,
    ),
    kde: {
      ...kde,
      threshold: quantile(
        judged.map((one) => one.kde),
        1 - HEALTHY_QUANTILE,
      ),
    },
  };
}

/** The bandwidth that makes unseen training captions likeliest, over a spread-out sample of the others. */
function fitDensity(section: TextCalibration, train: readonly Float32Array[]): TextCalibration['kde'] {
  const { axisCount } = section.kde;
  const points = train.map((row) => whiten(section, row).slice(0, axisCount));
  const stride = Math.max(1, Math.ceil(points.length / SUPPORT_LIMIT));
  const support = points.filter((_, i) => i % stride === 0).flatMap((point) => rounded(point));
  const unseen = points.filter((_, i) => i % stride !== 0).slice(0, VALIDATION_LIMIT);
  const validation = unseen.length > 0 ? unseen : points;
  const likelihood = (kernelSigma: number): number =>
    validation.reduce((sum, point) => sum + logDensity({ ...section.kde, support, kernelSigma }, point), 0);
  const kernelSigma = BANDWIDTHS.map((candidate) => ({ candidate, score: likelihood(candidate) })).reduce(
    (best, next) => (next.score > best.score ? next : best),
  ).candidate;
  return { axisCount, kernelSigma, support, threshold: 0 };
}

export interface Placement {
  /** Distance from the middle in standard deviations of the shrunk covariance. */
  readonly mahalanobis: number;
  /** Log density among the training captions, in nats. */
  readonly kde: number;
}

export interface DistributionFigures extends Placement {
  /** Of the Mahalanobis distance. */
  readonly threshold: number;
  readonly kdeThreshold: number;
  /** Farther out, or in an emptier region, than 99.5 % of held-out captions. */
  readonly isOutside: boolean;
}

/** Whether a prompt's embedding lies where the pack's training captions lie; null where the two don't fit each other. */
export function judgeDistribution(section: TextCalibration, pooled: Float32Array): DistributionFigures | null {
  if (pooled.length !== section.dimensionCount || !pooled.every(Number.isFinite)) return null;
  const { mahalanobis, kde } = place(section, pooled);
  const { mahalanobisThreshold: threshold } = section;
  const kdeThreshold = section.kde.threshold;
  return { mahalanobis, kde, threshold, kdeThreshold, isOutside: mahalanobis > threshold || kde < kdeThreshold };
}

function place(section: TextCalibration, pooled: Float32Array): Placement {
  const white = whiten(section, pooled);
  return { mahalanobis: Math.sqrt(dot(white, white)), kde: logDensity(section.kde, white) };
}

/**
 * Coordinates in which healthy embeddings have mean 0 and variance 1: one for each axis, and last the length of what
 * the axes leave over. Its norm is the Mahalanobis distance.
 *
 * @returns [axisCount + 1]
 */
export function whiten(section: TextCalibration, pooled: Float32Array): Float64Array {
  const { dimensionCount, axisCount, mean, axes, variances, residualVariance } = section;
  const centred = Float64Array.from(pooled, (value, i) => value - (mean[i] ?? 0));
  const white = new Float64Array(axisCount + 1);
  let left = dot(centred, centred);
  for (let axis = 0; axis < axisCount; axis += 1) {
    let along = 0;
    for (let i = 0; i < dimensionCount; i += 1) along += (centred[i] ?? 0) * (axes[axis * dimensionCount + i] ?? 0);
    left -= along * along;
    white[axis] = along / Math.sqrt(variances[axis] ?? 1);
  }
  white[axisCount] = Math.sqrt(Math.max(0, left) / residualVariance);
  return white;
}

function logDensity(kde: TextCalibration['kde'], white: ArrayLike<number>): number {
  const { axisCount, kernelSigma, support } = kde;
  const count = support.length / axisCount;
  const exponents = new Float64Array(count);
  for (let point = 0; point < count; point += 1) {
    let squared = 0;
    for (let axis = 0; axis < axisCount; axis += 1)
      squared += ((white[axis] ?? 0) - (support[point * axisCount + axis] ?? 0)) ** 2;
    exponents[point] = -squared / (2 * kernelSigma * kernelSigma);
  }
  const largest = exponents.reduce((most, value) => Math.max(most, value), -Infinity);
  const sum = exponents.reduce((all, value) => all + Math.exp(value - largest), 0);
  return largest + Math.log(sum / count) - axisCount * Math.log(kernelSigma * Math.sqrt(2 * Math.PI));
}

/** Five digits say all that single precision and a few thousand captions can know, in half the bytes. */
const rounded = (values: ArrayLike<number>): number[] =>
  Array.from({ length: values.length }, (_, i) => Number((values[i] ?? 0).toPrecision(5)));
