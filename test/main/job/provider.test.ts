import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { defaultLatencyLimits } from '../../../app/contract/default.ts';
import type { EngineCommand } from '../../../app/contract/engine.ts';
import type { JobRequest } from '../../../app/contract/job.ts';
import type { RunReport } from '../../../app/contract/report.ts';
import { providerNames, type ProviderName } from '../../../app/plan/provider-order.ts';
import { BREAKER_REST_MS } from '../../../app/recovery/breaker.ts';
import { spawnEngineFrom } from '../../../main/host/node-child.ts';
import { JobService } from '../../../main/job/job-service.ts';
import { fakeClips } from '../../fixture/fake-clips.ts';
import { writeTinyPack } from '../../fixture/tiny-pack.ts';
import { sampleRequest } from '../../app/sample-pack.ts';

const enginePath = resolve(import.meta.dirname, '..', '..', '..', 'main', 'engine', 'index.ts');
const request: JobRequest = { ...sampleRequest, packId: 'tiny', rung: 'quick', frameCount: 5, steps: 4 };
/** Not on this system, whatever is built into the machine: the runtime refuses it by itself. */
const MISSING: readonly ProviderName[] = process.platform === 'darwin' ? ['dml', 'cuda'] : ['coreml', 'tensorrt'];

let base = '';
let nowMs = 0;
let starts = 0;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'steadyframe-provider-'));
  await writeTinyPack(join(base, 'program', 'models', 'tiny', 'pack'));
  [nowMs, starts] = [1_700_000_000_000, 0];
});
afterEach(async () => rm(base, { recursive: true, force: true }));

async function openService(providers: readonly ProviderName[]): Promise<JobService> {
  return JobService.open({
    home: join(base, 'home'),
    root: join(base, 'program'),
    spawnEngine: (options) => {
      starts += 1;
      return spawnEngineFrom(enginePath, options);
    },
    clips: fakeClips,
    ...{ onEvent: () => undefined, onStep: () => undefined, onHealth: () => undefined, onEngine: () => undefined },
    // How fast this machine is today is another test's matter.
    latency: () => ({ ...defaultLatencyLimits, slowQueryMs: 600_000 }),
    nowMs: () => nowMs,
    providers: () => providers,
  });
}

async function render(providers: readonly ProviderName[], more: Partial<JobRequest> = {}): Promise<RunReport> {
  await using service = await openService(providers);
  const job = service.enqueue({ ...request, ...more }, request.prompt, (id) => join(base, `${id}.mp4`));
  const end = await job.end;
  if (end.kind !== 'delivered') throw new Error(`no clip: ${end.kind}`);
  return end.report;
}

it('goes down the devices until one computes, says which, and leaves those that failed alone for a while', async () => {
  const first = await render(MISSING);
  expect(first.attempts.map(({ faults }) => faults.map(({ kind, evidence }) => [kind, evidence['provider']]))).toEqual([
    [['provider-failed', MISSING[0]]],
    [['provider-failed', MISSING[1]]],
    [],
  ]);
  // In the runtime's own words.
  expect(String(first.attempts[0]?.faults[0]?.evidence['detail'])).toMatch(/backend not found|load shared library/);
  expect(first.decisions.map(({ action, branch, outcome }) => [action, branch, outcome])).toEqual([
    ['switch-provider', 'provider-missing/next-provider', 'failed'],
    ['switch-provider', 'provider-missing/next-provider', 'worked'],
  ]);
  expect(first.device).toMatchObject({ provider: 'cpu', requested: MISSING[0] });
  expect(first.attempts.at(-1)?.provider).toBe('cpu');
  expect(first.delivered.grade).toBe('repaired');

  // Another program, a minute later: no start is lost on them, and nothing had to be repaired.
  [nowMs, starts] = [nowMs + 60_000, 0];
  const second = await render(MISSING);
  expect(starts).toBe(1);
  expect(second).toMatchObject({ attempts: [{ faults: [] }], decisions: [], delivered: { grade: 'full' } });
  expect(second.device).toMatchObject({ provider: 'cpu', requested: MISSING[0] });

  // After a rest they are tried again: a driver may have been installed.
  nowMs += BREAKER_REST_MS;
  expect((await render(MISSING)).attempts).toHaveLength(3);
}, 120_000);

