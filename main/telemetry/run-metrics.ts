import type { ExpertHealth } from '../../app/contract/health.ts';
import type { RunReport } from '../../app/contract/report.ts';
import type { GpuSample, ResourceSample } from '../../app/contract/resource.ts';
import type { JobWatcher } from '../job/job-watcher.ts';
import { restartReasons, type Metrics, type RestartReason } from './metric-set.ts';

const SECOND_MS = 1_000;
const expertStates: Readonly<Record<ExpertHealth['state'], number>> = { 'in-use': 0, masked: 1, probing: 2 };

/** Turns what happens to jobs into metrics. */
export function runMetrics(metrics: Metrics): JobWatcher {
  const waiting = new Map<string, number>();
  const begunMs = new Map<string, number>();
  let lastEngineFault: RestartReason | null = null;
  const showQueue = (): void => metrics.queueDepth.set(waiting.size);
  return {
    job(event) {
      if (event.kind === 'queued' || event.kind === 'interrupted') waiting.set(event.jobId, performance.now());
      if (event.kind === 'removed') waiting.delete(event.jobId);
      if (event.kind === 'fault-found') metrics.faults.inc({ fault: event.fault.kind });
      showQueue();
    },
    begun({ id, request, expertIds }) {
      const queuedMs = waiting.get(id);
      if (queuedMs !== undefined) metrics.queueWait.observe((performance.now() - queuedMs) / SECOND_MS);
      waiting.delete(id);
      begunMs.set(id, performance.now());
      // All in use until somebody says otherwise.
      for (const expert of expertIds) metrics.expertState.inc({ pack: request.packId, expert }, 0);
      showQueue();
    },
    ledger(_id, line) {
      if (line.kind === 'attempt-begun') metrics.batchSize.observe(1);
      if (line.kind === 'attempt-ended') {
        const kinds = line.report.faults.map(({ kind }) => kind);
        lastEngineFault = restartReasons.find((reason) => reason !== 'requested' && kinds.includes(reason)) ?? null;
        for (const [stage, tookMs] of Object.entries(line.report.stageMs))
          if (stage !== 'export' && tookMs > 0) metrics.stageSeconds.observe({ stage }, tookMs / SECOND_MS);
      }
      if (line.kind === 'decided' && line.decision.overrode !== null)
        metrics.overridden.inc({ fallback: line.decision.overrode });
    },
    work(event) {
      if (event.kind !== 'step-done') return;
      const startedMs = begunMs.get(event.jobId);
      begunMs.delete(event.jobId);
      if (startedMs !== undefined) metrics.firstPreview.observe((performance.now() - startedMs) / SECOND_MS);
    },
    engine(status) {
      metrics.engineReady.set(status.phase === 'ready' ? 1 : 0);
      if (status.phase === 'starting' && status.restarts > 0) {
        metrics.engineRestarts.inc({ reason: lastEngineFault ?? 'requested' });
      }
      if (status.phase === 'ready') {
        metrics.provider.reset();
        metrics.provider.set({ requested: status.requested ?? status.provider, measured: status.provider }, 1);
      }
    },
    sample: (sample) => showSample(metrics, sample),
    experts(experts) {
      for (const { packId, expert, state } of experts)
        metrics.expertState.set({ pack: packId, expert }, expertStates[state]);
    },
    ended(id) {
      waiting.delete(id);
      begunMs.delete(id);
      showQueue();
    },
    report: (report) => showReport(metrics, report),
  };
}

function showSample(metrics: Metrics, { gpus, memory }: ResourceSample): void {
  const all = (of: (gpu: GpuSample) => number | null): readonly (readonly [string, number | null])[] =>
    (gpus ?? []).map((gpu) => [String(gpu.index), gpu.isLost ? null : of(gpu)]);
  metrics.gpuMemoryUsed.setAll(all((gpu) => gpu.memoryUsedBytes));
  metrics.gpuMemoryTotal.setAll(all((gpu) => gpu.memoryTotalBytes));
  metrics.gpuMemoryOwn.setAll(all((gpu) => gpu.ownMemoryBytes));
  metrics.gpuUtilization.setAll(all((gpu) => gpu.utilizationRatio));
  metrics.gpuTemperature.setAll(all((gpu) => gpu.temperatureCelsius));
  metrics.gpuPower.setAll(all((gpu) => gpu.powerWatts));
  metrics.gpuReceive.setAll(all((gpu) => gpu.pcieReceiveBytesPerSecond));
  metrics.gpuTransmit.setAll(all((gpu) => gpu.pcieTransmitBytesPerSecond));
  metrics.engineResident.set(memory.engineResidentBytes);
  metrics.memoryAvailable.set(memory.availableBytes);
  metrics.memoryTotal.set(memory.totalBytes);
}

function showReport(metrics: Metrics, report: RunReport): void {
  const { packId: pack, rung } = report.request;
  const { provider } = report.device;
  metrics.generations.inc({ grade: report.delivered.grade });
  metrics.generationSeconds.observe({ pack, rung, provider }, report.wallMs / SECOND_MS);
  const exportMs = report.attempts.at(-1)?.stageMs.export ?? 0;
  if (exportMs > 0) metrics.stageSeconds.observe({ stage: 'export' }, exportMs / SECOND_MS);
  report.decisions.forEach(({ action, recoveryMs }, i) => {
    // Another decision after it means that it did not help.
    const outcome = i === report.decisions.length - 1 ? 'recovered' : 'failed';
    metrics.recoveries.inc({ action, outcome });
    if (recoveryMs !== null) metrics.recoverySeconds.observe({ action }, recoveryMs / SECOND_MS);
  });
  const { frames, drift } = report.health;
  const over = (of: (frame: (typeof frames)[number]) => number | null): number | null =>
    median(frames.map(of).filter((value) => value !== null));
  metrics.psnr.set(over(({ psnrDb }) => psnrDb));
  metrics.ssim.set(over(({ ssim }) => ssim));
  metrics.flowMagnitude.set(over(({ flowMagnitudePx }) => flowMagnitudePx));
  metrics.flowEntropy.set(over(({ flowEntropyBits }) => flowEntropyBits));
  metrics.drift.set(drift.distance);
  metrics.memoryError.setAll((report.health.memory ?? []).map(({ memory, errorRatio }) => [memory, errorRatio]));
}

function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
