import { Counter, Gauge, Histogram, Registry } from 'prom-client';

import { actionKinds, faultKinds, gradeNames } from '../../app/contract/list.ts';
import type { FaultKind } from '../../app/contract/name.ts';

/** A figure without labels that is there only while it is known: prom-client would show 0 for one that never was. */
export class Figure {
  readonly #registry: Registry;
  readonly #gauge: Gauge;
  readonly #name: string;

  constructor(registry: Registry, name: string, help: string) {
    this.#registry = registry;
    this.#name = name;
    this.#gauge = new Gauge({ name, help, registers: [] });
  }

  set(value: number | null): void {
    const isShown = this.#registry.getSingleMetric(this.#name) !== undefined;
    if (value === null || !Number.isFinite(value)) {
      if (isShown) this.#registry.removeSingleMetric(this.#name);
      return;
    }
    this.#gauge.set(value);
    if (!isShown) this.#registry.registerMetric(this.#gauge);
  }
}

/** A figure for each of several things; those that can't be read are left out. */
export class Figures<L extends string> {
  readonly #gauge: Gauge<L>;
  readonly #label: L;

  constructor(registry: Registry, name: string, help: string, label: L) {
    this.#gauge = new Gauge<L>({ name, help, labelNames: [label], registers: [registry] });
    this.#label = label;
  }

  /** All of them at once: what is not among them is gone. */
  setAll(values: readonly (readonly [string, number | null])[]): void {
    this.#gauge.reset();
    for (const [of, value] of values)
      if (value !== null && Number.isFinite(value)) this.#gauge.set({ [this.#label]: of } as Record<L, string>, value);
  }
}

/** A generation takes seconds on a small pack and hours on a large one. */
const RUN_SECONDS = [0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200, 2_400, 3_600, 7_200];
const STAGE_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200];
const RECOVERY_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800];
const WAIT_SECONDS = [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1_800];
const PREVIEW_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600];
const BATCH_SIZES = [1, 2, 3, 4, 6, 8, 12, 16];

/** Why an engine's process was replaced: a fault that costs the process, or somebody's wish. */
export const restartReasons = [
  'engine-crashed',
  'engine-hung',
  'out-of-memory',
  'memory-pressure',
  'provider-failed',
  'gpu-lost',
  'requested',
] as const satisfies readonly (FaultKind | 'requested')[];
export type RestartReason = (typeof restartReasons)[number];

/** How a recovery ended. */
export const recoveryOutcomes = ['recovered', 'failed'] as const;

