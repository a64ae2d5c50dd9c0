import { z } from 'zod';

import { frameFigureNames, timedStages } from './list.ts';
import { gradeName, stageName } from './name.ts';
import { decisionReport, faultReport } from './report.ts';

/**
 * What the health panel is told while a clip is made, and shows of a finished one. Facts only: a monitor's figure, the lines it
 * is held against, and where those lines come from. A figure that could not be had is null, never 0.
 */

const figure = z.number().nullable();
const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array);
const floats: z.ZodType<Float32Array> = z.instanceof(Float32Array);

/** Who drew a line: the program's default, the pack's calibration, this run's own past, the user's settings, or the card itself. */
export const limitSources = ['default', 'calibration', 'history', 'settings', 'device'] as const;
export const limitSource = z.enum(limitSources);
export type LimitSource = z.infer<typeof limitSource>;

/** Healthy is low <= figure <= high; null leaves that side open. */
export const limit = z.strictObject({ low: figure, high: figure, source: limitSource });
export type Limit = z.infer<typeof limit>;

/** A figure and the line it is held against; null where nobody has drawn one. */
export const judgedFigure = z.strictObject({ value: figure, limit: limit.nullable() });
export type JudgedFigure = z.infer<typeof judgedFigure>;

export const textHealth = z.strictObject({
  /** Of the pooled text embedding from what this pack and project usually see. */
  drift: judgedFigure,
  mahalanobis: judgedFigure,
  /** Natural logarithm of the kernel density among the pack's training prompts. */
  kdeLogDensity: judgedFigure,
  /** Real tokens of the prompt in order, as the tokenizer spells them. */
  tokens: z.array(z.string()).readonly(),
});
export type TextHealth = z.infer<typeof textHealth>;

/** Attention of one token at one step. */
export const tokenAttention = z.strictObject({
  token: z.string(),
  peak: figure,
  coverage: figure,
  /** Below it the token counts as neglected. */
  peakFloor: figure,
});
export type TokenAttention = z.infer<typeof tokenAttention>;

/** Where each token looks: 0..255 of the strongest cell of the step, [tokenCount, frameCount, rows, columns] in latent cells. */
export const attentionMap = z.strictObject({
  tokenCount: z.int().nonnegative(),
  /** In latent frames. */
  frameCount: z.int().positive(),
  rows: z.int().positive(),
  columns: z.int().positive(),
  levels: bytes,
});
export type AttentionMap = z.infer<typeof attentionMap>;

export const stepHealth = z.strictObject({
  step: z.int().nonnegative(),
  stepCount: z.int().positive(),
  sigma: z.number(),
  expert: z.string(),
  tookMs: z.number().nonnegative(),
  nonFiniteCount: z.int().nonnegative(),
  /** Of the predicted clean latent, normalised. */
  mean: judgedFigure,
  std: judgedFigure,
  kurtosis: judgedFigure,
  /** Relative change of the predicted clean latent against the step before. */
  changeRatio: judgedFigure,
  /** Spread of attention over the tokens. */
  attentionEntropyBits: judgedFigure,
  attention: z.array(tokenAttention).readonly(),
});
export type StepHealth = z.infer<typeof stepHealth>;

/** Motion in coarse cells: dx and dy of each in pixels of the rendered frame, [rows, columns, 2]. */
export const motionArrows = z.strictObject({
  rows: z.int().positive(),
  columns: z.int().positive(),
  vectorsPx: floats,
});
export type MotionArrows = z.infer<typeof motionArrows>;

/** Frame i against frame i-1; the first has luma alone. */
export const frameHealth = z.strictObject({
  frame: z.int().nonnegative(),
  luma: figure,
  psnrDb: figure,
  ssim: figure,
  flowMagnitudePx: figure,
  flowEntropyBits: figure,
  warpErrorRatio: figure,
  arrows: motionArrows.nullable(),
});
export type FrameHealth = z.infer<typeof frameHealth>;

export type FrameFigureName = (typeof frameFigureNames)[number];

