import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { Breaker } from '../../../app/contract/recovery-memory.ts';
import { providerNames, providerOrder } from '../../../app/plan/provider-order.ts';
import {
  BREAKER_REST_LIMIT_MS,
  BREAKER_REST_MS,
  heal,
  isOpen,
  opensUntilMs,
  trip,
} from '../../../app/recovery/breaker.ts';

const cuda = { kind: 'provider', key: 'cuda' } as const;

it('is left alone after it failed, tried again after a rest, and forgiven when it works', () => {
  const open = trip([], cuda, 0);
  expect(isOpen(open, cuda, BREAKER_REST_MS - 1)).toBe(true);
  expect(isOpen(open, cuda, BREAKER_REST_MS)).toBe(false);
  expect([0, BREAKER_REST_MS].map((nowMs) => opensUntilMs(open, cuda, nowMs))).toEqual([BREAKER_REST_MS, null]);
  expect(isOpen(heal(open, cuda), cuda, 1)).toBe(false);
  expect(isOpen(open, { kind: 'pack', key: 'cuda' }, 1)).toBe(false);
});

it('rests twice as long each time that it fails after a rest, up to a limit', () => {
  let breakers: readonly Breaker[] = [];
  let nowMs = 0;
  for (let count = 1; count < 12; count += 1) {
    breakers = trip(breakers, cuda, nowMs);
    const restMs = Math.min(BREAKER_REST_LIMIT_MS, BREAKER_REST_MS * 2 ** (count - 1));
    expect(isOpen(breakers, cuda, nowMs + restMs - 1)).toBe(true);
    expect(isOpen(breakers, cuda, nowMs + restMs)).toBe(false);
    nowMs += restMs;
  }
});

it('keeps one entry for each, and nothing alone for longer than the limit, whatever the clock does', () => {
  const name = fc.record({
    kind: fc.constantFrom('pack' as const, 'provider' as const),
    key: fc.constantFrom('a', 'b'),
  });
  const event = fc.record({ name, isFailure: fc.boolean(), afterMs: fc.integer({ min: -1e8, max: 1e8 }) });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), name, (events, asked) => {
      let breakers: readonly Breaker[] = [];
      let nowMs = 1e12;
      for (const { name: one, isFailure, afterMs } of events) {
        nowMs += afterMs;
        breakers = isFailure ? trip(breakers, one, nowMs) : heal(breakers, one);
        expect(isOpen(breakers, one, nowMs)).toBe(isFailure);
      }
      const names = breakers.map(({ kind, key }) => `${kind}/${key}`);
      expect(new Set(names).size).toBe(names.length);
      expect(isOpen(breakers, asked, nowMs + BREAKER_REST_LIMIT_MS + 1e10)).toBe(false);
    }),
  );
});

it('computes on the processor at last, whatever is wanted', () => {
  expect(providerOrder([])).toEqual(['cpu']);
  expect(providerOrder(['cpu', 'cuda'])).toEqual(['cuda', 'cpu']);
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...providerNames)), (wanted) => {
      const order = providerOrder(wanted);
      expect(order.at(-1)).toBe('cpu');
      expect(new Set(order).size).toBe(order.length);
    }),
  );
});
