import { z } from 'zod';

import { causeName, cureName, proposal } from './cure.ts';
import { actionKind, faultKind } from './name.ts';

/** What the user wants done when a cure is due: carry it out, ask first, or leave it out. */
export const stance = z.enum(['automatic', 'ask', 'never']);
export type Stance = z.infer<typeof stance>;

/**
 * `auto` cures by cause; `off` delivers what there is and repairs nothing; `retry` is what others do, another seed and once more,
 * and is there to be measured against.
 */
export const recoveryMode = z.enum(['auto', 'off', 'retry']);
export type RecoveryMode = z.infer<typeof recoveryMode>;

/** How recovery decides. A `never` for `fallback-clip` is read as `automatic`: a job always ends with a clip. */
export const recoveryPolicy = z.strictObject({
  mode: recoveryMode,
  /** Per action; `automatic` where it is left out. */
  stances: z.partialRecord(actionKind, stance),
  /** How long a question waits before the proposal is carried out. */
  countdownSeconds: z.int().min(5).max(600),
  /** What the user chose before and wanted to be remembered: tried first for this cause. */
  preferences: z.partialRecord(causeName, cureName),
});
export type RecoveryPolicy = z.infer<typeof recoveryPolicy>;

/** A decision that waits for the user. */
export const pendingDecision = z.strictObject({
  /** Names this question: an answer to an older one is refused. */
  pendingId: z.uuid(),
  fault: faultKind,
  /** What will be done. */
  proposed: proposal,
  /** What could be done instead, cheapest first. */
  alternatives: z.array(proposal).readonly(),
  /** All frames are there, so that the clip can be accepted as it is. */
  canAccept: z.boolean(),
  /** Wall clock (ms since 1970) at which the proposal is carried out; null while the user has stopped the countdown. */
  deadlineMs: z.number().nullable(),
});
export type PendingDecision = z.infer<typeof pendingDecision>;

/** What the user says to a question, or to a cure that is under way. */
export const recoveryAnswer = z.discriminatedUnion('kind', [
  /** One of the proposals. */
  z.strictObject({ kind: z.literal('choose'), cure: cureName }),
  /** The frames as they are, faults and all. */
  z.strictObject({ kind: z.literal('accept') }),
  /** Once more with other words; everything else as first asked for. */
  z.strictObject({ kind: z.literal('edit-prompt'), prompt: z.string().min(1).max(200_000) }),
  /** Give nothing away: once more at full quality, however long it takes. */
  z.strictObject({ kind: z.literal('full-quality') }),
  z.strictObject({ kind: z.literal('stop') }),
  /** Stop the countdown; the question stays. */
  z.strictObject({ kind: z.literal('hold') }),
]);
export type RecoveryAnswer = z.infer<typeof recoveryAnswer>;
