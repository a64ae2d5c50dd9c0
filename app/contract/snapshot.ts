import { z } from 'zod';

import { attemptPlan } from './engine.ts';
import { strike } from './injection.ts';
import { faultKind, stageName } from './name.ts';
import { faultReport } from './report.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** What an attempt came to, in digests: of the same numbers on every machine that computes alike. */
export const attemptTrace = z.strictObject({
  /** Of the prompt's pooled embedding; null before there is one. */
  text: digest.nullable(),
  /** Of each step: the moments of clean latent and velocity, the attention, the preview; what the step rests on is in them. */
  steps: z.array(z.strictObject({ step: z.int().nonnegative(), digest })).readonly(),
  /** Of the latents after the last step; null where it was not reached. */
  latents: digest.nullable(),
  /** Of the frames of each decoded latent frame, in order. */
  frames: z.array(digest).readonly(),
});
export type AttemptTrace = z.infer<typeof attemptTrace>;

/** What must be the same for the same numbers to come out. */
export const surroundings = z.strictObject({
  packId: z.string(),
  packVersion: z.string(),
  packSha256: z.string(),
  provider: z.string(),
  /** As the engine names it, its threads included. */
  deviceName: z.string(),
  processor: z.string(),
  platform: z.string(),
  runtimeVersion: z.string(),
  nodeVersion: z.string(),
  programVersion: z.string(),
});
export type Surroundings = z.infer<typeof surroundings>;

/** How the engine's part of an attempt ended. */
export const attemptEnd = z.strictObject({
  /** `stopped`: from outside, as it was doomed or no longer wanted. */
  kind: z.enum(['done', 'stopped', 'failed']),
  /** What it failed of, where, and at which step; null where it did not. */
  fault: z.strictObject({ kind: faultKind, stage: stageName, step: z.int().nonnegative().nullable() }).nullable(),
});
export type EndRecord = z.infer<typeof attemptEnd>;

/** Everything that one attempt was made from and what came of it: enough to make it again, bit for bit. */
export const snapshot = z.strictObject({
  version: z.literal(1),
  runId: z.uuid(),
  attempt: z.int().nonnegative(),
  rung: z.string(),
  /** Prompt, negative, seed, size, steps, solver, experts, decoding. */
  plan: attemptPlan,
  /** The step that the saved latents of an attempt before it go on with, where it began from such; null: from noise. */
  resumedAt: z.int().nonnegative().nullable(),
  surroundings,
  /** Faults that were put into it on purpose. */
  injections: z.array(strike).readonly(),
  faults: z.array(faultReport).readonly(),
  trace: attemptTrace,
  /** Absent in what older programs wrote. */
  end: attemptEnd.optional(),
  /**
   * Of each field that it was made from, a digest of what it was when it was written: a later hand shows. None of the texts, as
   * whoever guesses one could prove it by its digest. Absent in what older programs wrote.
   */
  seal: z.record(z.string(), z.string()).optional(),
});
export type Snapshot = z.infer<typeof snapshot>;
