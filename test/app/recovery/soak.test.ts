import { expect, it } from 'vitest';

import { slopePerRun, type SoakSample } from '../../../app/recovery/soak.ts';

const samples = (bytesAt: (run: number) => number): readonly SoakSample[] =>
  Array.from({ length: 200 }, (_, run) => ({ run, mainBytes: bytesAt(run), handles: 20, files: 3 }));
const slope = (bytesAt: (run: number) => number) => slopePerRun(samples(bytesAt), ({ mainBytes }) => mainBytes);

it('sees a leak below a saw of garbage', () => {
  expect(slope((run) => 1e8 + run * 500 + (run % 7) * 1e6)).toBeCloseTo(500, -2);
});

it('takes neither garbage, nor caches that fill at first, nor one odd run for a leak', () => {
  expect(slope((run) => 1e8 + (run % 7) * 1e6 + (run === 150 ? 1e9 : 0))).toBe(0);
  expect(slope((run) => 1e8 + Math.min(run, 30) * 1e6)).toBe(0);
});

it('says nothing of a few runs', () => {
  expect(slopePerRun(samples(() => 1).slice(0, 15), ({ mainBytes }) => mainBytes)).toBeNull();
});
