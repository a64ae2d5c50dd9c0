import { z } from 'zod';

const reals = z.array(z.number()).readonly();

/**
 * Where a pack's pooled text embeddings lie when all is well: section `text` of its `calibration.json`, fitted on captions
 * that the pack was trained on, with thresholds from captions that it was not.
 */
export const textCalibration = z
  .strictObject({
    trainCount: z.int().positive(),
    heldOutCount: z.int().positive(),
    /** Length of an embedding. */
    dimensionCount: z.int().positive(),
    axisCount: z.int().positive(),
    /** [dimensionCount] */
    mean: reals,
    /** [axisCount, dimensionCount], orthonormal rows: the principal axes, widest first. */
    axes: reals,
    /** [axisCount]: shrunk variance along each axis. */
    variances: reals,
    /** Shrunk variance along every direction that is not among the axes. */
    residualVariance: z.number().positive(),
    /** 0 (sample covariance) .. 1 (a sphere), by Ledoit and Wolf's formula. */
    shrinkageRatio: z.number().min(0).max(1),
    /** 99.5 % quantile of the held-out captions' distance. */
    mahalanobisThreshold: z.number().positive(),
    kde: z.strictObject({
      /** The first axes, each scaled to unit variance, span the space of the density. */
      axisCount: z.int().positive(),
      kernelSigma: z.number().positive(),
      /** [supportCount, axisCount] */
      support: reals,
      /** 0.5 % quantile of the held-out captions' log density, in nats. */
      threshold: z.number(),
    }),
  })
  .refine(
    ({ dimensionCount, axisCount, mean, axes, variances, kde }) =>
      mean.length === dimensionCount &&
      axes.length === axisCount * dimensionCount &&
      variances.length === axisCount &&
      kde.axisCount <= axisCount &&
      kde.support.length > 0 &&
      kde.support.length % kde.axisCount === 0,
    'the sizes of mean, axes, variances and support do not fit each other',
  );
export type TextCalibration = z.infer<typeof textCalibration>;
