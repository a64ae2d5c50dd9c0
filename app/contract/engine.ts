import { z } from 'zod';

import { providerProofs } from '../engine/measured-provider.ts';
import { attentionMap } from './health.ts';
import { strike } from './injection.ts';

/**
 * What main and the engine child say to each other. Every message about work carries job, attempt and sequence number,
 * so that a late message of a former attempt is recognised and dropped.
 */

// Any backing buffer will do; the library's own inference would narrow it to ArrayBuffer.
const floats: z.ZodType<Float32Array> = z.instanceof(Float32Array);
const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array);

/** Everything a solver needs to go on exactly where it stopped; the arrays are latents [channels, frames, height, width]. */
export const denoiseState = z.strictObject({
  /** Steps already done; the next one to run. */
  nextStep: z.int().nonnegative(),
  sample: floats,
  /** Predicted clean latents of the last steps, newest first, at most the solver's order. */
  history: z.array(floats).readonly(),
  /** The sample before the last step, which the corrector needs; null before the first step. */
  previousSample: floats.nullable(),
});
export type DenoiseState = z.infer<typeof denoiseState>;

/** How the decoder is run: in one piece or in tiles of the picture, and in which precision. */
export const decodePlan = z.strictObject({
  /** Side of a square tile in latent cells; null decodes the picture in one piece. */
  tileCells: z.int().positive().nullable(),
  /** How far neighbouring tiles reach into each other; they are blended there. */
  overlapCells: z.int().nonnegative(),
  /** The pack's decoder of higher precision, where it has one. */
  isPrecise: z.boolean(),
});
export type DecodePlan = z.infer<typeof decodePlan>;
export const WHOLE_DECODE: DecodePlan = { tileCells: null, overlapCells: 0, isPrecise: false };

/** Latent frames to be made anew inside a clip whose latents are known. */
export const windowPlan = z.strictObject({
  firstLatentFrame: z.int().nonnegative(),
  latentFrameCount: z.int().positive(),
  /** The step of the plan's schedule to begin from: 0 keeps nothing of what was there, later steps keep more. */
  fromStep: z.int().nonnegative(),
});
export type WindowPlan = z.infer<typeof windowPlan>;

export const attemptPlan = z.strictObject({
  prompt: z.string(),
  negative: z.string(),
  seed: z.int().nonnegative(),
  widthPx: z.int().positive(),
  heightPx: z.int().positive(),
  frameCount: z.int().positive(),
  steps: z.int().positive(),
  solver: z.enum(['unipc', 'euler']),
  maskedExperts: z.array(z.string()).readonly(),
  /** Masked ones that are on trial: asked beside the one that works, and nothing is made of their answers. Absent: none. */
  shadowExperts: z.array(z.string()).readonly().optional(),
  /** The rung's own experts; null: all of the pack that have a weight. */
  experts: z.array(z.string()).readonly().nullable().default(null),
  decode: decodePlan.default(WHOLE_DECODE),
  /** Needs the latents of a finished run to go on from; without them the whole clip is made. */
  window: windowPlan.nullable().default(null),
});
export type AttemptPlan = z.infer<typeof attemptPlan>;

export const engineCommand = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('load'),
    packFolder: z.string(),
    manifestText: z.string(),
    threads: z.int().positive(),
    /** Where to compute: this one alone, or not at all. */
    provider: z.string().default('cpu'),
  }),
  z.strictObject({
    kind: z.literal('attempt'),
    jobId: z.string(),
    attempt: z.int().nonnegative(),
    plan: attemptPlan,
    /** Go on from saved latents instead of from noise. */
    resume: denoiseState.nullable(),
    /** Faults that this attempt is to suffer on purpose; absent: none. */
    injections: z.array(strike).readonly().optional(),
    /** End after this stage, for when only its figures are wanted; absent: go through to the last frame. */
    stopAfter: z.literal('text').optional(),
  }),
  /** Of this attempt alone: it may be over before the word arrives, and the next one has the same job. */
  z.strictObject({
    kind: z.literal('cancel'),
    jobId: z.string(),
    attempt: z.int().nonnegative(),
    /** Hand out the latents from before this step first; absent: none are wanted. */
    saveBefore: z.int().nonnegative().optional(),
  }),
  /** A child of its own for the optical flow of frames that are already there: it loads nothing else. */
  z.strictObject({
    kind: z.literal('load-flow'),
    graphPath: z.string(),
    inputs: z.tuple([z.string(), z.string()]),
    output: z.string(),
    threads: z.int().positive(),
  }),
  z.strictObject({
    kind: z.literal('flow'),
    pair: z.int().nonnegative(),
    widthPx: z.int().positive(),
    heightPx: z.int().positive(),
    /** Both [3, height, width] of 0..1. */
    earlier: floats,
    later: floats,
  }),
]);
export type EngineCommand = z.infer<typeof engineCommand>;

/** Numbers about a tensor; the engine reports them and judges nothing. */
export const tensorFacts = z.strictObject({
  nonFiniteCount: z.int().nonnegative(),
  elementCount: z.int().positive(),
  /** Of the finite elements; null if there is none. */
  mean: z.number().nullable(),
  std: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
});
export type TensorFacts = z.infer<typeof tensorFacts>;

/** Moments of each channel, [channels]; NaN where a channel has no finite element or no spread. A normal distribution has kurtosis 3. */
export const channelFacts = z.strictObject({
  nonFiniteCount: z.int().nonnegative(),
  mean: floats,
  std: floats,
  kurtosis: floats,
});
export type ChannelFacts = z.infer<typeof channelFacts>;

