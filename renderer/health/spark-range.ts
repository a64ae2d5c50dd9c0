import type { Limit } from '../../app/contract/health.ts';

interface Point {
  readonly value: number | null;
  readonly limit: Limit | null;
}

const MARGIN_RATIO = 0.15;

/**
 * The values that a small curve shows from bottom to top; null when there is nothing to show. Lines are in sight unless they are so
 * far off that the curve would be flat.
 */
export function sparkRange(points: readonly Point[]): { readonly low: number; readonly high: number } | null {
  const values = points.flatMap(({ value }) => (value !== null && Number.isFinite(value) ? [value] : []));
  if (values.length === 0) return null;
  let low = Math.min(...values);
  let high = Math.max(...values);
  const spread = Math.max(high - low, Math.abs(high) * 0.1, 1e-9);
  for (const { limit } of points) {
    if (limit?.low !== null && limit?.low !== undefined && low - limit.low < 4 * spread) low = Math.min(low, limit.low);
    if (limit?.high !== null && limit?.high !== undefined && limit.high - high < 4 * spread)
      high = Math.max(high, limit.high);
  }
  const margin = Math.max(high - low, Math.abs(high) * 0.05, 1e-9) * MARGIN_RATIO;
  return { low: low - margin, high: high + margin };
}
