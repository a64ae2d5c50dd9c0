/** How it was found out where the work is done. */
export const providerProofs = ['only', 'strict', 'calibrated', 'timed', 'unproven'] as const;
export type ProviderProof = (typeof providerProofs)[number];

export interface MeasuredProvider {
  /** What executes; `unknown` where nothing could tell. */
  readonly measured: string;
  readonly proof: ProviderProof;
}

/** Slower than this share of the processor's own time, nothing was gained: the work is done by the processor. */
const GAIN_RATIO = 0.8;
/** A machine may be this many times slower or faster than the one that a pack was calibrated on. */
const CALIBRATION_TOLERANCE = 2;

/**
 * Registered is not executing: a runtime may take a provider and quietly give every node to the processor. What proves
 * it, the surest first: a session that was made with the processor forbidden; a warm-up as long as the pack's
 * calibration says for this provider; a warm-up clearly shorter than the processor's own.
 *
 * @param isStrict      the session was made without falling back to the processor
 * @param warmupMs      of one run, steady
 * @param calibratedMs  of the same run on this provider; null where the pack doesn't say
 * @param processorMs   of the same run on the processor, here; null where it was not measured
 */
export function measureProvider({
  requested,
  isStrict,
  warmupMs,
  calibratedMs,
  processorMs,
}: {
  readonly requested: string;
  readonly isStrict: boolean;
  readonly warmupMs: number | null;
  readonly calibratedMs: number | null;
  readonly processorMs: number | null;
}): MeasuredProvider {
  if (requested === 'cpu') return { measured: 'cpu', proof: 'only' };
  if (isStrict) return { measured: requested, proof: 'strict' };
  if (warmupMs === null) return { measured: 'unknown', proof: 'unproven' };
  const isNear = (expectedMs: number): boolean =>
    warmupMs <= expectedMs * CALIBRATION_TOLERANCE && warmupMs >= expectedMs / CALIBRATION_TOLERANCE;
  const isGain = processorMs === null ? null : warmupMs < processorMs * GAIN_RATIO;
  // As fast as the pack says of this provider, and not as slow as the processor.
  if (calibratedMs !== null && isNear(calibratedMs) && isGain !== false)
    return { measured: requested, proof: 'calibrated' };
  if (isGain === null) return { measured: 'unknown', proof: 'unproven' };
  return { measured: isGain ? requested : 'cpu', proof: 'timed' };
}
