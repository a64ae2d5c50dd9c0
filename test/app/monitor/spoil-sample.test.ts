import { expect, it } from 'vitest';

import type { ResourceSample } from '../../../app/contract/resource.ts';
import { defaultResourceLimits } from '../../../app/contract/default.ts';
import { judgeResources } from '../../../app/monitor/resource.ts';
import { meterFaults, spoilSample } from '../../../app/monitor/spoil-sample.ts';

const nothing = { engineResidentBytes: null, mainResidentBytes: null };
const calm = (gpus: ResourceSample['gpus'], atMs: number): ResourceSample => ({
  atMs,
  gpus,
  processor: { machineRatio: 0.5, engineCores: 1, mainCores: 0.1 },
  memory: { totalBytes: 8e9, availableBytes: 4e9, ...nothing },
  disk: { homeFreeBytes: 1e12, outputFreeBytes: 1e12 },
});

it.each(meterFaults)('%s is what the monitors of the machine make of the replaced reading', (fault) => {
  const window = Array.from({ length: defaultResourceLimits.sampleCount + 1 }, (_, i) => calm(null, i * 1_000));
  expect(judgeResources(window, defaultResourceLimits)).toEqual([]);
  const spoiled = window.map((sample) => spoilSample(sample, fault));
  expect(judgeResources(spoiled, defaultResourceLimits).map(({ kind }) => kind)).toContain(fault);
});
