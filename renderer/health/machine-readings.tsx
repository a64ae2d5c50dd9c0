import { useEffect, useMemo } from 'react';

import type { Limit } from '../../app/contract/health.ts';
import type { GpuSample, ResourceLimits, ResourceSample } from '../../app/contract/resource.ts';
import { defaultResourceLimits } from '../../app/contract/default.ts';
import { useText } from '../locale/use-text.ts';
import { ask } from '../state/ask.ts';
import { KEPT_SAMPLES, useResources } from '../state/resource-bus.ts';
import { useStudio } from '../state/studio-store.ts';
import { FigureRow } from './figure-row.tsx';
import type { SparkPoint } from './spark.tsx';

const GIB = 1024 ** 3;
/** A line that the user has moved says so. */
const below = (high: number, usual: number): Limit => ({
  low: null,
  high,
  source: high === usual ? 'default' : 'settings',
});

/** A line that the card itself names. */
const belowOwn = (high: number): Limit => ({ low: null, high, source: 'device' });

interface Reading {
  readonly of: (sample: ResourceSample) => number | null;
  readonly limit: (sample: ResourceSample, limits: ResourceLimits) => Limit | null;
  readonly unit: string;
}

const ramPercent: Reading = {
  of: ({ memory: { totalBytes, availableBytes } }) =>
    totalBytes === null || availableBytes === null ? null : (1 - availableBytes / totalBytes) * 100,
  limit: (_sample, { ramRatio }) => below(ramRatio * 100, defaultResourceLimits.ramRatio * 100),
  unit: '%',
};
const engineGib: Reading = {
  of: ({ memory }) => (memory.engineResidentBytes === null ? null : memory.engineResidentBytes / GIB),
  limit: () => null,
  unit: 'GiB',
};
const cpuPercent: Reading = {
  of: ({ processor }) => (processor.machineRatio === null ? null : processor.machineRatio * 100),
  limit: () => null,
  unit: '%',
};
const diskGib: Reading = {
  of: ({ disk }) => (disk.homeFreeBytes === null ? null : disk.homeFreeBytes / GIB),
  limit: (_sample, { diskFreeBytes }) => ({ low: diskFreeBytes / GIB, high: null, source: 'default' }),
  unit: 'GiB',
};

/** The machine now and in the last two minutes. What can't be read says so. */
export function MachineReadings() {
  const text = useText();
  const samples = useResources();
  useEffect(() => {
    void ask('resources.watch', { isWatched: true });
    return () => void ask('resources.watch', { isWatched: false });
  }, []);
  const last = samples.at(-1);
  if (!last) return <p className="hint">{text.readingsNone}</p>;
  return (
    <>
      <ReadingRow samples={samples} reading={ramPercent} {...text.machineFigure.ram} />
      <ReadingRow samples={samples} reading={engineGib} {...text.machineFigure.engine} />
      <ReadingRow samples={samples} reading={cpuPercent} {...text.machineFigure.cpu} />
      <ReadingRow samples={samples} reading={diskGib} {...text.machineFigure.disk} />
      {last.gpus === null || last.gpus.length === 0 ? (
        <p className="hint">{last.gpus === null ? text.gpuUnknown : text.gpuNone}</p>
      ) : (
        last.gpus.map((gpu) => <GpuReadings key={gpu.id} id={gpu.id} name={gpu.name} samples={samples} />)
      )}
    </>
  );
}

function gpuReadings(id: string): Readonly<Record<'vram' | 'gpuLoad' | 'temperature' | 'power' | 'pcie', Reading>> {
  const card = ({ gpus }: ResourceSample): GpuSample | undefined => gpus?.find((gpu) => gpu.id === id);
  const reading = (
    of: (gpu: GpuSample) => number | null,
    unit: string,
    limit: (gpu: GpuSample, limits: ResourceLimits) => Limit | null = () => null,
  ): Reading => ({
    of: (sample) => {
      const gpu = card(sample);
      return gpu ? of(gpu) : null;
    },
    limit: (sample, limits) => {
      const gpu = card(sample);
      return gpu ? limit(gpu, limits) : null;
    },
    unit,
  });
  return {
    vram: reading(
      ({ memoryUsedBytes: used, memoryTotalBytes: total }) =>
        used === null || total === null ? null : (used / total) * 100,
      '%',
      (_gpu, { vramRatio }) => below(vramRatio * 100, defaultResourceLimits.vramRatio * 100),
    ),
    gpuLoad: reading(({ utilizationRatio: ratio }) => (ratio === null ? null : ratio * 100), '%'),
    temperature: reading(
      ({ temperatureCelsius }) => temperatureCelsius,
      '°C',
      ({ temperatureLimitCelsius: vendor }, { temperatureCelsius: own }) =>
        vendor === null ? below(own, defaultResourceLimits.temperatureCelsius) : belowOwn(vendor),
    ),
    power: reading(
      ({ powerWatts }) => powerWatts,
      'W',
      ({ powerLimitWatts }) => (powerLimitWatts === null ? null : belowOwn(powerLimitWatts)),
    ),
    pcie: reading(
      ({ pcieReceiveBytesPerSecond: down, pcieTransmitBytesPerSecond: up }) =>
        down === null || up === null ? null : (down + up) / GIB,
      'GiB/s',
    ),
  };
}

interface GpuReadingsProps {
  readonly id: string;
  readonly name: string;
  readonly samples: readonly ResourceSample[];
}

function GpuReadings({ id, name, samples }: GpuReadingsProps) {
  const text = useText();
  const readings = useMemo(() => gpuReadings(id), [id]);
  return (
    <>
      <p className="card-name">{name}</p>
      {(['vram', 'gpuLoad', 'temperature', 'power', 'pcie'] as const).map((kind) => (
        <ReadingRow key={kind} samples={samples} reading={readings[kind]} {...text.machineFigure[kind]} />
      ))}
    </>
  );
}

interface ReadingRowProps {
  readonly samples: readonly ResourceSample[];
  readonly reading: Reading;
  readonly name: string;
  readonly meaning: string;
}

function ReadingRow({ samples, reading, name, meaning }: ReadingRowProps) {
  const last = samples.at(-1);
  const limits = useStudio(({ telemetry }) => telemetry?.settings.resources ?? defaultResourceLimits);
  const points = useMemo(
    () =>
      samples.map((sample, index): SparkPoint => {
        const at = 1 - (samples.length - 1 - index) / (KEPT_SAMPLES - 1);
        return { at, value: reading.of(sample), limit: reading.limit(sample, limits) };
      }),
    [samples, reading, limits],
  );
  if (!last) return null;
  return (
    <FigureRow
      name={name}
      meaning={meaning}
      unit={reading.unit}
      value={reading.of(last)}
      limit={reading.limit(last, limits)}
      points={points}
    />
  );
}
