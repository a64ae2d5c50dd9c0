import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { textCalibration } from '../../../app/contract/calibration-text.ts';
import { principalAxes, shrunkCovariance } from '../../../app/monitor/covariance.ts';
import { fitDistribution, judgeDistribution, whiten } from '../../../app/monitor/distribution.ts';
import { gaussian } from './gaussian.ts';

const WIDTH = 12;
/** Wide along the first coordinates, narrow along the last; its middle is not zero. */
const healthy = (seed: number, count: number): Float32Array[] => {
  const next = gaussian(seed);
  return Array.from({ length: count }, () =>
    Float32Array.from({ length: WIDTH }, (_, i) => 3 + next() * (i < 4 ? 5 : 0.1 + 0.05 * i)),
  );
};

describe('shrunkCovariance', () => {
  it('is the sample covariance where samples abound, and a sphere where there are almost none', () => {
    const many = shrunkCovariance(healthy(1, 4_000), WIDTH);
    expect(many.shrinkage).toBeLessThan(0.01);
    expect(many.rows[0]?.[0]).toBeGreaterThan(23);
    expect(many.rows[0]?.[0]).toBeLessThan(27);
    const noise = gaussian(3);
    const few = Array.from({ length: 5 }, () => Float32Array.from({ length: 40 }, noise));
    expect(shrunkCovariance(few, 40).shrinkage).toBeGreaterThan(0.5);
  });

  it('agrees with the formula on an example small enough for paper', () => {
    // Samples (1, 0), (-1, 0), (0, 1), (0, -1): S = I/2 is a sphere already, so that shrinking changes nothing.
    const cross = [[1, 0], [-1, 0], [0, 1], [0, -1]]; // prettier-ignore
    const { rows, mean } = shrunkCovariance(cross, 2);
    expect([...mean]).toEqual([0, 0]);
    expect(rows.map((row) => [...row])).toEqual([[0.5, 0], [0, 0.5]]); // prettier-ignore
  });
});

describe('principalAxes', () => {
  it('gives orthonormal axes that make up the matrix again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9_999 }), (size, seed) => {
        const next = gaussian(seed);
        const half = Array.from({ length: size }, () => Float64Array.from({ length: size }, next));
        const rows = half.map((row, i) => row.map((value, j) => value + (half[j]?.[i] ?? 0)));
        const axes = principalAxes(rows);
        for (const [i, row] of rows.entries())
          for (const [j, value] of row.entries()) {
            const again = axes.reduce(
              (sum, { variance, direction }) => sum + variance * (direction[i] ?? 0) * (direction[j] ?? 0),
              0,
            );
            expect(again).toBeCloseTo(value, 8);
          }
        axes.forEach((a, i) =>
          axes.forEach((b, j) => {
            const product = a.direction.reduce((sum, value, k) => sum + value * (b.direction[k] ?? 0), 0);
            expect(product).toBeCloseTo(i === j ? 1 : 0, 8);
          }),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('fitDistribution', () => {
  const section = fitDistribution(healthy(1, 1_500), healthy(2, 1_000));
  const middle = Float32Array.from({ length: WIDTH }, () => 3);

  it('fits its own schema, and travels through JSON', () => {
    expect(textCalibration.parse(JSON.parse(JSON.stringify(section)))).toEqual(section);
  });

  it('whitens: healthy text has variance 1 along each axis, less where shrinking widened a narrow one', () => {
    const rows = healthy(5, 2_000).map((row) => whiten(section, row));
    for (let axis = 0; axis < section.axisCount; axis += 1) {
      const variance = rows.reduce((sum, row) => sum + (row[axis] ?? 0) ** 2, 0) / rows.length;
      expect(variance).toBeGreaterThan(0.6);
      expect(variance).toBeLessThan(1.2);
    }
  });

  it('calls about one in a hundred healthy prompts outside: 0.5 % by each of two measures', () => {
    const outside = healthy(7, 4_000).filter((row) => judgeDistribution(section, row)?.isOutside);
    expect(outside.length / 4_000).toBeLessThan(0.025);
  });

  it('sees what is far along a narrow direction, though it is near in plain distance', () => {
    const odd = middle.with(WIDTH - 1, 3 + 5);
    const wide = middle.with(0, 3 + 5);
    expect(judgeDistribution(section, odd)?.isOutside).toBe(true);
    expect(judgeDistribution(section, wide)?.isOutside).toBe(false);
  });

  it('sees by density what lies in the empty middle of a ring, where no distance from the middle would', () => {
    const next = gaussian(11);
    const ring = (count: number): Float32Array[] =>
      Array.from({ length: count }, () => {
        const [x, y] = [next(), next()];
        const length = Math.hypot(x, y);
        return Float32Array.from([(10 * x) / length + 0.2 * next(), (10 * y) / length + 0.2 * next()]);
      });
    const fitted = fitDistribution(ring(1_500), ring(500));
    const centre = judgeDistribution(fitted, new Float32Array(2));
    expect(centre?.mahalanobis).toBeLessThan(fitted.mahalanobisThreshold);
    expect(centre?.isOutside).toBe(true);
  });

  it('has no answer for an embedding of another width or without numbers', () => {
    expect(judgeDistribution(section, new Float32Array(3))).toBeNull();
    expect(judgeDistribution(section, middle.with(0, NaN))).toBeNull();
  });
});
