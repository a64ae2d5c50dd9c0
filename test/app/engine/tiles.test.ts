import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { addTile, axisTiles, cutTile, pictureTiles } from '../../../app/engine/tiles.ts';

const axis = fc
  .record({
    cellCount: fc.integer({ min: 1, max: 60 }),
    tileCells: fc.integer({ min: 1, max: 40 }),
    overlapCells: fc.integer({ min: 0, max: 20 }),
    stridePx: fc.constantFrom(1, 4, 8),
  })
  .filter(({ tileCells, overlapCells }) => overlapCells < tileCells);

describe('axisTiles', () => {
  it('covers every pixel, with weights that add up to 1, in tiles of one size', () => {
    // Catches a dark seam where two tiles are blended, and a last tile that hangs over the edge.
    fc.assert(
      fc.property(axis, ({ cellCount, tileCells, overlapCells, stridePx }) => {
        const tiles = axisTiles(cellCount, tileCells, overlapCells, stridePx);
        const total = new Float64Array(cellCount * stridePx);
        for (const { fromCell, cellCount: size, weights } of tiles) {
          expect(size).toBe(Math.min(cellCount, tileCells));
          expect(fromCell >= 0 && fromCell + size <= cellCount).toBe(true);
          expect(weights.length).toBe(size * stridePx);
          weights.forEach((weight, px) => {
            expect(weight).toBeGreaterThan(0);
            const at = fromCell * stridePx + px;
            total[at] = (total[at] ?? Number.NaN) + weight;
          });
        }
        for (const sum of total) expect(sum).toBeCloseTo(1, 5);
      }),
    );
  });

  it('lets neighbours overlap by at least what was asked for', () => {
    fc.assert(
      fc.property(axis, ({ cellCount, tileCells, overlapCells, stridePx }) => {
        const tiles = axisTiles(cellCount, tileCells, overlapCells, stridePx);
        tiles.slice(1).forEach(({ fromCell }, i) => {
          const before = tiles[i];
          expect((before?.fromCell ?? 0) + (before?.cellCount ?? 0) - fromCell).toBeGreaterThanOrEqual(overlapCells);
        });
      }),
    );
  });
});

it('a picture that is cut into tiles and put together again is the same picture', () => {
  const picture = fc.record({
    heightCells: fc.integer({ min: 1, max: 12 }),
    widthCells: fc.integer({ min: 1, max: 12 }),
    tileCells: fc.integer({ min: 2, max: 8 }),
    overlapCells: fc.integer({ min: 0, max: 1 }),
  });
  fc.assert(
    fc.property(picture, ({ heightCells, widthCells, tileCells, overlapCells }) => {
      const channels = 2;
      const frame = Float32Array.from({ length: channels * heightCells * widthCells }, (_, i) => Math.sin(i));
      const sum = new Float32Array(frame.length);
      // A decoder of one pixel a cell: what it gives is what it got.
      for (const tile of pictureTiles({ heightCells, widthCells }, tileCells, overlapCells, 1))
        addTile(sum, channels, widthCells, cutTile(frame, channels, widthCells, tile), tile, 1);
      sum.forEach((value, i) => expect(value).toBeCloseTo(frame[i] ?? Number.NaN, 5));
    }),
  );
});
