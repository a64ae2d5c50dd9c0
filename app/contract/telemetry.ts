import { z } from 'zod';

import { latencyLimits, resourceLimits } from './resource.ts';
import { studioProjectId } from './studio-project.ts';
import { defaultLatencyLimits, defaultResourceLimits } from './default.ts';

/** What the user decides about measuring, in a file of its own: people read it, and hand it to others. */
export const telemetrySettings = z.strictObject({
  version: z.literal(1),
  /** Port of the metrics endpoint on this machine's own address; null: it is off. */
  metricsPort: z.int().min(1_024).max(65_535).nullable(),
  /** Whether prompts may be written to logs and bundles. */
  mayLogPrompts: z.boolean(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']),
  resources: resourceLimits,
  latency: latencyLimits,
});
export type TelemetrySettings = z.infer<typeof telemetrySettings>;

export const defaultTelemetrySettings: TelemetrySettings = {
  version: 1,
  metricsPort: null,
  mayLogPrompts: false,
  logLevel: 'info',
  resources: defaultResourceLimits,
  latency: defaultLatencyLimits,
};

export const telemetryState = z.strictObject({
  settings: telemetrySettings,
  /** Where the endpoint listens; null while it does not. */
  metricsUrl: z.string().nullable(),
  /** Why it does not although it is switched on: one line. */
  problem: z.string().nullable(),
});
export type TelemetryState = z.infer<typeof telemetryState>;

export const historyKinds = ['run', 'fault', 'decision', 'log'] as const;
export const historyKind = z.enum(historyKinds);
export type HistoryKind = z.infer<typeof historyKind>;

export const historyQuery = z.strictObject({
  /** Words in any order, all of which have to be there; Chinese needs no spaces. */
  text: z.string().max(500),
  /** Empty: all of them. */
  kinds: z.array(historyKind).max(historyKinds.length).readonly(),
  limit: z.int().min(1).max(200),
  /** Only what belongs to this project, or to none; absent: everything. */
  projectId: studioProjectId.optional(),
});
export type HistoryQuery = z.infer<typeof historyQuery>;

export const historyHit = z.strictObject({
  kind: historyKind,
  /** Null for a log line that belongs to no job. */
  jobId: z.uuid().nullable(),
  atMs: z.number(),
  /** The text around what was found. */
  excerpt: z.string(),
  /** Ranges in the excerpt that were found, in UTF-16 units. */
  marks: z.array(z.strictObject({ from: z.int().nonnegative(), to: z.int().nonnegative() })).readonly(),
});
export type HistoryHit = z.infer<typeof historyHit>;

export const bundlePartKinds = ['report', 'snapshot', 'log', 'device', 'settings', 'history'] as const;
export const bundlePart = z.strictObject({
  /** Path inside the bundle. */
  name: z.string(),
  kind: z.enum(bundlePartKinds),
  bytes: z.int().nonnegative(),
});
export type BundlePart = z.infer<typeof bundlePart>;

/** A bundle as it was shown: what is read of it and written of it later is the same, byte for byte. */
export const bundlePreview = z.strictObject({ bundleId: z.uuid(), parts: z.array(bundlePart).readonly() });
export type BundlePreview = z.infer<typeof bundlePreview>;

/** Of a part: so many characters from there on, as a log can be long. */
export const bundleText = z.strictObject({
  /** Null for numbers that are no text. */
  text: z.string().nullable(),
  /** Where the next piece begins; null at the end. */
  next: z.int().nonnegative().nullable(),
});
export type BundleText = z.infer<typeof bundleText>;

export const bundleRequest = z.strictObject({
  /** Null: the newest runs. */
  jobId: z.uuid().nullable(),
});
