import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { defaultLatencyLimits } from '../../../app/contract/default.ts';
import type { ExpertHealth } from '../../../app/contract/health.ts';
import { parseInjection } from '../../../app/contract/injection-text.ts';
import type { JobRequest } from '../../../app/contract/job.ts';
import type { LedgerLine } from '../../../app/contract/ledger.ts';
import type { RunReport } from '../../../app/contract/report.ts';
import { ABNORMAL_LIMIT, REST_MS } from '../../../app/recovery/expert-health.ts';
import { createMetrics } from '../../../main/telemetry/metric-set.ts';
import { runMetrics } from '../../../main/telemetry/run-metrics.ts';
import { spawnEngineFrom } from '../../../main/host/node-child.ts';
import { JobService } from '../../../main/job/job-service.ts';
import { fakeClips } from '../../fixture/fake-clips.ts';
import { writeTinyPack } from '../../fixture/tiny-pack.ts';
import { sampleRequest } from '../../app/sample-pack.ts';

const enginePath = resolve(import.meta.dirname, '..', '..', '..', 'main', 'engine', 'index.ts');
const request: JobRequest = { ...sampleRequest, packId: 'tiny', rung: 'quick', frameCount: 5, steps: 8 };

let base = '';
let nowMs = 0;
let experts: readonly ExpertHealth[] = [];
let lines: LedgerLine[] = [];
let metrics = createMetrics({ version: '0', commit: '0' });
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'steadyframe-expert-'));
  await writeTinyPack(join(base, 'program', 'models', 'tiny', 'pack'), { hasSpare: true });
  [nowMs, experts, lines] = [1_700_000_000_000, [], []];
  metrics = createMetrics({ version: '0', commit: '0' });
});
afterEach(async () => rm(base, { recursive: true, force: true }));

/** A program from its start to its end that renders one clip after the other. */
async function program(...faults: readonly (string | null)[]): Promise<readonly RunReport[]> {
  await using service = await JobService.open({
    home: join(base, 'home'),
    root: join(base, 'program'),
    spawnEngine: (options) => spawnEngineFrom(enginePath, options),
    clips: fakeClips,
    onEvent: () => undefined,
    onStep: () => undefined,
    onHealth: () => undefined,
    onEngine: () => undefined,
    // How fast this machine is today is another test's matter.
    latency: () => ({ ...defaultLatencyLimits, slowQueryMs: 600_000 }),
    nowMs: () => nowMs,
    watchers: [{ experts: (told) => (experts = told), ledger: (_id, line) => lines.push(line) }, runMetrics(metrics)],
  });
  const reports: RunReport[] = [];
  for (const fault of faults) {
    const injection = fault === null ? null : parseInjection(fault);
    if (injection !== null && !injection.ok) throw new Error(`bug: ${fault} is not legal`);
    const injections = injection === null ? [] : [injection.value];
    const job = service.enqueue({ ...request, injections }, request.prompt, (id) => join(base, `${id}.mp4`));
    const end = await job.end;
    if (end.kind !== 'delivered') throw new Error(`no clip: ${end.kind}`);
    reports.push(end.report);
  }
  return reports;
}

const stateOf = (id: string) => experts.find(({ expert }) => expert === id)?.state;
const shown = async (id: string): Promise<number | undefined> =>
  (await metrics.expertState.get()).values.find(({ labels }) => labels.expert === id)?.value;
const usedBy = ({ attempts }: RunReport): readonly string[] => attempts.map((attempt) => attempt.experts.join('+'));
/** The low-noise expert answers NaNs as often as it is asked, in every attempt of the run. */
const LOW_IS_ILL = 'expert-unstable@denoise:7x8';

