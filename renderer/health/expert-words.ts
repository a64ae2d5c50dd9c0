import type { ExpertHealth } from '../../app/contract/health.ts';
import type { StudioText } from '../locale/en.ts';

/** What a creator wants to know of an expert at a glance; finer than what main decides by. */
export type ExpertStanding = 'healthy' | 'suspect' | 'masked' | 'rested' | 'probing' | 'readmitted';

export function expertStanding(
  { state, abnormalCount, sinceMs, restsUntilMs }: ExpertHealth,
  nowMs: number,
): ExpertStanding {
  if (state === 'probing') return 'probing';
  if (state === 'masked') return restsUntilMs !== null && nowMs >= restsUntilMs ? 'rested' : 'masked';
  if (abnormalCount > 0) return 'suspect';
  // It was taken out once, and is back.
  return sinceMs === null ? 'healthy' : 'readmitted';
}

/** One short phrase for the list. */
export function expertWords(
  health: ExpertHealth,
  nowMs: number,
  text: StudioText,
  when: (atMs: number) => string,
): string {
  const standing = expertStanding(health, nowMs);
  switch (standing) {
    case 'suspect':
      return text.expertSuspect(health.abnormalCount, health.abnormalLimit);
    case 'masked':
      return health.restsUntilMs === null ? text.expertName.masked : text.expertRests(when(health.restsUntilMs));
    default:
      return text.expertName[standing];
  }
}
