import fc from 'fast-check';
import { expect, it } from 'vitest';

import { gradeOf, type Outcome } from '../../../app/recovery/grade.ts';

const perfect: Outcome = { delivered: 'frames', isAsAsked: true, isSound: true, wasRepaired: false };

it.each<[Partial<Outcome>, string]>([
  [{}, 'full'],
  [{ wasRepaired: true }, 'repaired'],
  [{ isAsAsked: false }, 'degraded'],
  [{ isAsAsked: false, wasRepaired: true }, 'degraded'],
  [{ isSound: false }, 'degraded'],
  [{ delivered: 'still', isAsAsked: false }, 'still'],
  [{ delivered: 'template' }, 'template'],
  [{ delivered: 'fallback', wasRepaired: true }, 'fallback'],
])('%j is %s', (part, grade) => {
  expect(gradeOf({ ...perfect, ...part })).toBe(grade);
});

it('is full only when nothing at all was amiss', () => {
  const any = fc.record({
    delivered: fc.constantFrom('frames' as const, 'still' as const, 'template' as const, 'fallback' as const),
    isAsAsked: fc.boolean(),
    isSound: fc.boolean(),
    wasRepaired: fc.boolean(),
  });
  fc.assert(
    fc.property(
      any,
      (outcome) => (gradeOf(outcome) === 'full') === (JSON.stringify(outcome) === JSON.stringify(perfect)),
    ),
  );
});