it('is learned over runs and restarts: masked after three, begun without, tried after a rest, taken back', async () => {
  const ill = await program(LOW_IS_ILL);
  // Chance once; the same expert again: another one works.
  expect(ill.map(usedBy)).toEqual([['high+low', 'low', 'spare']]);
  expect(stateOf('low')).toBe('in-use');

  // The third abnormal output in a row is in another program: nothing is tried with this expert any more.
  const [masking] = await program(LOW_IS_ILL);
  expect(masking && usedBy(masking)).toEqual(['high+low', 'spare']);
  expect(masking?.attempts[0]?.faults.map(({ kind, evidence }) => [kind, evidence['expert']])).toContainEqual([
    'expert-unstable',
    'low',
  ]);
  expect(masking?.decisions).toMatchObject([{ branch: 'expert-unstable/reroute-expert', outcome: 'worked' }]);
  expect(stateOf('low')).toBe('masked');
  expect(await shown('low')).toBe(1);

  // From now on runs begin without it, although it would fail no more; the plan and the report say so.
  lines = [];
  const [rerouted] = await program(null);
  expect(rerouted && usedBy(rerouted)).toEqual(['high+spare']);
  expect(rerouted?.decisions).toMatchObject([
    { fault: 'expert-unstable', action: 'reroute-expert', branch: 'expert-unstable/masked-before', by: 'policy' },
  ]);
  expect(rerouted?.delivered.grade).toBe('repaired');
  expect(lines.find((line) => line.kind === 'attempt-begun')).toMatchObject({ plan: { maskedExperts: ['low'] } });

  // Tried too early nothing happens; after its rest it is asked on the side, and fails again: no clip hangs on it.
  nowMs += REST_MS;
  const [failedTrial] = await program(LOW_IS_ILL);
  expect(failedTrial && usedBy(failedTrial)).toEqual(['high+spare']);
  expect(failedTrial?.attempts[0]?.faults).toEqual([]);
  expect(stateOf('low')).toBe('masked');

  // It rests for longer, and is well.
  nowMs += REST_MS;
  const [resting] = await program(null);
  expect(resting && usedBy(resting)).toEqual(['high+spare']);
  nowMs += REST_MS;
  const [trial, after] = await program(null, null);
  expect(trial && usedBy(trial)).toEqual(['high+spare']);
  expect(after && usedBy(after)).toEqual(['high+low']);
  expect(after).toMatchObject({ decisions: [], delivered: { grade: 'full' } });
  expect(stateOf('low')).toBe('in-use');
  expect(await shown('low')).toBe(0);
}, 120_000);

it('counts an expert that refuses like one that answers nonsense, and takes no device to be at fault for it', async () => {
  // Catches a refusal put down to the device: a start from the beginning each time, and nobody knows of the expert.
  const LOW_REFUSES = 'expert-refuses@denoise:7x8';
  const [first] = await program(LOW_REFUSES);
  expect(first && usedBy(first)).toEqual(['high', '', 'spare']);
  expect(first?.attempts[0]?.faults).toMatchObject([
    { kind: 'provider-failed', stage: 'denoise', evidence: { expert: 'low' } },
  ]);
  expect(first?.decisions).toMatchObject([
    { branch: 'provider-refuses/resume', outcome: 'failed' },
    { branch: 'expert-unstable/reroute-expert', outcome: 'worked' },
  ]);
  expect(stateOf('low')).toBe('in-use');
  const [masking, rerouted] = await program(LOW_REFUSES, LOW_REFUSES);
  expect(masking && usedBy(masking)).toEqual(['high', 'spare']);
  expect(stateOf('low')).toBe('masked');
  expect(rerouted && usedBy(rerouted)).toEqual(['high+spare']);

  // On trial it refuses again: that costs nobody a clip. Then it is well.
  nowMs += REST_MS;
  const [failedTrial] = await program(LOW_REFUSES);
  expect(failedTrial?.attempts.map(({ faults }) => faults)).toEqual([[]]);
  expect(stateOf('low')).toBe('masked');
  nowMs += 2 * REST_MS;
  await program(null);
  expect(stateOf('low')).toBe('in-use');
}, 120_000);

it('masks nobody who fails now and then', async () => {
  const glitches = Array.from({ length: ABNORMAL_LIMIT + 1 }, () => 'latent-nonfinite@denoise:7');
  const reports = await program(...glitches);
  expect(reports.map(({ delivered }) => delivered.grade)).toEqual(glitches.map(() => 'repaired'));
  expect(stateOf('low')).toBe('in-use');
}, 60_000);

it('leaves a run alone whose user wants no recovery', async () => {
  await program(LOW_IS_ILL, LOW_IS_ILL);
  expect(stateOf('low')).toBe('masked');
  lines = [];
  await using service = await JobService.open({
    ...{ home: join(base, 'home'), root: join(base, 'program'), clips: fakeClips },
    spawnEngine: (options) => spawnEngineFrom(enginePath, options),
    ...{ onEvent: () => undefined, onStep: () => undefined, onHealth: () => undefined, onEngine: () => undefined },
  });
  const job = service.enqueue({ ...request, policy: 'off' }, request.prompt, (id) => join(base, `${id}.mp4`));
  expect(await job.end).toMatchObject({
    kind: 'delivered',
    report: { decisions: [], attempts: [{ experts: ['high', 'low'] }], delivered: { grade: 'full' } },
  });
}, 60_000);
