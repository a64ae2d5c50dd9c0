import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { gaussianNoise, philox4x32, type PhiloxBlock } from '../../../app/engine/noise.ts';

const TOP = 0xffffffff;

describe('philox4x32', () => {
  // Published with the paper (kat_vectors): a wrong round, constant or word order gives other noise for every seed.
  it.each<[string, PhiloxBlock, readonly [number, number], PhiloxBlock]>([
    ['zeros', [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
    ['ones', [TOP, TOP, TOP, TOP], [TOP, TOP], [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]],
    [
      'digits of pi',
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])('gives the published answer for %s', (_, counter, key, answer) => {
    expect(philox4x32(counter, key)).toEqual(answer);
  });
});

describe('gaussianNoise', () => {
  it('does not depend on how much is drawn at once', () => {
    // Catches state that runs on between elements: another latent size would change all numbers.
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat({ max: 100 }), fc.nat({ max: 100 }), (seed, count, more) => {
        const long = gaussianNoise(seed, 0, count + more);
        expect(gaussianNoise(seed, 0, count)).toEqual(long.subarray(0, count));
      }),
    );
  });

  it('is finite for every seed', () => {
    // Catches the logarithm of zero.
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat({ max: 3 }), (seed, stream) => {
        expect(gaussianNoise(seed, stream, 64).every(Number.isFinite)).toBe(true);
      }),
    );
  });

  it('has the moments and the tails of a normal distribution', () => {
    const noise = gaussianNoise(42, 0, 200_000);
    const moment = (power: number): number => noise.reduce((sum, x) => sum + x ** power, 0) / noise.length;
    // Four standard errors each; uniform or half-scaled noise is far outside.
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(noise.length));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / noise.length));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / noise.length));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / noise.length));
    expect(noise.filter((x) => Math.abs(x) > 1.959964).length / noise.length).toBeCloseTo(0.05, 2);
  });

  it('has uncorrelated neighbours', () => {
    // Catches a pair of elements made of the same angle or radius twice.
    const noise = gaussianNoise(7, 0, 100_000);
    for (const lag of [1, 2, 3, 4]) {
      let product = 0;
      for (let i = lag; i < noise.length; i += 1) product += (noise[i] ?? 0) * (noise[i - lag] ?? 0);
      expect(Math.abs(product / noise.length)).toBeLessThan(4 / Math.sqrt(noise.length));
    }
  });

  it.each([
    ['the next seed', 1, 0],
    ['a seed that differs only above 32 bits', 2 ** 32, 0],
    ['another stream of the same seed', 0, 1],
  ])('is another one for %s', (_, seed, stream) => {
    const one = gaussianNoise(0, 0, 64);
    const other = gaussianNoise(seed, stream, 64);
    expect(one.some((value, i) => value === other[i])).toBe(false);
  });
});
