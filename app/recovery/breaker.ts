import type { Breaker } from '../contract/recovery-memory.ts';
import { hasRested, restMsOf, type Rest } from './rest.ts';

/** How long something is left alone that failed for good; each further time twice as long. */
export const BREAKER_REST_MS = 10 * 60_000;
export const BREAKER_REST_LIMIT_MS = 6 * 60 * 60_000;
const REST: Rest = { firstMs: BREAKER_REST_MS, limitMs: BREAKER_REST_LIMIT_MS };

export type BreakerName = Pick<Breaker, 'kind' | 'key'>;

const isOf = (one: Breaker, { kind, key }: BreakerName): boolean => one.kind === kind && one.key === key;

/** Open: it is left alone. Once it has rested it may be tried again, and what comes of that decides. */
export function isOpen(breakers: readonly Breaker[], name: BreakerName, nowMs: number): boolean {
  const one = breakers.find((other) => isOf(other, name));
  if (!one) return false;
  return !hasRested(one.openedMs, restMsOf(REST, one.count), nowMs);
}

/** When it may be tried again; null where it may be tried now. */
export function opensUntilMs(breakers: readonly Breaker[], name: BreakerName, nowMs: number): number | null {
  const one = breakers.find((other) => isOf(other, name));
  return one && isOpen(breakers, name, nowMs) ? one.openedMs + restMsOf(REST, one.count) : null;
}

/** It failed: also while it rests, where somebody had nothing else. */
export function trip(breakers: readonly Breaker[], name: BreakerName, nowMs: number): readonly Breaker[] {
  const known = breakers.find((other) => isOf(other, name));
  const isResting = known !== undefined && isOpen(breakers, name, nowMs);
  const count = (known?.count ?? 0) + (isResting ? 0 : 1);
  return [...breakers.filter((other) => !isOf(other, name)), { ...name, count, openedMs: nowMs }];
}

/** It worked: nothing is held against it any more. */
export function heal(breakers: readonly Breaker[], name: BreakerName): readonly Breaker[] {
  return breakers.some((other) => isOf(other, name)) ? breakers.filter((other) => !isOf(other, name)) : breakers;
}
