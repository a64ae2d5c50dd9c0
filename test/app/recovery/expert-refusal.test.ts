import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { AttemptReport } from '../../../app/contract/report.ts';
import { faultOf } from '../../../app/monitor/fault.ts';
import { isExpertKnownToRefuse, refusingExpert } from '../../../app/recovery/expert-refusal.ts';
import { attemptOf } from './situations.ts';

/** Of an expert, of another part of the pack, or none. */
const anyRefusal = fc.option(fc.constantFrom('high', 'low', 'decoder'));
const anyAttempt: fc.Arbitrary<AttemptReport> = fc
  .record({ refused: anyRefusal, provider: fc.constantFrom('cuda', 'cpu') })
  .map(({ refused, provider }) => {
    if (refused === null) return attemptOf([], { provider });
    const expert = refused === 'decoder' ? {} : { expert: refused };
    return attemptOf([faultOf('provider-failed', refused === 'decoder' ? 'decode' : 'denoise', expert)], { provider });
  });
const anyHistory = fc.array(anyAttempt, { minLength: 1, maxLength: 8 });

const split = (history: readonly AttemptReport[]): [AttemptReport, readonly AttemptReport[]] => [
  history.at(-1) as AttemptReport,
  history.slice(0, -1),
];
const namesOf = (attempts: readonly AttemptReport[]) =>
  attempts.flatMap(({ faults }) => faults.map(({ evidence }) => evidence['expert'] ?? null));

it('blames an expert only where all that this device ever refused was that expert', () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const [attempt, earlier] = split(history);
      const blamed = refusingExpert(attempt, earlier);
      const here = history.filter(({ provider }) => provider === attempt.provider);
      const isAlone = new Set(namesOf(here)).size === 1 && namesOf([attempt]).length === 1;
      expect(blamed).toBe(isAlone ? namesOf([attempt])[0] : null);
    }),
  );
});

it('never knows from one refusal alone, and never forgets what was refused elsewhere', () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const [attempt, earlier] = split(history);
      expect(isExpertKnownToRefuse(attempt, [])).toBe(false);
      if (!isExpertKnownToRefuse(attempt, earlier)) return;
      expect(namesOf(earlier)).toContain(refusingExpert(attempt, earlier));
      const decoder = attemptOf([faultOf('provider-failed', 'decode', {})], { provider: attempt.provider });
      expect(isExpertKnownToRefuse(attempt, [...earlier, decoder])).toBe(false);
    }),
  );
});
