import fc from 'fast-check';
import { expect, it } from 'vitest';

import { attentionLevels } from '../../../app/engine/attention-map.ts';
import { channelFacts, clipChange } from '../../../app/engine/facts.ts';
import { gaussianNoise } from '../../../app/engine/noise.ts';

it('the moments of a channel are those of the textbook', () => {
  const values = fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 8, maxLength: 200 });
  fc.assert(
    fc.property(values, (list) => {
      const { mean, std, kurtosis } = channelFacts(Float32Array.from(list), 1);
      const average = list.reduce((sum, value) => sum + value, 0) / list.length;
      const moment = (order: number): number =>
        list.reduce((sum, value) => sum + (value - average) ** order, 0) / list.length;
      const tolerance = 1e-3 * (1 + Math.max(...list.map(Math.abs)));
      expect(Math.abs((mean[0] ?? NaN) - average)).toBeLessThan(tolerance);
      expect(Math.abs((std[0] ?? NaN) - Math.sqrt(moment(2)))).toBeLessThan(tolerance);
      if (moment(2) > 1) expect((kurtosis[0] ?? NaN) / (moment(4) / moment(2) ** 2)).toBeCloseTo(1, 2);
    }),
  );
});

it('a normal distribution has kurtosis 3; a channel without spread has none', () => {
  const values = new Float32Array(40_000);
  values.set(gaussianNoise(1, 0, 20_000));
  const { mean, std, kurtosis } = channelFacts(values, 2);
  expect(kurtosis[0]).toBeCloseTo(3, 0);
  expect([mean[1], std[1]]).toEqual([0, 0]);
  expect(kurtosis[1]).toBeNaN();
});

it('counts what is not finite and leaves it out', () => {
  const { nonFiniteCount, mean } = channelFacts(Float32Array.of(1, NaN, 3, Infinity, -Infinity, NaN), 2);
  expect(nonFiniteCount).toBe(4);
  expect([mean[0], mean[1]]).toEqual([2, NaN]);
});

it('tells how far a clip moved, in itself and against its size', () => {
  expect(clipChange(Float32Array.of(1, 2), null)).toBeNull();
  expect(clipChange(Float32Array.of(3, 4), Float32Array.of(3, 4))).toEqual({ rms: 0, ratio: 0 });
  expect(clipChange(Float32Array.of(3, 4), Float32Array.of(0, 0))).toMatchObject({ ratio: 1 });
  expect(clipChange(Float32Array.of(NaN, 4), Float32Array.of(0, 0))).toBeNull();
});

it("keeps the prompt's half of the attention map and its real tokens, in levels of the strongest cell", () => {
  const data = Float32Array.from({ length: 2 * 3 * 2 }, (_, i) => i);
  const map = attentionLevels({ data, shape: [2, 3, 1, 1, 2] }, 2);
  expect(map).toMatchObject({ tokenCount: 2, frameCount: 1, rows: 1, columns: 2 });
  expect([...map.levels]).toEqual([6, 7, 8, 9].map((value) => Math.round((value / 9) * 255)));
  const empty = attentionLevels({ data: new Float32Array(2), shape: [1, 1, 1, 1, 2] }, 1);
  expect([...empty.levels]).toEqual([0, 0]);
  expect([...attentionLevels({ data: Float32Array.of(NaN, 1), shape: [1, 1, 1, 1, 2] }, 1).levels]).toEqual([0, 255]);
});
