interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * The range as it is now, some time after it was measured: it shrinks with the clock until the next measurement. Once
 * even the cautious end has passed, no number would be honest.
 */
export function remainingNow(measured: Range | null, sinceMs: number): Range | 'over' | null {
  if (!measured) return null;
  if (measured.high > 0 && measured.high <= sinceMs) return 'over';
  return { low: Math.max(0, measured.low - sinceMs), high: Math.max(0, measured.high - sinceMs) };
}
