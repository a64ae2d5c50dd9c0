// What holds until the user says otherwise; apart from the schemas, because the page shows it.

import type { RecoveryPolicy } from './policy.ts';
import type { LatencyLimits, ResourceLimits } from './resource.ts';

/** The project that is always there: everything that was made before there were projects belongs to it. */
export const DEFAULT_PROJECT_ID = 'default';

export const defaultPolicy: RecoveryPolicy = { mode: 'auto', stances: {}, countdownSeconds: 20, preferences: {} };

export const defaultResourceLimits: ResourceLimits = {
  vramRatio: 0.9,
  ramRatio: 0.9,
  sampleCount: 2,
  temperatureCelsius: 90,
  swingSigmas: 3,
  diskFreeBytes: 256 * 1024 * 1024,
};
export const defaultLatencyLimits: LatencyLimits = { slowQueryMs: 10_000, stallFactor: 3 };