/** The lines that frames are held against; a figure that is missing here has none. */
export const frameLimits = z.partialRecord(z.enum(frameFigureNames), limit);
export type FrameLimits = z.infer<typeof frameLimits>;

export const timedStage = z.enum(timedStages);
export type TimedStage = z.infer<typeof timedStage>;

/** Time spent in a stage so far. */
export const stageHealth = z.strictObject({
  stage: timedStage,
  tookMs: z.number().nonnegative(),
  /** Of finished runs of this pack and rung; null before there are any. */
  medianMs: figure,
  /** Above it the stage is slow. */
  limitMs: figure,
});
export type StageHealth = z.infer<typeof stageHealth>;

/** What is worth a line in the log of events. */
export const logEntry = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('attempt-started'),
    seed: z.int().nonnegative(),
    rung: z.string(),
    steps: z.int().positive(),
  }),
  z.strictObject({ kind: z.literal('stage-started'), stage: stageName }),
  z.strictObject({ kind: z.literal('expert-changed'), expert: z.string(), step: z.int().nonnegative() }),
  z.strictObject({ kind: z.literal('fault'), fault: faultReport }),
  z.strictObject({ kind: z.literal('decision'), decision: decisionReport }),
  z.strictObject({ kind: z.literal('delivered'), grade: gradeName }),
  z.strictObject({ kind: z.literal('ended'), end: z.enum(['cancelled', 'failed', 'interrupted']) }),
]);
export type LogEntry = z.infer<typeof logEntry>;

const base = { jobId: z.uuid(), attempt: z.int().nonnegative(), atMs: z.number() };

export const healthEvent = z.discriminatedUnion('kind', [
  z.strictObject({ ...base, kind: z.literal('text'), text: textHealth }),
  z.strictObject({ ...base, kind: z.literal('step'), step: stepHealth, map: attentionMap.nullable() }),
  z.strictObject({
    ...base,
    kind: z.literal('frames'),
    frames: z.array(frameHealth).readonly(),
    limits: frameLimits,
    /** Of the whole clip. */
    frameCount: z.int().positive(),
    /** Size that arrows are measured in. */
    widthPx: z.int().positive(),
    heightPx: z.int().positive(),
  }),
  z.strictObject({ ...base, kind: z.literal('stage'), stage: stageHealth }),
  z.strictObject({ ...base, kind: z.literal('logged'), entry: logEntry }),
]);
export type HealthEvent = z.infer<typeof healthEvent>;

/** How an expert of a pack stands; kept across restarts. */
export const expertHealth = z.strictObject({
  packId: z.string(),
  expert: z.string(),
  state: z.enum(['in-use', 'masked', 'probing']),
  /** Abnormal outputs in a row. */
  abnormalCount: z.int().nonnegative(),
  /** So many in a row mask it. */
  abnormalLimit: z.int().positive(),
  /** Milliseconds since 1970 of the last change of state; null when it has never changed. */
  sinceMs: figure,
  /** Milliseconds since 1970 from when on a masked one is tried again; null where it is not masked. */
  restsUntilMs: figure.default(null),
});
export type ExpertHealth = z.infer<typeof expertHealth>;

/** All that is known of one run's health: `health` events folded. */
export const runHealth = z.strictObject({
  jobId: z.uuid(),
  attempt: z.int().nonnegative(),
  text: textHealth.nullable(),
  /** Of the last attempt, in order. */
  steps: z.array(stepHealth).readonly(),
  /** Of the last step that had one. */
  map: attentionMap.nullable(),
  /** Of the last attempt that had any; sparse while they come. */
  frames: z.array(frameHealth).readonly(),
  frameLimits,
  frameCount: z.int().nonnegative(),
  widthPx: z.int().nonnegative(),
  heightPx: z.int().nonnegative(),
  stages: z.array(stageHealth).readonly(),
  log: z.array(z.strictObject({ atMs: z.number(), attempt: z.int().nonnegative(), entry: logEntry })).readonly(),
});
export type RunHealth = z.infer<typeof runHealth>;
