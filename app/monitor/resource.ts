import type { FaultReport } from '../contract/report.ts';
import type { GpuSample, ResourceLimits, ResourcePeaks, ResourceSample } from '../contract/resource.ts';
import { faultOf } from './fault.ts';
import { findSwing } from './swing.ts';

/** A card of which nothing is known but that it is there. */
export const unreadCard: Omit<GpuSample, 'id' | 'index' | 'name'> = {
  vendor: 'other',
  isLost: false,
  memoryUsedBytes: null,
  memoryTotalBytes: null,
  ownMemoryBytes: null,
  utilizationRatio: null,
  temperatureCelsius: null,
  temperatureLimitCelsius: null,
  powerWatts: null,
  powerLimitWatts: null,
  clockHertz: null,
  memoryClockHertz: null,
  pcieReceiveBytesPerSecond: null,
  pcieTransmitBytesPerSecond: null,
  throttle: null,
};

/** A swing says something about a card that is near its limit; a cold one that begins to work swings by right. */
const NEAR_LIMIT_CELSIUS = 15;

/**
 * What is wrong with the machine at the newest of these samples.
 *
 * @param samples  of one run, oldest first; a reading that is null says nothing
 */
export function judgeResources(samples: readonly ResourceSample[], limits: ResourceLimits): readonly FaultReport[] {
  const newest = samples.at(-1);
  if (!newest) return [];
  const ids = new Set(samples.flatMap(({ gpus }) => (gpus ?? []).map(({ id }) => id)));
  return [
    ...[...ids].flatMap((id) => judgeGpu(id, samples, limits)),
    ...judgeMemory(samples, limits),
    ...judgeDisk(newest, limits),
  ];
}

function judgeGpu(id: string, samples: readonly ResourceSample[], limits: ResourceLimits): readonly FaultReport[] {
  // A sample in which no reader answered says nothing of this card.
  const answered = samples.flatMap(({ gpus }) => (gpus === null ? [] : [gpus.find((gpu) => gpu.id === id) ?? null]));
  const seen = answered.filter((gpu) => gpu !== null);
  const [last] = seen.slice(-1);
  const recent = answered.slice(-limits.sampleCount);
  if (!last) return [];
  const { index: gpu, name } = last;
  if (answered.at(-1)?.isLost) return [faultOf('gpu-lost', 'monitor', { gpu, name, says: 'the driver' })];
  if (recent.length === limits.sampleCount && recent.every((one) => one === null))
    return [faultOf('gpu-lost', 'monitor', { gpu, name, says: 'silence', sampleCount: limits.sampleCount })];
  return [...judgeVram(answered, limits), ...judgeHeat(seen, limits)];
}

function judgeVram(answered: readonly (GpuSample | null)[], limits: ResourceLimits): readonly FaultReport[] {
  const ratios = answered
    .slice(-limits.sampleCount)
    .map((gpu) => (gpu === null ? null : ratio(gpu.memoryUsedBytes, gpu.memoryTotalBytes)));
  const last = answered.at(-1);
  if (!last || ratios.length < limits.sampleCount) return [];
  if (!ratios.every((used) => used !== null && used > limits.vramRatio)) return [];
  const { index: gpu, memoryUsedBytes: usedBytes, memoryTotalBytes: totalBytes, ownMemoryBytes: ownBytes } = last;
  const usedRatio = ratio(usedBytes, totalBytes);
  return [
    faultOf('memory-pressure', 'monitor', {
      memory: 'vram',
      gpu,
      usedBytes,
      totalBytes,
      ownBytes,
      usedRatio,
      limitRatio: limits.vramRatio,
      sampleCount: limits.sampleCount,
    }),
  ];
}

function judgeMemory(samples: readonly ResourceSample[], limits: ResourceLimits): readonly FaultReport[] {
  const recent = samples.slice(-limits.sampleCount);
  const last = recent.at(-1);
  if (!last || recent.length < limits.sampleCount) return [];
  if (!recent.every(({ memory }) => (usedRamRatio(memory) ?? 0) > limits.ramRatio)) return [];
  const { totalBytes, availableBytes, engineResidentBytes: ownBytes } = last.memory;
  return [
    faultOf('memory-pressure', 'monitor', {
      memory: 'ram',
      usedBytes: totalBytes !== null && availableBytes !== null ? totalBytes - availableBytes : null,
      totalBytes,
      ownBytes,
      usedRatio: usedRamRatio(last.memory),
      limitRatio: limits.ramRatio,
      sampleCount: limits.sampleCount,
    }),
  ];
}

