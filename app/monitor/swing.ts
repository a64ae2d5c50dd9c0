/** How far the newest reading lies from those before it. */
export interface Swing {
  readonly value: number;
  readonly mean: number;
  readonly sigma: number;
  /** |value - mean| / sigma; null where nothing had moved before. */
  readonly sigmas: number | null;
}

/** Fewer readings have no deviation worth the name. */
const SMALLEST_HISTORY = 10;

/**
 * The newest reading against the mean and deviation of those before it.
 *
 * @param readings     oldest first; nulls are left out
 * @param limitSigmas  from where on it is a swing
 * @param floor        in the reading's own unit: a smaller distance is never a swing
 * @returns            null where there is none, and where too few readings came before
 */
export function findSwing(readings: readonly (number | null)[], limitSigmas: number, floor: number): Swing | null {
  if ((readings.at(-1) ?? null) === null) return null;
  const known = readings.filter((reading) => reading !== null);
  const value = known.at(-1);
  const past = known.slice(0, -1);
  if (value === undefined || past.length < SMALLEST_HISTORY) return null;
  const mean = past.reduce((sum, reading) => sum + reading, 0) / past.length;
  const sigma = Math.sqrt(past.reduce((sum, reading) => sum + (reading - mean) ** 2, 0) / past.length);
  const distance = Math.abs(value - mean);
  if (distance < floor || distance <= limitSigmas * sigma) return null;
  return { value, mean, sigma, sigmas: sigma > 0 ? distance / sigma : null };
}
