import type { GpuSample, ResourceSample } from '../../../app/contract/resource.ts';

const GIB = 1024 ** 3;

/** A card at work, far from every limit. */
export const calmGpu: GpuSample = {
  id: 'GPU-1',
  index: 0,
  name: 'Sample card',
  vendor: 'nvidia',
  isLost: false,
  memoryUsedBytes: 4 * GIB,
  memoryTotalBytes: 10 * GIB,
  ownMemoryBytes: 3 * GIB,
  utilizationRatio: 0.9,
  temperatureCelsius: 60,
  temperatureLimitCelsius: 83,
  powerWatts: 200,
  powerLimitWatts: 300,
  clockHertz: 1.9e9,
  memoryClockHertz: 9e9,
  pcieReceiveBytesPerSecond: 1e8,
  pcieTransmitBytesPerSecond: 1e7,
  throttle: [],
};

/** A machine without trouble and without a GPU. */
export const calmSample: ResourceSample = {
  atMs: 0,
  gpus: [],
  processor: { machineRatio: 0.5, engineCores: 1, mainCores: 0.1 },
  memory: { totalBytes: 16 * GIB, availableBytes: 8 * GIB, engineResidentBytes: GIB, mainResidentBytes: GIB / 8 },
  disk: { homeFreeBytes: 100 * GIB, outputFreeBytes: 100 * GIB },
};

/** Samples a second apart with this card in them; null: no reader answered; 'gone': it answered without the card. */
export const withGpus = (...cards: readonly (Partial<GpuSample> | null | 'gone')[]): readonly ResourceSample[] =>
  cards.map((card, i) => ({
    ...calmSample,
    atMs: i * 1_000,
    gpus: card === null ? null : card === 'gone' ? [] : [{ ...calmGpu, ...card }],
  }));
