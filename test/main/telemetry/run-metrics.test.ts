import { beforeEach, describe, expect, it } from 'vitest';

import type { JobEvent } from '../../../app/contract/job.ts';
import type { LedgerLine } from '../../../app/contract/ledger.ts';
import { actionKinds, faultKinds, gradeNames } from '../../../app/contract/list.ts';
import type { ResourceSample } from '../../../app/contract/resource.ts';
import { faultOf } from '../../../app/monitor/fault.ts';
import type { JobWatcher } from '../../../main/job/job-watcher.ts';
import { createMetrics, restartReasons, type Metrics } from '../../../main/telemetry/metric-set.ts';
import { runMetrics } from '../../../main/telemetry/run-metrics.ts';
import { sampleRequest } from '../../app/sample-pack.ts';
import { sampleStep } from '../../fixture/engine-event.ts';
import { sampleAttempt, sampleReport } from '../../fixture/report.ts';
import { calmGpu, calmSample } from '../../app/monitor/sample-resources.ts';

const id = '00000000-0000-4000-8000-000000000001';
let metrics: Metrics;
let watcher: JobWatcher;
beforeEach(() => {
  metrics = createMetrics({ version: '1', commit: 'a' });
  watcher = runMetrics(metrics);
});

/** The value of one series as it is exposed; null where it is not there. */
async function valueOf(series: string): Promise<number | null> {
  const lines = (await metrics.registry.metrics()).split('\n');
  const line = lines.find((one) => one.startsWith(`${series} `));
  return line === undefined ? null : Number(line.slice(series.length + 1));
}

const faults = (kinds: readonly ('engine-crashed' | 'engine-hung')[]): LedgerLine => ({
  kind: 'attempt-ended',
  report: sampleAttempt({
    faults: kinds.map((kind) => faultOf(kind, 'denoise', {})),
    stageMs: { text: 20, denoise: 3_000, decode: 0, monitor: 5, export: 900 },
  }),
});

/** The library tells its buckets nowhere before something was observed with every label. */
function upperBoundsOf(metric: unknown): readonly number[] {
  if (typeof metric !== 'object' || metric === null || !('upperBounds' in metric)) return [];
  return Array.isArray(metric.upperBounds) ? metric.upperBounds.map(Number) : [];
}

describe('counts', () => {
  it('begin at 0 for every value that is possible, so that the first one is seen as a change', async () => {
    for (const grade of gradeNames) expect(await valueOf(`steadyframe_generations_total{grade="${grade}"}`)).toBe(0);
    for (const fault of faultKinds) expect(await valueOf(`steadyframe_faults_total{fault="${fault}"}`)).toBe(0);
    for (const reason of restartReasons)
      expect(await valueOf(`steadyframe_engine_restarts_total{reason="${reason}"}`)).toBe(0);
    for (const action of actionKinds)
      expect(await valueOf(`steadyframe_recoveries_total{action="${action}",outcome="failed"}`)).toBe(0);
  });

  it('of faults go up by one for each that is found', async () => {
    const found: JobEvent = { kind: 'fault-found', jobId: id, fault: faultOf('frames-black', 'monitor', { luma: 0 }) };
    watcher.job?.(found);
    watcher.job?.(found);
    expect(await valueOf('steadyframe_faults_total{fault="frames-black"}')).toBe(2);
    expect(await valueOf('steadyframe_faults_total{fault="frames-noise"}')).toBe(0);
  });

  it('of engine starts name the fault of the attempt before, and a first start is none', async () => {
    watcher.engine?.({ phase: 'starting', restarts: 0 });
    watcher.ledger?.(id, faults(['engine-hung']));
    watcher.engine?.({ phase: 'starting', restarts: 1 });
    watcher.ledger?.(id, faults([]));
    watcher.engine?.({ phase: 'starting', restarts: 2 });
    expect(await valueOf('steadyframe_engine_restarts_total{reason="engine-hung"}')).toBe(1);
    expect(await valueOf('steadyframe_engine_restarts_total{reason="requested"}')).toBe(1);
    expect(await valueOf('steadyframe_engine_restarts_total{reason="engine-crashed"}')).toBe(0);
  });

  it('of recoveries call a cure failed where another one had to follow', async () => {
    const decision = (action: string, recoveryMs: number | null) => ({
      ...{ fault: 'engine-hung', branch: action, reason: '', by: 'policy', alternatives: [] },
      ...{ action, recoveryMs },
    });
    const decisions = [decision('restart-clean', 4_000), decision('new-seed', null)];
    const report = sampleReport('repaired', [], decisions);
    const request = { ...report.request, packId: 'wan-mini', rung: 'small' };
    watcher.report?.({ ...report, request, wallMs: 12_000 });
    expect(await valueOf('steadyframe_recoveries_total{action="restart-clean",outcome="failed"}')).toBe(1);
    expect(await valueOf('steadyframe_recoveries_total{action="new-seed",outcome="recovered"}')).toBe(1);
    expect(await valueOf('steadyframe_recoveries_total{action="new-seed",outcome="failed"}')).toBe(0);
    expect(await valueOf('steadyframe_recovery_duration_seconds_count{action="restart-clean"}')).toBe(1);
    // How long it took is not known: it is left out, and not taken for no time.
    expect(await valueOf('steadyframe_recovery_duration_seconds_count{action="new-seed"}')).toBeNull();
    expect(await valueOf('steadyframe_generations_total{grade="repaired"}')).toBe(1);
    expect(
      await valueOf('steadyframe_generation_duration_seconds_sum{pack="wan-mini",rung="small",provider="cpu"}'),
    ).toBe(12);
  });
});