it('is warm on a device that computes before the first job comes', async () => {
  await using service = await openService(MISSING);
  await service.warmUp();
  starts = 0;
  const job = service.enqueue(request, request.prompt, (id) => join(base, `${id}.mp4`));
  expect(await job.end).toMatchObject({ report: { decisions: [], device: { provider: 'cpu' } } });
  expect(starts).toBe(0);
}, 60_000);

it('tells of each device what the runtime says of it, and which ones failed and rest', async () => {
  await using service = await openService(MISSING);
  expect((await service.devices()).map(({ state }) => state)).toEqual(providerNames.map(() => null));
  await service.warmUp();
  const devices = new Map((await service.devices()).map((device) => [device.name, device]));
  expect([...devices.keys()]).toEqual(providerNames);
  expect(devices.get('cpu')).toEqual({ name: 'cpu', state: 'bundled', restsUntilMs: null });
  for (const name of MISSING) expect(devices.get(name)?.restsUntilMs).toBe(nowMs + BREAKER_REST_MS);
  // Of the two that are missing, the first is of another maker's system altogether.
  expect(devices.get(MISSING[0] as ProviderName)?.state).toBe('absent');
}, 60_000);

it('says nothing of devices where the processor is what was wanted', async () => {
  const { device, decisions, health } = await render([]);
  // What was foreseen of its memory stands beside what it took; a card that nobody can read is left out.
  expect(health.memory?.map(({ memory, source }) => [memory, source])).toEqual([['ram', 'pack']]);
  expect(health.memory?.[0]?.predictedBytes).toBeGreaterThan(0);
  expect(device).toEqual({ provider: 'cpu', name: device.name, vramBytes: null });
  expect(decisions).toEqual([]);
}, 60_000);

it('stays with what was wanted where the user forbids another device, and delivers a stand-in', async () => {
  await using service = await openService(['cpu', ...MISSING]);
  const job = service.enqueue({ ...request, policy: 'off' }, request.prompt, (id) => join(base, `${id}.mp4`));
  expect(await job.end).toMatchObject({ report: { delivered: { grade: 'fallback' }, device: { provider: 'none' } } });
}, 60_000);

it('begins with the other pack where one could not be kept alive before the restart, and tries it again later', async () => {
  // Every engine of this pack dies as soon as it computes: its tokenizer is right, its graphs are not.
  const other = join(base, 'program', 'models', 'zzz', 'pack');
  await writeTinyPack(other);
  const manifest = (await readFile(join(other, 'pack.json'), 'utf8')).replace('"id":"tiny"', '"id":"zzz"');
  await writeFile(join(other, 'pack.json'), manifest);
  const dead = async (): Promise<RunReport> => {
    await using service = await JobService.open({
      home: join(base, 'home'),
      root: join(base, 'program'),
      // The engine of the first pack ends itself at its first word.
      spawnEngine: (options) => {
        starts += 1;
        const child = spawnEngineFrom(enginePath, options);
        return Object.assign(Object.create(child) as typeof child, {
          pid: child.pid,
          post: (command: EngineCommand) => {
            if (command.kind === 'load' && !command.packFolder.includes('zzz')) child.kill();
            else child.post(command);
          },
        });
      },
      clips: fakeClips,
      ...{ onEvent: () => undefined, onStep: () => undefined, onHealth: () => undefined, onEngine: () => undefined },
      nowMs: () => nowMs,
    });
    const job = service.enqueue(request, request.prompt, (id) => join(base, `${id}.mp4`));
    const end = await job.end;
    if (end.kind !== 'delivered') throw new Error(`no clip: ${end.kind}`);
    return end.report;
  };
  const first = await dead();
  expect(first.decisions.at(-1)).toMatchObject({ branch: 'engine-broken/other-pack', outcome: 'worked' });
  expect(starts).toBeGreaterThan(1);

  [nowMs, starts] = [nowMs + 60_000, 0];
  const second = await dead();
  expect(second.attempts.map(({ stepsRun }) => stepsRun)).toEqual([0, 4]);
  // One engine: that of the other pack.
  expect(starts).toBe(1);

  [nowMs, starts] = [nowMs + BREAKER_REST_MS, 0];
  await dead();
  expect(starts).toBeGreaterThan(1);
}, 120_000);
