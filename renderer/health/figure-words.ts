import { shortNumber } from '../../app/base/figure.ts';
import type { JudgedFigure, Limit } from '../../app/contract/health.ts';
import type { StudioText } from '../locale/en.ts';

export type Standing = 'good' | 'bad' | 'unjudged' | 'absent';

/** Which side of its lines a figure is on. NaN counts as a figure, and as a bad one. */
export function standingOf({ value, limit }: JudgedFigure): Standing {
  if (value === null) return 'absent';
  if (!Number.isFinite(value)) return 'bad';
  if (limit === null || (limit.low === null && limit.high === null)) return 'unjudged';
  return (limit.low !== null && value < limit.low) || (limit.high !== null && value > limit.high) ? 'bad' : 'good';
}

/** A figure with its unit; words where there is none. */
export function figureWords(value: number | null, unit: string, text: StudioText): string {
  if (value === null) return text.notAvailable;
  return unit === '' ? shortNumber(value) : `${shortNumber(value)} ${unit}`;
}

/** The healthy side of the lines, in words. */
export function limitWords(limit: Limit | null, unit: string, text: StudioText): string {
  const low = limit?.low ?? null;
  const high = limit?.high ?? null;
  if (low !== null && high !== null) return text.between(shortNumber(low), figureWords(high, unit, text));
  if (low !== null) return text.atLeast(figureWords(low, unit, text));
  if (high !== null) return text.atMost(figureWords(high, unit, text));
  return text.noLimit;
}