/** Of the predicted clean latent against that of the step before: root mean square, and that relative to the latent's own. */
export const clipChange = z.strictObject({ rms: z.number().nonnegative(), ratio: z.number().nonnegative() });
export type ClipChange = z.infer<typeof clipChange>;

const work = { jobId: z.string(), attempt: z.int().nonnegative(), sequence: z.int().nonnegative() };
const unitStage = z.enum(['text', 'denoise', 'decode']);

/** Names of devices as the runtime spells them; bundled: nothing else has to be installed for it. */
export const engineBackends = z.array(z.strictObject({ name: z.string(), isBundled: z.boolean() })).readonly();
export type EngineBackends = z.infer<typeof engineBackends>;

/** Where an engine that is ready computes. */
export const enginePlace = {
  /** What executes, as a warm-up proved it. */
  provider: z.string(),
  /** What was asked for, where that is known. */
  requested: z.string().optional(),
  proof: z.enum(providerProofs).optional(),
  deviceName: z.string(),
  /** What the runtime was built for on this system; absent where nobody asked. */
  backends: engineBackends.optional(),
};

export const engineEvent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('loading'), part: z.string(), index: z.int(), count: z.int() }),
  z.strictObject({ kind: z.literal('warming'), latencyMs: z.number() }),
  z.strictObject({
    kind: z.literal('ready'),
    ...enginePlace,
    /** Of the library that runs the graphs. */
    runtimeVersion: z.string().default('unknown'),
    warmupMs: z.array(z.number()).readonly(),
  }),
  z.strictObject({
    kind: z.literal('load-failed'),
    reason: z.enum(['pack-corrupt', 'pack-misconfigured', 'provider-failed', 'out-of-memory']),
    detail: z.string(),
  }),

  z.strictObject({
    ...work,
    kind: z.literal('unit-started'),
    stage: unitStage,
    unit: z.int().nonnegative(),
    unitCount: z.int().positive(),
  }),
  z.strictObject({
    ...work,
    kind: z.literal('text-done'),
    tookMs: z.number(),
    pooled: floats,
    facts: tensorFacts,
    /** Real tokens of the prompt in order, as the tokenizer spells them. */
    tokens: z.array(z.string()).readonly(),
    wasTruncated: z.boolean(),
  }),
  z.strictObject({
    ...work,
    kind: z.literal('step-done'),
    tookMs: z.number(),
    step: z.int().nonnegative(),
    stepCount: z.int().positive(),
    sigma: z.number(),
    expert: z.string(),
    /** Of the predicted clean latent, normalised. */
    clean: tensorFacts,
    /** Of the sample after the step. */
    sample: tensorFacts,
    /** Of the same clean latent, per channel. */
    cleanChannels: channelFacts,
    /** Of the expert's guided answer, per channel. */
    velocityChannels: channelFacts,
    /** What an expert on trial answered to the same question; absent where none was asked. */
    shadow: z
      .strictObject({
        expert: z.string(),
        clean: tensorFacts,
        cleanChannels: channelFacts,
        velocityChannels: channelFacts,
      })
      .optional(),
    /** Null at the first step of an attempt. */
    change: clipChange.nullable(),
    attentionMax: floats,
    attentionMean: floats,
    /** Of the prompt's real tokens; null where the pack's experts don't tell. */
    attentionMap: attentionMap.nullable(),
    /** RGB preview of the predicted clean latent, [frameCount, heightPx, widthPx, 3]. */
    preview: z.strictObject({ widthPx: z.int(), heightPx: z.int(), frameCount: z.int(), rgb: bytes }),
  }),
  /** Where the run can go on from: at the expert boundary, when denoising is done, and from before what went wrong. */
  z.strictObject({
    ...work,
    kind: z.literal('checkpoint'),
    at: z.enum(['boundary', 'denoised', 'before-fault']),
    state: denoiseState,
  }),
  z.strictObject({
    ...work,
    kind: z.literal('frames-decoded'),
    /** For all units that these frames took. */
    tookMs: z.number(),
    firstFrame: z.int().nonnegative(),
    frameCount: z.int().positive(),
    facts: tensorFacts,
    /** [frameCount, heightPx, widthPx, 3], full range. */
    rgb: bytes,
  }),
  /** A fault that was asked for strikes now: told before its effect, so that it is counted even if this is the last message. */
  z.strictObject({ ...work, kind: z.literal('injected'), index: z.int().nonnegative() }),
  z.strictObject({ ...work, kind: z.literal('attempt-done') }),
  z.strictObject({ ...work, kind: z.literal('attempt-cancelled') }),
  z.strictObject({
    ...work,
    kind: z.literal('attempt-failed'),
    reason: z.enum(['provider-failed', 'out-of-memory', 'pack-misconfigured', 'expert-unstable']),
    stage: unitStage,
    detail: z.string(),
    /** Whose answer was refused; absent where it was none of an expert. */
    expert: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('flow-ready') }),
  z.strictObject({ kind: z.literal('flow-failed'), detail: z.string() }),
  /** [2, height, width]: pixels to the right, pixels down. */
  z.strictObject({ kind: z.literal('flow-done'), pair: z.int().nonnegative(), tookMs: z.number(), field: floats }),
  z.strictObject({ kind: z.literal('bug'), message: z.string() }),
]);
export type EngineEvent = z.infer<typeof engineEvent>;
export type EngineEventOf<K extends EngineEvent['kind']> = Extract<EngineEvent, { kind: K }>;
