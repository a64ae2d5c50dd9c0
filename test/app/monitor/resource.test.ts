import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { faultReport } from '../../../app/contract/report.ts';
import { resourceSample, type ResourceSample } from '../../../app/contract/resource.ts';
import { defaultResourceLimits as limits } from '../../../app/contract/default.ts';
import { judgeResources, noPeaks, raisePeaks } from '../../../app/monitor/resource.ts';
import { findSwing } from '../../../app/monitor/swing.ts';
import { calmGpu, calmSample, withGpus } from './sample-resources.ts';

const GIB = 1024 ** 3;
const full = { memoryUsedBytes: 9.5 * GIB };
const kindsOf = (samples: readonly ResourceSample[]) => judgeResources(samples, limits).map(({ kind }) => kind);
const ramOf = (...availableGib: readonly (number | null)[]): readonly ResourceSample[] =>
  availableGib.map((gib) => ({
    ...calmSample,
    memory: { ...calmSample.memory, availableBytes: gib === null ? null : gib * GIB },
  }));

describe('memory', () => {
  it.each<[string, readonly ResourceSample[], readonly string[]]>([
    ['one full sample is no pressure', withGpus({}, full), []],
    ['two in a row are', withGpus(full, full), ['memory-pressure']],
    ['a calm one in between is not', withGpus(full, {}, full), []],
    ['exactly the limit is not', withGpus({ memoryUsedBytes: 9 * GIB }, { memoryUsedBytes: 9 * GIB }), []],
    [
      'an unknown total says nothing',
      withGpus({ ...full, memoryTotalBytes: null }, { ...full, memoryTotalBytes: null }),
      [],
    ],
    ['a sample without an answer is passed over', withGpus(full, null, full), ['memory-pressure']],
    ['RAM, two in a row', ramOf(1, 1), ['memory-pressure']],
    ['RAM, one', ramOf(1), []],
    ['RAM that can not be read', ramOf(1, null), []],
  ])('%s', (_name, samples, expected) => expect(kindsOf(samples)).toEqual(expected));

  it('says what is used, by whom, and where the line is', () => {
    expect(judgeResources(withGpus(full, full), limits)[0]).toMatchObject({
      severity: 'fault',
      evidence: { memory: 'vram', gpu: 0, usedRatio: 0.95, ownBytes: 3 * GIB, limitRatio: 0.9 },
    });
  });

  it('holds a configured line', () => {
    expect(judgeResources(ramOf(8, 8), { ...limits, ramRatio: 0.4 })).toHaveLength(1);
  });
});

describe('a card', () => {
  it.each<[string, readonly ResourceSample[], readonly string[]]>([
    ['that says it is lost is lost at once', withGpus({}, { isLost: true }), ['gpu-lost']],
    ['that is gone twice is lost', withGpus({}, 'gone', 'gone'), ['gpu-lost']],
    ['that is gone once is not yet', withGpus({}, 'gone'), []],
    ['that comes back is not', withGpus({}, 'gone', {}), []],
    ['that nobody asked about is not', withGpus({}, null, null, null), []],
    ['that never was is not missed', withGpus('gone', 'gone'), []],
    ['at its own limit is too hot', withGpus({ temperatureCelsius: 83 }), ['gpu-overheating']],
    ['without a limit is judged by ours', withGpus({ temperatureCelsius: 89, temperatureLimitCelsius: null }), []],
    ['slowed down for heat is too hot', withGpus({ throttle: ['power', 'thermal'] }), ['gpu-overheating']],
    ['slowed down for power is at work', withGpus({ throttle: ['power'] }), []],
  ])('%s', (_name, samples, expected) => expect(kindsOf(samples)).toEqual(expected));

  const heats = (from: number, to: number) =>
    withGpus(...Array<object>(12).fill({ temperatureCelsius: from }), { temperatureCelsius: to });
  it('that leaps near its limit is warned of, one that warms up is not', () => {
    expect(judgeResources(heats(64, 75), limits)).toMatchObject([{ kind: 'gpu-overheating', severity: 'warning' }]);
    expect(judgeResources(heats(40, 60), limits)).toEqual([]);
    expect(judgeResources(heats(80, 69), limits)).toEqual([]);
  });
});

it('warns of a disk that is nearly full, and never ends a run for it', () => {
  const samples = [{ ...calmSample, disk: { homeFreeBytes: 1, outputFreeBytes: null } }];
  expect(judgeResources(samples, limits)).toMatchObject([
    { kind: 'disk-full', severity: 'warning', evidence: { place: 'home' } },
  ]);
});

const reading = (max: number) => fc.option(fc.double({ min: 0, max, noNaN: true }), { nil: null });
const anySamples = fc.array(
  fc
    .record({ used: reading(20), available: reading(16), heat: reading(120), isThere: fc.boolean() })
    .map(({ used, available, heat, isThere }): ResourceSample => ({
      ...calmSample,
      gpus: isThere
        ? [{ ...calmGpu, memoryUsedBytes: used === null ? null : used * GIB, temperatureCelsius: heat }]
        : null,
      memory: { ...calmSample.memory, availableBytes: available === null ? null : available * GIB },
    })),
  { maxLength: 40 },
);

describe('whatever is read', () => {
  it('every fault keeps the contract, with finite evidence', () => {
    fc.assert(
      fc.property(anySamples, (samples) => {
        for (const sample of samples) resourceSample.parse(sample);
        for (const fault of judgeResources(samples, limits)) faultReport.parse(fault);
      }),
    );
  });

  it('a peak is the highest reading, and null only if there was none', () => {
    fc.assert(
      fc.property(anySamples, (samples) => {
        const heats = samples.flatMap(({ gpus }) =>
          (gpus ?? []).flatMap(({ temperatureCelsius: c }) => (c === null ? [] : [c])),
        );
        const { temperaturePeakC } = samples.reduce(raisePeaks, noPeaks);
        expect(temperaturePeakC).toBe(heats.length > 0 ? Math.max(...heats) : null);
      }),
    );
  });
});

describe('findSwing', () => {
  it('needs a history, a distance and a deviation', () => {
    const still = Array<number>(10).fill(50);
    expect(findSwing([...still, 56], 3, 5)).toMatchObject({ value: 56, mean: 50, sigma: 0, sigmas: null });
    expect(findSwing([...still, 54], 3, 5)).toBeNull();
    expect(findSwing([...still.slice(1), 90], 3, 5)).toBeNull();
    expect(findSwing([...still, null], 3, 5)).toBeNull();
    const wide = [...Array<number>(5).fill(40), ...Array<number>(5).fill(60)];
    expect(findSwing([...wide, 79], 3, 5)).toBeNull();
    expect(findSwing([...wide, 81], 3, 5)?.sigmas).toBeCloseTo(3.1);
  });
});
