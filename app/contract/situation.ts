import { z } from 'zod';

import { causeName, cureName } from './cure.ts';
import { recoveryPolicy } from './policy.ts';
import { faultReport } from './report.ts';

const seconds = z.number().nonnegative();

/** What a fault was put down to. */
export const diagnosis = z.strictObject({ cause: causeName, fault: faultReport });
export type Diagnosis = z.infer<typeof diagnosis>;

/** A cure of this job whose effect is known. */
export const trial = z.strictObject({
  cause: causeName,
  cure: cureName,
  /** Failed: the same cause came back no later in the work than before. */
  outcome: z.enum(['worked', 'failed']),
});
export type Trial = z.infer<typeof trial>;

/** What each part of an attempt takes on the present plan: measured in this job, else what the pack expects. */
export const prices = z.strictObject({
  /** A fresh engine: start, load, warm-up. */
  startSeconds: seconds,
  textSeconds: seconds,
  stepSeconds: seconds,
  /** All frames. */
  decodeSeconds: seconds,
  exportSeconds: seconds,
  /** One frame made up from others; absent in what was recorded before it was priced. */
  drawSeconds: seconds.default(0),
});
export type Prices = z.infer<typeof prices>;

/** What there is to work with: each cure asks here whether it can be had. */
export const means = z.strictObject({
  steps: z.int().positive(),
  frameCount: z.int().positive(),
  /** Latents that fit the plan, saved on disk. */
  checkpoint: z.strictObject({ nextStep: z.int().nonnegative(), isDenoised: z.boolean() }).nullable(),
  /** All frames of the last attempt are on disk, bad ones included. */
  hasFrames: z.boolean(),
  /** A rendered frame without a fault, from this or an earlier attempt. */
  hasSoundFrame: z.boolean(),
  /** One picture could be rendered in a few steps, to be moved by a camera; absent in what was recorded before there was such a cure. */
  canRenderStill: z.boolean().default(false),
  /** The bad frames stand between sound ones, few enough in a row to be drawn from them. */
  areGapsShort: z.boolean(),
  /** The bad frames' latents are few enough to be made anew among the others. */
  hasWindow: z.boolean(),
  canDecodeTiled: z.boolean(),
  canDecodeFp32: z.boolean(),
  /** The expert that would work for the unstable one. */
  standIn: z.string().nullable(),
  nextProvider: z.string().nullable(),
  hasSimplerPrompt: z.boolean(),
  /** What one step further down would lead to; null where there is none. */
  fewerSteps: z.int().positive().nullable(),
  fewerFrames: z.int().positive().nullable(),
  lowerRung: z.strictObject({ name: z.string(), expectedSeconds: seconds }).nullable(),
  otherPack: z.string().nullable(),
  hasTemplate: z.boolean(),
  hasSaferRecipe: z.boolean(),
  /** Alive, so that another attempt needs no fresh start. */
  isEngineUp: z.boolean(),
  /** A fresh engine may be started; false once too many died in a row. */
  mayRestart: z.boolean(),
  prices,
  /** Quality of the present plan against the request: what was given away so far. */
  quality: z.number().min(0).max(1),
});
export type Means = z.infer<typeof means>;

export const budget = z.strictObject({
  /** Further attempts. */
  curesLeft: z.int().nonnegative(),
  /** Null without a deadline; below 0 when it is over. */
  secondsLeft: z.number().nullable(),
});
export type Budget = z.infer<typeof budget>;

/** All that a decision rests on. It is kept with the decision, so that the decision can be made again and compared. */
export const situation = z.strictObject({
  diagnosis,
  trials: z.array(trial).readonly(),
  means,
  policy: recoveryPolicy,
  budget,
});
export type Situation = z.infer<typeof situation>;