/** At its limit, slowed down for heat, or swinging near the limit. */
function judgeHeat(seen: readonly GpuSample[], limits: ResourceLimits): readonly FaultReport[] {
  const last = seen.at(-1);
  if (!last) return [];
  const { index: gpu, temperatureCelsius, clockHertz, throttle } = last;
  const limitCelsius = last.temperatureLimitCelsius ?? limits.temperatureCelsius;
  const facts = { gpu, temperatureCelsius, limitCelsius, clockHertz };
  if (temperatureCelsius !== null && temperatureCelsius >= limitCelsius)
    return [faultOf('gpu-overheating', 'monitor', { ...facts, why: 'limit' })];
  if (throttle?.includes('thermal') === true)
    return [faultOf('gpu-overheating', 'monitor', { ...facts, why: 'throttled' })];
  const swing = findSwing(
    seen.map((sample) => sample.temperatureCelsius),
    limits.swingSigmas,
    SMALLEST_SWING_CELSIUS,
  );
  if (swing === null || temperatureCelsius === null || swing.value < swing.mean) return [];
  if (temperatureCelsius < limitCelsius - NEAR_LIMIT_CELSIUS) return [];
  const { mean, sigma, sigmas } = swing;
  return [
    faultOf('gpu-overheating', 'monitor', { ...facts, why: 'swing', mean, sigma, sigmas }, { severity: 'warning' }),
  ];
}

/** A sensor that reads whole degrees has no deviation at rest: less than this is no swing. */
const SMALLEST_SWING_CELSIUS = 5;

function judgeDisk({ disk }: ResourceSample, { diskFreeBytes: limitBytes }: ResourceLimits): readonly FaultReport[] {
  return (
    [
      ['home', disk.homeFreeBytes],
      ['output', disk.outputFreeBytes],
    ] as const
  ).flatMap(([place, freeBytes]) =>
    freeBytes !== null && freeBytes < limitBytes
      ? [faultOf('disk-full', 'monitor', { place, freeBytes, limitBytes }, { severity: 'warning' })]
      : [],
  );
}

export function usedRamRatio({ totalBytes, availableBytes }: ResourceSample['memory']): number | null {
  if (availableBytes === null) return null;
  return ratio(totalBytes === null ? null : totalBytes - availableBytes, totalBytes);
}

const ratio = (part: number | null, whole: number | null): number | null =>
  part === null || whole === null || whole <= 0 ? null : part / whole;

export const noPeaks: ResourcePeaks = {
  vramPeakRatio: null,
  rssPeakBytes: null,
  temperaturePeakC: null,
  powerPeakW: null,
};

/** Highest readings so far, of any card. */
export function raisePeaks(peaks: ResourcePeaks, { gpus, memory }: ResourceSample): ResourcePeaks {
  return (gpus ?? []).reduce(
    (highest, gpu) =>
      highestPeaks(highest, {
        vramPeakRatio: ratio(gpu.memoryUsedBytes, gpu.memoryTotalBytes),
        rssPeakBytes: null,
        temperaturePeakC: gpu.temperatureCelsius,
        powerPeakW: gpu.powerWatts,
      }),
    highestPeaks(peaks, { ...noPeaks, rssPeakBytes: memory.engineResidentBytes }),
  );
}

/** The higher one of each; null only where both are. */
export function highestPeaks(a: ResourcePeaks, b: ResourcePeaks): ResourcePeaks {
  const higher = (one: number | null, other: number | null): number | null =>
    one === null || other === null ? (one ?? other) : Math.max(one, other);
  return {
    vramPeakRatio: higher(a.vramPeakRatio, b.vramPeakRatio),
    rssPeakBytes: higher(a.rssPeakBytes, b.rssPeakBytes),
    temperaturePeakC: higher(a.temperaturePeakC, b.temperaturePeakC),
    powerPeakW: higher(a.powerPeakW, b.powerPeakW),
  };
}