describe('the queue', () => {
  it('is as deep as there are jobs that wait, whatever becomes of them', async () => {
    const queued = (jobId: string): JobEvent => ({ kind: 'queued', jobId, atMs: 0, request: sampleRequest });
    const other = id.replace(/1$/, '2');
    watcher.job?.(queued(id));
    watcher.job?.(queued(other));
    expect(await valueOf('steadyframe_queue_depth')).toBe(2);
    watcher.begun?.({ id, traceId: '', request: sampleRequest, expertIds: ['high', 'low'] });
    expect(await valueOf('steadyframe_queue_depth')).toBe(1);
    expect(await valueOf('steadyframe_queue_wait_seconds_count')).toBe(1);
    expect(await valueOf(`steadyframe_expert_state{pack="${sampleRequest.packId}",expert="high"}`)).toBe(0);
    watcher.job?.({ kind: 'removed', jobId: other });
    expect(await valueOf('steadyframe_queue_depth')).toBe(0);
  });

  it('tells the time to the first preview once for each job', async () => {
    watcher.begun?.({ id, traceId: '', request: sampleRequest, expertIds: [] });
    const step = { ...sampleStep, jobId: id, attempt: 0, sequence: 1 };
    watcher.work?.(step);
    watcher.work?.(step);
    expect(await valueOf('steadyframe_time_to_first_preview_seconds_count')).toBe(1);
  });
});

describe('times', () => {
  it('leave out a stage that was not reached, and the export, which has its own place', async () => {
    watcher.ledger?.(id, faults([]));
    expect(await valueOf('steadyframe_stage_duration_seconds_sum{stage="denoise"}')).toBe(3);
    expect(await valueOf('steadyframe_stage_duration_seconds_count{stage="decode"}')).toBeNull();
    expect(await valueOf('steadyframe_stage_duration_seconds_count{stage="export"}')).toBeNull();
  });

  it.each([
    ['steadyframe_generation_duration_seconds', 3, 3_600],
    ['steadyframe_stage_duration_seconds', 0.01, 3_600],
    ['steadyframe_recovery_duration_seconds', 0.1, 600],
    ['steadyframe_queue_wait_seconds', 0.01, 600],
    ['steadyframe_time_to_first_preview_seconds', 0.1, 300],
    ['steadyframe_batch_size', 1, 8],
  ])('%s tells the fast from the slow of small and of large packs, in a few buckets', (name, low, high) => {
    const bounds = upperBoundsOf(metrics.registry.getSingleMetric(name));
    expect(bounds).toEqual([...bounds].toSorted((a, b) => a - b));
    expect(new Set(bounds).size).toBe(bounds.length);
    expect(bounds[0]).toBeLessThanOrEqual(low);
    expect(bounds.at(-1)).toBeGreaterThanOrEqual(high);
    expect(bounds.length).toBeLessThanOrEqual(25);
    // No bucket so wide that a quantile in it says nothing.
    bounds.slice(1).forEach((bound, i) => expect(bound / (bounds[i] ?? 1)).toBeLessThanOrEqual(10));
  });
});

it('shows what was read of each card, and nothing of one that is lost or could not be read', async () => {
  const sample = (gpus: ResourceSample['gpus']): ResourceSample => ({ ...calmSample, gpus });
  watcher.sample?.(
    sample([
      { ...calmGpu, id: 'a', index: 0, powerWatts: 120 },
      { ...calmGpu, id: 'b', index: 1, powerWatts: null },
      { ...calmGpu, id: 'c', index: 2, powerWatts: 90, isLost: true },
    ]),
  );
  expect(await valueOf('steadyframe_gpu_power_watts{gpu="0"}')).toBe(120);
  expect(await valueOf('steadyframe_gpu_power_watts{gpu="1"}')).toBeNull();
  expect(await valueOf('steadyframe_gpu_power_watts{gpu="2"}')).toBeNull();
  watcher.sample?.(sample(null));
  expect(await valueOf('steadyframe_gpu_power_watts{gpu="0"}')).toBeNull();
});
