import { z } from 'zod';

import { err, ok, type Result } from '../base/result.ts';
import { frameCalibration } from './calibration-frames.ts';
import { textCalibration } from './calibration-text.ts';
import { describeIssues } from './pack.ts';

/** Healthy is low <= figure <= high. */
const band = z.strictObject({ low: z.number(), high: z.number() }).refine(({ low, high }) => low <= high);
export type Band = z.infer<typeof band>;

const channelBands = z
  .strictObject({ low: z.array(z.number()).readonly(), high: z.array(z.number()).readonly() })
  .refine(({ low, high }) => low.length === high.length && low.every((value, i) => value <= (high[i] ?? -Infinity)));
export type ChannelBands = z.infer<typeof channelBands>;

/** What one denoising step of a healthy run looks like, of the predicted clean latent, normalised. */
export const stepCalibration = z.strictObject({
  sigma: z.number().min(0).max(1),
  expert: z.string(),
  mean: channelBands,
  std: channelBands,
  kurtosis: channelBands,
  /** Relative change since the step before; null at the first step. */
  changeRatio: band.nullable(),
  /** Of the attention over the prompt's real tokens, 0 (one token) .. 1 (all alike). */
  attentionEntropyRatio: band,
});
export type StepCalibration = z.infer<typeof stepCalibration>;

export const rungCalibration = z.strictObject({
  rung: z.string(),
  /** Healthy runs behind these bands. */
  runCount: z.int().positive(),
  /** One for each step of the rung, in order: sigma falls. */
  steps: z.array(stepCalibration).min(1).readonly(),
  /** Below it a word counts as neglected: its strongest attention against an even share of all tokens. */
  keywordPeakFloor: z.number().nonnegative(),
  /** What a run takes, by provider, on the machine that calibrated: seconds of the attempt, bytes of the engine's memory. */
  costs: z.record(z.string(), z.strictObject({ seconds: z.number().positive(), peakBytes: z.number().positive() })),
});
export type RungCalibration = z.infer<typeof rungCalibration>;

/** A pack's `calibration.json`: what its own healthy runs look like, section by section. */
export const calibration = z.strictObject({
  version: z.literal(1),
  /** Of pooled text embeddings; null where it was not fitted. */
  text: textCalibration.nullable(),
  rungs: z.array(rungCalibration).readonly(),
  /** Of frames (`fitFrameBands`), all rungs together; null where it was not fitted. */
  frames: frameCalibration.nullable().default(null),
  /** From which cosine distance of their embeddings on two prompts ask for different scenes; null where it was not fitted. */
  templates: z
    .strictObject({ promptCount: z.int().positive(), sameSceneDistance: z.number().min(0).max(2) })
    .nullable()
    .default(null),
});
export type Calibration = z.infer<typeof calibration>;

/** Text from disk is unknown until the schema says otherwise. */
export function parseCalibration(text: string): Result<Calibration, string> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return err('calibration.json is not complete JSON');
  }
  const parsed = calibration.safeParse(raw);
  return parsed.success ? ok(parsed.data) : err(`calibration.json: ${describeIssues(parsed.error)}`);
}