/** Every metric under the name that was promised, with labels whose values are closed. No text of a user is among them. */
export function createMetrics(build: { readonly version: string; readonly commit: string }) {
  const registry = new Registry();
  /** Every name, also of what can't be read on this machine. */
  const known: { readonly name: string; readonly isHistogram: boolean }[] = [];
  const note = (name: string, isHistogram = false): string => {
    known.push({ name, isHistogram });
    return name;
  };
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter<L>({ name: note(name), help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[], buckets: number[]) =>
    new Histogram<L>({ name: note(name, true), help, labelNames, buckets, registers });
  const figure = (name: string, help: string): Figure => new Figure(registry, note(name), help);
  const gpu = (name: string, help: string) => new Figures(registry, note(`steadyframe_gpu_${name}`), help, 'gpu');

  const metrics = {
    registry,
    known,
    generations: counter('steadyframe_generations_total', 'Clips delivered, by grade.', ['grade']),
    generationSeconds: histogram(
      'steadyframe_generation_duration_seconds',
      'From the start of a job to its clip.',
      ['pack', 'rung', 'provider'],
      RUN_SECONDS,
    ),
    stageSeconds: histogram(
      'steadyframe_stage_duration_seconds',
      'Time in a stage of one attempt.',
      ['stage'],
      STAGE_SECONDS,
    ),
    faults: counter('steadyframe_faults_total', 'Faults and warnings found, by kind.', ['fault']),
    recoveries: counter('steadyframe_recoveries_total', 'Cures carried out, by how they ended.', ['action', 'outcome']),
    recoverySeconds: histogram(
      'steadyframe_recovery_duration_seconds',
      'From a known fault until work went on or the clip was there.',
      ['action'],
      RECOVERY_SECONDS,
    ),
    psnr: figure('steadyframe_frame_psnr_decibels', 'PSNR of neighbouring frames, median of the last clip.'),
    ssim: figure('steadyframe_frame_ssim_ratio', 'SSIM of neighbouring frames, median of the last clip.'),
    flowMagnitude: figure(
      'steadyframe_flow_magnitude_pixels',
      'Mean optical flow of neighbouring frames, median of the last clip.',
    ),
    flowEntropy: figure(
      'steadyframe_flow_direction_entropy_bits',
      'Entropy of flow directions of neighbouring frames, median of the last clip.',
    ),
    drift: figure(
      'steadyframe_embedding_drift_distance',
      'Distance of the text embedding from what is usual, last run.',
    ),
    gpuMemoryUsed: gpu('memory_used_bytes', 'Memory of the card in use, by anybody.'),
    gpuMemoryTotal: gpu('memory_total_bytes', 'Memory of the card.'),
    gpuMemoryOwn: gpu('memory_own_bytes', 'Memory of the card in use by our engine.'),
    gpuUtilization: gpu('utilization_ratio', 'Share of time in which the card was at work.'),
    gpuTemperature: gpu('temperature_celsius', 'Temperature of the card.'),
    gpuPower: gpu('power_watts', 'Power drawn by the card.'),
    gpuReceive: gpu('pcie_receive_bytes_per_second', 'PCIe traffic from host to card.'),
    gpuTransmit: gpu('pcie_transmit_bytes_per_second', 'PCIe traffic from card to host.'),
    engineResident: figure('steadyframe_engine_resident_memory_bytes', 'Resident memory of the engine process.'),
    memoryAvailable: figure(
      'steadyframe_memory_available_bytes',
      'Memory of machine or container to be had without swapping.',
    ),
    memoryTotal: figure(
      'steadyframe_memory_total_bytes',
      'Memory of the machine, or of the container where that is less.',
    ),
    memoryError: new Figures(
      registry,
      note('steadyframe_memory_prediction_error_ratio'),
      'How far the predicted memory of the last run was off: 0.1 is ten percent too low.',
      'memory',
    ),
    engineRestarts: counter(
      'steadyframe_engine_restarts_total',
      'Starts of an engine process beyond the first, by cause.',
      ['reason'],
    ),
    engineReady: figure('steadyframe_engine_ready', '1 when the engine is warm, 0 when it is not.'),
    expertState: new Gauge<'pack' | 'expert'>({
      name: note('steadyframe_expert_state'),
      help: 'State of an expert: 0 in use, 1 masked, 2 probing.',
      labelNames: ['pack', 'expert'],
      registers,
    }),
    queueDepth: figure('steadyframe_queue_depth', 'Jobs that wait.'),
    queueWait: histogram(
      'steadyframe_queue_wait_seconds',
      'From the request to the start of its job.',
      [],
      WAIT_SECONDS,
    ),
    batchSize: histogram(
      'steadyframe_batch_size',
      'Jobs that an attempt of the engine worked on together.',
      [],
      BATCH_SIZES,
    ),
    firstPreview: histogram(
      'steadyframe_time_to_first_preview_seconds',
      'From the start of a job to its first preview.',
      [],
      PREVIEW_SECONDS,
    ),
    overridden: counter(
      'steadyframe_fallback_overridden_total',
      'Fallbacks that the user decided against, by the action that was replaced.',
      ['fallback'],
    ),
    provider: new Gauge<'requested' | 'measured'>({
      name: note('steadyframe_execution_provider_info'),
      help: 'Execution provider that was asked for and the one that a timed run proved.',
      labelNames: ['requested', 'measured'],
      registers,
    }),
    build: new Gauge<'version' | 'commit'>({
      name: note('steadyframe_build_info'),
      help: 'What is running.',
      labelNames: ['version', 'commit'],
      registers,
    }),
  };
  metrics.build.set({ ...build }, 1);
  metrics.engineReady.set(0);
  metrics.queueDepth.set(0);
  // Counts, not readings: none is a fact, and a series that begins at 1 has no rate.
  for (const grade of gradeNames) metrics.generations.inc({ grade }, 0);
  for (const fault of faultKinds) metrics.faults.inc({ fault }, 0);
  for (const action of actionKinds)
    for (const outcome of recoveryOutcomes) metrics.recoveries.inc({ action, outcome }, 0);
  for (const fallback of actionKinds) metrics.overridden.inc({ fallback }, 0);
  for (const reason of restartReasons) metrics.engineRestarts.inc({ reason }, 0);
  return metrics;
}
export type Metrics = ReturnType<typeof createMetrics>;
