import type { GpuSample, ResourceSample } from '../contract/resource.ts';
import { unreadCard } from './resource.ts';

/** Readings of the machine that can be replaced on purpose. */
export const meterFaults = ['memory-pressure', 'gpu-overheating', 'gpu-lost'] as const;
export type MeterFault = (typeof meterFaults)[number];

/** What the meter reads when this goes wrong: of the first card, or of one that is not there where the machine has none. */
export function spoilSample(sample: ResourceSample, fault: MeterFault): ResourceSample {
  if (fault === 'memory-pressure') {
    const totalBytes = sample.memory.totalBytes ?? 8 * GIB;
    return { ...sample, memory: { ...sample.memory, totalBytes, availableBytes: totalBytes * 0.02 } };
  }
  const [first = absentCard, ...others] = sample.gpus ?? [];
  const spoiled: GpuSample =
    fault === 'gpu-lost'
      ? { ...first, isLost: true }
      : { ...first, temperatureCelsius: (first.temperatureLimitCelsius ?? 95) + 15, throttle: ['thermal'] };
  return { ...sample, gpus: [spoiled, ...others] };
}

const GIB = 1024 ** 3;

const absentCard: GpuSample = { ...unreadCard, id: 'on purpose', index: 0, name: 'a card that is not there' };
