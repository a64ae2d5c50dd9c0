import { expect, it } from 'vitest';

import { faultOf } from '../../../app/monitor/fault.ts';
import type { ResourceSample } from '../../../app/contract/resource.ts';
import { initialPlan } from '../../../app/plan/render-plan.ts';
import { forecastsOf, foreseeMemory, isPressing, surelyShort } from '../../../main/job/foresee.ts';
import { sampleReport } from '../../fixture/report.ts';
import { samplePack, sampleRequest } from '../../app/sample-pack.ts';

const pressure = (ownBytes: number | null, severity: 'fault' | 'warning' = 'fault') =>
  faultOf('memory-pressure', 'monitor', { memory: 'ram', ownBytes, totalBytes: 1_000 }, { severity });

it.each([
  ['a full memory that is a good part ours', pressure(300), true],
  ['a full memory that is somebody else’s', pressure(100), false],
  ['a full memory of which nobody knows whose it is', pressure(null), false],
  ['a warning', pressure(300, 'warning'), false],
  ['a card that went away', faultOf('gpu-lost', 'monitor', {}), true],
  ['a slow run', faultOf('slow-query', 'monitor', {}), false],
])('%s stops a running attempt: %j', (_, fault, isStopped) => {
  // Catches a run that is cut short for what its neighbours do: less of our work would not help them.
  expect(isPressing(fault)).toBe(isStopped);
});

const GB = 1e9;
const pack = {
  ...{ folder: '', manifestText: '', sha256: '', isEmbedded: true, calibration: null },
  manifest: { ...samplePack, rungs: samplePack.rungs.map((rung) => ({ ...rung, expectedBytes: 2 * GB })) },
};
const plan = initialPlan(sampleRequest, samplePack);
const machine = (availableBytes: number, gpus: ResourceSample['gpus'] = null): ResourceSample => ({
  ...{ atMs: 0, gpus, processor: { machineRatio: null, engineCores: null, mainCores: null } },
  memory: { totalBytes: 8 * GB, availableBytes, engineResidentBytes: null, mainResidentBytes: null },
  disk: { homeFreeBytes: null, outputFreeBytes: null },
});
const card = (memoryUsedBytes: number): NonNullable<ResourceSample['gpus']>[number] => ({
  ...{ id: 'a', index: 0, name: 'card', vendor: 'nvidia', isLost: false, memoryUsedBytes, memoryTotalBytes: 4 * GB },
  ...{ ownMemoryBytes: null, utilizationRatio: null, temperatureCelsius: null, temperatureLimitCelsius: null },
  ...{ powerWatts: null, powerLimitWatts: null, clockHertz: null, memoryClockHertz: null, throttle: null },
  ...{ pcieReceiveBytesPerSecond: null, pcieTransmitBytesPerSecond: null },
});
const none = { past: [], provider: 'cpu' };

it('foresees what is sure to fail, and nothing where nobody has looked', () => {
  expect(surelyShort(foreseeMemory(plan, pack, none, machine(GB)))).toMatchObject({
    kind: 'memory-pressure',
    evidence: { isPredicted: true, memory: 'ram', neededBytes: 2 * GB },
  });
  expect(surelyShort(foreseeMemory(plan, pack, none, machine(3 * GB)))).toBeNull();
  expect(foreseeMemory(plan, pack, none, null)).toEqual([]);
});

it('foresees the memory of a card where one computes and can be read, and leaves it out otherwise', () => {
  const onCard = { ...none, provider: 'cuda' };
  const memories = (sample: ResourceSample, from = onCard) =>
    foreseeMemory(plan, pack, from, sample).map(({ memory }) => memory);
  expect(memories(machine(7 * GB, [card(0)]))).toEqual(['ram', 'vram']);
  expect(memories(machine(7 * GB, [card(0)]), none)).toEqual(['ram']);
  expect(memories(machine(7 * GB, []))).toEqual(['ram']);
  expect(memories(machine(7 * GB, null))).toEqual(['ram']);
  const full = surelyShort(foreseeMemory(plan, pack, onCard, machine(7 * GB, [card(3 * GB)])));
  expect(full?.evidence).toMatchObject({ memory: 'vram', availableBytes: GB });
});

it('learns from runs that were what was asked for, not from those that had to do with less', () => {
  const { id, version } = samplePack;
  const ran = (peakBytes: number, cure: 'lower-rung' | null) => {
    const report = sampleReport('full', [], cure === null ? [] : [decided(cure)]);
    const { widthPx, heightPx, frameCount } = plan;
    return {
      ...report,
      request: { ...report.request, packId: id, packVersion: version, widthPx, heightPx, frameCount },
      health: { ...report.health, resources: { ...report.health.resources, rssPeakBytes: peakBytes } },
    };
  };
  const decided = (cure: 'lower-rung') => ({
    ...{ fault: 'memory-pressure', action: cure, branch: 'b', reason: 'r', by: 'policy', alternatives: [] },
    ...{ recoveryMs: null, cure },
  });
  const needed = (...past: readonly ReturnType<typeof ran>[]) =>
    foreseeMemory(plan, pack, { ...none, past }, machine(3 * GB))[0];
  expect(needed(ran(GB, null))).toMatchObject({ neededBytes: GB, source: 'history' });
  expect(needed(ran(GB, 'lower-rung'))).toMatchObject({ neededBytes: 2 * GB, source: 'pack' });
});

it('puts what was measured beside what was foreseen, and says nothing where nothing was measured', () => {
  const [ram] = foreseeMemory(plan, pack, none, machine(3 * GB));
  const smaller = ram && { ...ram, neededBytes: GB };
  const forecasts = [smaller, ram].flatMap((one) => one ?? []);
  const [beside, ...rest] = forecastsOf(forecasts, { ram: 2.2 * GB, vram: null });
  expect(rest).toEqual([]);
  expect(beside).toMatchObject({ memory: 'ram', predictedBytes: 2 * GB, source: 'pack', peakBytes: 2.2 * GB });
  expect(beside?.errorRatio).toBeCloseTo(0.1);
  expect(forecastsOf(forecasts, { ram: null, vram: GB })).toMatchObject([{ peakBytes: null, errorRatio: null }]);
  expect(forecastsOf([], { ram: GB, vram: GB })).toEqual([]);
});
