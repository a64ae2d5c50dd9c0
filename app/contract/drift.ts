import { z } from 'zod';

const reals = z.array(z.number()).readonly();

/** What is remembered of a pack's embeddings in one project, from run to run: plain data, small enough for a file. */
export const driftState = z.strictObject({
  version: z.literal(1),
  /** Of the calibration that the coordinates belong to: state of another one is worthless. */
  packSha256: z.string(),
  runs: z.int().nonnegative(),
  /** Exponentially weighted mean of the whitened embeddings, [axisCount + 1]. */
  mean: reals,
  /** Exponentially weighted variance along the same coordinates, [axisCount + 1]. */
  variance: reals,
  /** How the distance of this project's own runs is spread, learned over its first runs. */
  baseline: z.strictObject({ count: z.int().nonnegative(), mean: z.number(), squares: z.number() }),
  /** The last runs, oldest first: whether each was beyond a threshold. */
  recent: z.array(z.boolean()).max(10).readonly(),
  /** Prompts that were seen before, with their whitened embedding: the same words must give the same numbers. */
  anchors: z.array(z.strictObject({ key: z.string(), white: reals })).readonly(),
});
export type DriftState = z.infer<typeof driftState>;
