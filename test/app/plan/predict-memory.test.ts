import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { packManifest } from '../../../app/contract/pack.ts';
import { faultReport } from '../../../app/contract/report.ts';
import { predictionError, predictMemory, type MemoryRecord } from '../../../app/plan/predict-memory.ts';
import { sampleManifest } from '../sample-pack.ts';

const MB = 1_000_000;
const WEIGHTS_BYTES = 40 * MB;
const files = Object.fromEntries(
  Object.entries(sampleManifest().files).map(([name, file], i) => [
    name,
    { ...file, bytes: i === 0 ? WEIGHTS_BYTES : 0 },
  ]),
);
/** Its rung `standard` of 128x64x17 expects 100 MB. */
const pack = packManifest.parse({ ...sampleManifest(), files });
const shape = { widthPx: 128, heightPx: 64, frameCount: 17 };
const there = { memory: 'ram', totalBytes: 1_000 * MB, availableBytes: 800 * MB, ownBytes: null } as const;
const limits = { vramRatio: 0.9, ramRatio: 0.9 };
const base = { pack, rung: 'standard', shape, history: [], calibratedBytes: null, there, limits };
const ran = (peakBytes: number, frameCount = 17): MemoryRecord => ({ ...shape, frameCount, peakBytes });

describe('where the figure comes from', () => {
  it('the pack, then its calibration, then what was measured here', () => {
    expect(predictMemory(base)).toMatchObject({ neededBytes: 100 * MB, source: 'pack', runCount: 0 });
    expect(predictMemory({ ...base, calibratedBytes: 120 * MB })).toMatchObject({
      neededBytes: 120 * MB,
      source: 'calibration',
    });
    const measured = predictMemory({ ...base, calibratedBytes: 120 * MB, history: [ran(90 * MB), ran(95 * MB)] });
    expect(measured).toMatchObject({ neededBytes: 95 * MB, source: 'history', runCount: 2 });
  });

  it('scales another shape by its pixels and leaves the weights as they are', () => {
    // 40 MB of weights and 60 MB that grow with the picture.
    expect(predictMemory({ ...base, shape: { ...shape, frameCount: 34 } }).neededBytes).toBe(160 * MB);
    expect(predictMemory({ ...base, shape: { ...shape, frameCount: 34 }, history: [ran(100 * MB)] }).neededBytes).toBe(
      160 * MB,
    );
  });

  it('prefers a run of the same shape to any other', () => {
    expect(predictMemory({ ...base, history: [ran(70 * MB), ran(500 * MB, 5)] }).neededBytes).toBe(70 * MB);
  });
});

describe('foreseen pressure', () => {
  it.each<[string, number | null, number | null, boolean]>([
    ['enough', 800 * MB, null, false],
    ['just enough to stay below the line', 200 * MB, null, false],
    ['a little less', 199 * MB, null, true],
    ['what the engine holds already counts as there', 150 * MB, 60 * MB, false],
    ['nobody knows what is there', null, null, false],
  ])('%s', (_name, availableBytes, ownBytes, isShort) => {
    const { fault } = predictMemory({ ...base, there: { ...there, availableBytes, ownBytes } });
    expect(fault !== null).toBe(isShort);
    if (fault)
      expect(fault).toMatchObject({
        kind: 'memory-pressure',
        stage: 'plan',
        evidence: { isPredicted: true, neededBytes: 100 * MB },
      });
  });

  it('never needs less for more pixels, and always keeps the contract', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 400 }),
        fc.array(fc.record({ frames: fc.integer({ min: 1, max: 100 }), mb: fc.integer({ min: 1, max: 5_000 }) })),
        fc.integer({ min: 0, max: 5_000 }),
        (a, b, runs, availableMb) => {
          const history = runs.map(({ frames, mb }) => ran(mb * MB, frames + 1_000));
          const need = (frameCount: number) =>
            predictMemory({
              ...base,
              shape: { ...shape, frameCount },
              history,
              there: { ...there, availableBytes: availableMb * MB },
            });
          const [small, large] = [need(Math.min(a, b)), need(Math.max(a, b))];
          expect(small.neededBytes).toBeLessThanOrEqual(large.neededBytes);
          if (large.fault) faultReport.parse(large.fault);
        },
      ),
    );
  });
});

it('is compared with what was taken', () => {
  expect(predictionError(100, 110)).toBeCloseTo(0.1);
  expect(predictionError(100, null)).toBeNull();
});
