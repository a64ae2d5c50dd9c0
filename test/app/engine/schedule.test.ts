import fc from 'fast-check';
import { expect, it } from 'vitest';

import { FIRST_SIGMA_LIMIT, flowSigmas } from '../../../app/engine/schedule.ts';

it('falls strictly from just below 1 to exactly 0, whatever steps and shift', () => {
  // Catches a repeated sigma (a leap of length 0 divides by 0) and a last sigma that leaves noise in the clip.
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.double({ min: 0.1, max: 20, noNaN: true }), (steps, shift) => {
      const sigmas = flowSigmas(steps, shift);
      expect(sigmas).toHaveLength(steps + 1);
      expect(sigmas[0]).toBe(FIRST_SIGMA_LIMIT);
      expect(sigmas[0]).toBeLessThan(1);
      expect(sigmas.at(-1)).toBe(0);
      for (let i = 1; i < sigmas.length; i += 1) expect(sigmas[i]).toBeLessThan(sigmas[i - 1] ?? 0);
    }),
  );
});

it('is linear without a shift', () => {
  expect([...flowSigmas(4, 1)].slice(1)).toEqual([0.75, 0.5, 0.25, 0]);
});

it('follows the shift formula', () => {
  // shift * sigma / (1 + (shift - 1) * sigma) at sigma 0.75, 0.5 and 0.25 with shift 3, by hand.
  const [, ...rest] = flowSigmas(4, 3);
  [0.9, 0.75, 0.5, 0].forEach((sigma, i) => expect(rest[i]).toBeCloseTo(sigma, 12));
});

it.each([
  ['no steps', 0, 3],
  ['half a step', 1.5, 3],
  ['NaN steps', NaN, 3],
  ['no shift', 4, 0],
  ['a NaN shift', 4, NaN],
])('refuses %s', (_, steps, shift) => {
  expect(() => flowSigmas(steps, shift)).toThrow(/^bug: no schedule/);
});
