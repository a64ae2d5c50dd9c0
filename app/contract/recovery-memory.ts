import { z } from 'zod';

const wallMs = z.number().nullable();

/** How one expert of a pack stands on one device. */
export const expertStanding = z.strictObject({
  expert: z.string(),
  /** Masked and on probation alike, another expert works in its place. */
  state: z.enum(['in-use', 'masked', 'probing']),
  /** Abnormal outputs in a row, one an attempt. */
  abnormalCount: z.int().nonnegative(),
  /** How often it was masked lately: each time it rests longer. */
  maskCount: z.int().nonnegative(),
  /** Milliseconds since 1970 of the last change of state; null when it has never changed. */
  sinceMs: wallMs,
});
export type ExpertStanding = z.infer<typeof expertStanding>;

/** Other weights or another device say nothing about these. */
export const expertWard = z.strictObject({
  packId: z.string(),
  packSha256: z.string(),
  provider: z.string(),
  standings: z.array(expertStanding).readonly(),
});
export type ExpertWard = z.infer<typeof expertWard>;

/** Something that failed for good and is left alone for a while. */
export const breaker = z.strictObject({
  kind: z.enum(['pack', 'provider']),
  /** Hash of a pack's manifest, name of a provider. */
  key: z.string(),
  /** How often in a row: each time it rests longer. */
  count: z.int().positive(),
  /** Milliseconds since 1970. */
  openedMs: z.number(),
});
export type Breaker = z.infer<typeof breaker>;

/** What is known beyond a single job, in a file of its own: kept across restarts. */
export const recoveryMemory = z.strictObject({
  version: z.literal(1),
  wards: z.array(expertWard).readonly(),
  breakers: z.array(breaker).readonly().default([]),
  /** Attempts that were counted, newest last: none is counted twice. */
  counted: z.array(z.string()).readonly(),
});
export type RecoveryMemory = z.infer<typeof recoveryMemory>;

export const emptyMemory: RecoveryMemory = { version: 1, wards: [], breakers: [], counted: [] };
