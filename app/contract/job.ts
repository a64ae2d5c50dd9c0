import { z } from 'zod';

import { DEFAULT_PROJECT_ID } from './default.ts';
import { injection } from './injection.ts';
import { gradeName, stageName } from './name.ts';
import { pendingDecision } from './policy.ts';
import { recoveryMode } from './policy.ts';
import { delivery } from './project.ts';
import { decisionReport, faultReport } from './report.ts';
import { studioProjectId } from './studio-project.ts';

export const jobId = z.uuid();
export type JobId = z.infer<typeof jobId>;

/** A request that was checked against the pack: nothing in it is left to be guessed. */
export const jobRequest = z.strictObject({
  prompt: z.string().min(1),
  negative: z.string(),
  packId: z.string(),
  rung: z.string(),
  frameCount: z.int().positive(),
  steps: z.int().positive(),
  seed: z.int().nonnegative(),
  policy: recoveryMode,
  delivery,
  /** Hard limit for the whole job; null lets it take what it takes. */
  deadlineSeconds: z.number().positive().nullable(),
  /** The user named this very pack: no other takes its place when it is damaged. */
  isPackChosen: z.boolean().default(false),
  /** The project that it is made in; what is older than projects belongs to the first one. */
  projectId: studioProjectId.default(DEFAULT_PROJECT_ID),
  /** Faults to be put into this run on purpose; absent: none. */
  injections: z.array(injection).max(32).readonly().optional(),
});
export type JobRequest = z.infer<typeof jobRequest>;

export const deliveredClip = z.strictObject({
  grade: gradeName,
  path: z.string(),
  widthPx: z.int(),
  heightPx: z.int(),
  renderedWidthPx: z.int(),
  renderedHeightPx: z.int(),
  frameCount: z.int(),
  fps: z.number(),
  durationSeconds: z.number(),
  wallMs: z.number(),
});
export type DeliveredClip = z.infer<typeof deliveredClip>;

/** Work done in this stage so far and the honest range for all that is left; nulls while nothing is known yet. */
export const progress = z.strictObject({
  stage: stageName,
  unitsDone: z.int().nonnegative(),
  unitCount: z.int().positive(),
  /** 0..1 of the whole attempt, by expected seconds, not by number of units. */
  ratio: z.number().min(0).max(1),
  elapsedMs: z.number().nonnegative(),
  remainingMs: z.strictObject({ low: z.number().nonnegative(), high: z.number().nonnegative() }).nullable(),
});
export type Progress = z.infer<typeof progress>;

export const jobProblem = z.enum(['output-unwritable', 'disk-full', 'encoder-failed', 'pack-corrupt', 'internal']);
export type JobProblem = z.infer<typeof jobProblem>;

export const jobEvent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('queued'), jobId, atMs: z.number(), request: jobRequest }),
  z.strictObject({
    kind: z.literal('attempt-started'),
    jobId,
    attempt: z.int().nonnegative(),
    seed: z.int().nonnegative(),
    rung: z.string(),
    frameCount: z.int().positive(),
    steps: z.int().positive(),
  }),
  z.strictObject({ kind: z.literal('progressed'), jobId, progress }),
  z.strictObject({ kind: z.literal('fault-found'), jobId, fault: faultReport }),
  z.strictObject({ kind: z.literal('decided'), jobId, decision: decisionReport }),
  /** What came of the last decision is known now, or how long it took. */
  z.strictObject({ kind: z.literal('decision-settled'), jobId, decision: decisionReport }),
  /** The user is asked; `decided` ends the question. */
  z.strictObject({ kind: z.literal('decision-pending'), jobId, pending: pendingDecision }),
  z.strictObject({ kind: z.literal('delivered'), jobId, clip: deliveredClip }),
  /** The user is content with a clip that is less than what was asked for. */
  z.strictObject({ kind: z.literal('accepted'), jobId }),
  z.strictObject({ kind: z.literal('cancelled'), jobId }),
  z.strictObject({
    kind: z.literal('failed'),
    jobId,
    problem: jobProblem,
    detail: z.string(),
    /** Nothing is lost: it goes on where it stopped, once what stood in its way is gone. */
    canResume: z.boolean().default(false),
  }),
  /** The program died while this job ran; it is taken up again. */
  z.strictObject({ kind: z.literal('interrupted'), jobId }),
  z.strictObject({ kind: z.literal('removed'), jobId }),
]);
export type JobEvent = z.infer<typeof jobEvent>;
