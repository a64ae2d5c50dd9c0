import { z } from 'zod';

import { DEFAULT_PROJECT_ID } from './default.ts';
import { causeName, cureName, predicted, skipped } from './cure.ts';
import { actionKind, faultKind, findingKind, gradeName, languageName, stageName } from './name.ts';
import { studioProjectId } from './studio-project.ts';

const evidence = z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]));

export const finding = z.strictObject({
  kind: findingKind,
  /** UTF-16 range in the prompt as the user typed it. */
  from: z.int().nonnegative(),
  to: z.int().nonnegative(),
  message: z.string(),
  rewrite: z.string(),
});
export type Finding = z.infer<typeof finding>;

export const safeMode = z.strictObject({
  /** Subject, motion and place of the prompt alone: what is rendered in its place. */
  prompt: z.string(),
  /** The findings that led here. */
  reasons: z.array(findingKind).readonly(),
});
export type SafeMode = z.infer<typeof safeMode>;

export const precheckReport = z.strictObject({
  verdict: z.enum(['ok', 'warn', 'safe-mode', 'blocked']),
  findings: z.array(finding).readonly(),
  /** The plan of a run in safe mode; absent where the prompt is rendered as it stands. */
  safeMode: safeMode.optional(),
});
export type PrecheckReport = z.infer<typeof precheckReport>;

export const faultReport = z.strictObject({
  kind: faultKind,
  stage: stageName,
  /** Denoising step (0-based) or null where the fault belongs to none. */
  step: z.int().nonnegative().nullable(),
  frame: z.int().nonnegative().nullable(),
  /** How many frames are concerned, from `frame` on; null where it is not about frames. */
  frameCount: z.int().positive().nullable().default(null),
  /** A warning is kept and shown; a fault calls for a cure. */
  severity: z.enum(['warning', 'fault']).default('fault'),
  evidence,
});
export type FaultReport = z.infer<typeof faultReport>;

export const attemptReport = z.strictObject({
  index: z.int().nonnegative(),
  seed: z.int().nonnegative(),
  rung: z.string(),
  experts: z.array(z.string()).readonly(),
  provider: z.string(),
  stageMs: z.strictObject({
    text: z.number(),
    denoise: z.number(),
    decode: z.number(),
    monitor: z.number(),
    export: z.number(),
  }),
  stepsRun: z.int().nonnegative(),
  stepsPlanned: z.int().nonnegative(),
  /** Work that was not done because it was not needed, at this run's own prices; null where nothing was saved. */
  savedSeconds: z
    .strictObject({
      /** The rest of a doomed attempt, which was stopped at its first fault. */
      earlyStop: z.number().nonnegative(),
      /** The steps before the saved latents from which it went on. */
      resume: z.number().nonnegative(),
    })
    .nullable()
    .default(null),
  faults: z.array(faultReport).readonly(),
});
export type AttemptReport = z.infer<typeof attemptReport>;

export const decisionReport = z.strictObject({
  fault: faultKind,
  action: actionKind,
  branch: z.string(),
  reason: z.string(),
  by: z.enum(['policy', 'user']),
  alternatives: z.array(actionKind).readonly(),
  /** From the moment the fault was known to the moment the next attempt began or the clip was there. */
  recoveryMs: z.number().nullable(),
  /** The attempt after which it was taken. */
  attempt: z.int().nonnegative().nullable().default(null),
  /** The named cause that was cured, and how; null in reports of older programs and where nothing was cured. */
  cause: causeName.nullable().default(null),
  cure: cureName.nullable().default(null),
  predicted: predicted.nullable().default(null),
  /** What the monitors found afterwards; null while nobody knows. */
  outcome: z.enum(['worked', 'failed']).nullable().default(null),
  /** Cheaper cures that were not taken. */
  skipped: z.array(skipped).readonly().default([]),
  /** What would have been done, had the user not said otherwise. */
  overrode: actionKind.nullable().default(null),
});
export type DecisionReport = z.infer<typeof decisionReport>;

const figure = z.number().nullable();

export const memoryForecast = z.strictObject({
  memory: z.enum(['ram', 'vram']),
  /** Highest of the attempts. */
  predictedBytes: z.number().positive(),
  /** Where the prediction comes from, the surest first. */
  source: z.enum(['history', 'calibration', 'pack']),
  /** Measured; null where the system doesn't tell, or nothing was computed. */
  peakBytes: figure,
  /** 0.1: ten percent too low; -0.1: ten percent too high; null without a measurement. */
  errorRatio: figure,
});
export type MemoryForecast = z.infer<typeof memoryForecast>;

/** Where a template comes from: told in the report and in the file itself. */
export const templateOrigin = z.strictObject({
  runId: z.string(),
  packVersion: z.string(),
  seed: z.int().nonnegative(),
  rung: z.string(),
  likeness: z.number().min(0).max(1),
});
export type TemplateOrigin = z.infer<typeof templateOrigin>;

export const runReport = z.strictObject({
  version: z.literal(1),
  runId: z.uuid(),
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  startedAt: z.iso.datetime(),
  wallMs: z.number().nonnegative(),
  request: z.strictObject({
    prompt: z.string(),
    negative: z.string(),
    language: languageName,
    seed: z.int().nonnegative(),
    packId: z.string(),
    packVersion: z.string(),
    packSha256: z.string(),
    rung: z.string(),
    widthPx: z.int(),
    heightPx: z.int(),
    frameCount: z.int(),
    fps: z.number(),
    steps: z.int(),
    projectId: studioProjectId.default(DEFAULT_PROJECT_ID),
  }),
  device: z.strictObject({
    provider: z.string(),
    name: z.string(),
    vramBytes: figure,
    /** The device that was wanted first; absent where it is the one that computed, or from an older program. */
    requested: z.string().optional(),
  }),
  precheck: precheckReport,
  attempts: z.array(attemptReport).readonly(),
  decisions: z.array(decisionReport).readonly(),
  health: z.strictObject({
    frames: z
      .array(
        z.strictObject({
          luma: figure,
          psnrDb: figure,
          ssim: figure,
          flowMagnitudePx: figure,
          flowEntropyBits: figure,
          /** Mean change, 0..1, that the flow leaves; older reports have none. */
          warpErrorRatio: figure.optional(),
        }),
      )
      .readonly(),
    attention: z.array(z.strictObject({ token: z.string(), peak: figure, coverage: figure })).readonly(),
    drift: z.strictObject({ distance: figure, threshold: figure }),
    distribution: z.strictObject({ mahalanobis: figure, kde: figure, threshold: figure }),
    /** Memory that was foreseen and what it came to: one entry for each memory that was predicted; absent from older programs. */
    memory: z.array(memoryForecast).readonly().optional(),
    resources: z.strictObject({
      vramPeakRatio: figure,
      rssPeakBytes: figure,
      temperaturePeakC: figure,
      powerPeakW: figure,
    }),
  }),
  delivered: z.strictObject({
    grade: gradeName,
    path: z.string(),
    sha256: z.string(),
    widthPx: z.int(),
    heightPx: z.int(),
    frameCount: z.int(),
    fps: z.number(),
    renderedWidthPx: z.int(),
    renderedHeightPx: z.int(),
    codec: z.literal('h264'),
    /** Of a clip of grade template: the run that it was rendered in, and how near its prompt lies (1 for the same); absent otherwise. */
    template: templateOrigin.optional(),
    /** What else is to be told of the file, though nothing failed; absent when there is nothing. */
    notes: z.array(z.string()).readonly().optional(),
  }),
});
/** The story of one run: what was asked, what happened, what was decided, what was delivered. */
export type RunReport = z.infer<typeof runReport>;
