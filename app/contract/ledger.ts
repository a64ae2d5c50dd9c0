import { z } from 'zod';

import { attemptPlan } from './engine.ts';
import { attemptReport, decisionReport } from './report.ts';
import { situation } from './situation.ts';

const renderPlan = z.strictObject({ ...attemptPlan.shape, rung: z.string() });

/** Frames on disk as raw RGB, [frameCount, heightPx, widthPx, 3], full range. */
export const rawFrames = z.strictObject({
  framesPath: z.string(),
  widthPx: z.int().positive(),
  heightPx: z.int().positive(),
  frameCount: z.int().positive(),
  fps: z.number().positive(),
});
export type RawFrames = z.infer<typeof rawFrames>;

/** What is about to be done, or was just done, written before anything depends on it. One job's lines in order tell where it can go on. */
export const ledgerLine = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('attempt-begun'),
    attempt: z.int().nonnegative(),
    plan: renderPlan,
    startedFrom: z.enum(['noise', 'checkpoint']),
    /** The pack that runs it; null from older programs: the one that was asked for. */
    packId: z.string().nullable().default(null),
  }),
  z.strictObject({
    kind: z.literal('checkpoint'),
    attempt: z.int().nonnegative(),
    nextStep: z.int().nonnegative(),
    path: z.string(),
  }),
  z.strictObject({ kind: z.literal('attempt-ended'), report: attemptReport }),
  z.strictObject({
    kind: z.literal('decided'),
    decision: decisionReport,
    /** What it rests on and what the tree said, so that it can be taken again; null from older programs. */
    situation: situation.nullable().default(null),
    proposedBranch: z.string().nullable().default(null),
    /** The attempt that it leads to; null where it leads to a delivery. */
    next: z
      .strictObject({
        plan: renderPlan,
        startFrom: z.enum(['noise', 'checkpoint']),
        packId: z.string().nullable().default(null),
      })
      .nullable()
      .default(null),
  }),
  /** A fault of the request's list struck, in whatever process: it is counted for the whole job. */
  z.strictObject({
    kind: z.literal('injected'),
    attempt: z.int().nonnegative(),
    index: z.int().nonnegative(),
  }),
  z.strictObject({ kind: z.literal('export-begun'), frames: rawFrames, path: z.string() }),
]);
export type LedgerLine = z.infer<typeof ledgerLine>;
