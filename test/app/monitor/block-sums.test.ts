import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { blockKernel } from '../../../app/monitor/block-kernel.ts';
import { blockSummer, byPixels } from '../../../app/monitor/block-sums.ts';

describe('sums over blocks', () => {
  it('are there as vectors on this machine', () => {
    expect(blockKernel(16)).not.toBeNull();
  });

  it('by vectors are those by pixels, at every width and of every level', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 200 }), fc.integer(), fc.boolean(), (widthPx, seed, isExtreme) => {
        let state = seed | 1;
        const level = (): number => {
          state = Math.imul(state, 1_664_525) + 1_013_904_223;
          return isExtreme ? (state < 0 ? 0 : 255) : state >>> 24;
        };
        const [a, b] = [
          Uint8Array.from({ length: widthPx * 8 }, level),
          Uint8Array.from({ length: widthPx * 8 }, level),
        ];
        const byVectors = blockSummer(a, b, widthPx);
        const plain = byPixels(a, b, widthPx);
        for (const top of [0, 4, 1]) expect(byVectors(top)).toEqual(plain(top));
      }),
      { numRuns: 60 },
    );
  });
});
