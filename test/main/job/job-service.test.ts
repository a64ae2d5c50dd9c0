import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { JobEvent, JobRequest } from '../../../app/contract/job.ts';
import type { ResourceSample } from '../../../app/contract/resource.ts';
import { spawnEngineFrom } from '../../../main/host/node-child.ts';
import type { JobWatcher } from '../../../main/job/job-watcher.ts';
import { JobService } from '../../../main/job/job-service.ts';
import type { JobServiceOptions } from '../../../main/job/service-options.ts';
import { ownerToken } from '../../../main/store/owner.ts';
import { fakeClips } from '../../fixture/fake-clips.ts';
import { writeTinyPack } from '../../fixture/tiny-pack.ts';
import { sampleRequest } from '../../app/sample-pack.ts';

const request: JobRequest = { ...sampleRequest, packId: 'tiny', rung: 'quick', frameCount: 5, steps: 4 };
const enginePath = resolve(import.meta.dirname, '..', '..', '..', 'main', 'engine', 'index.ts');

let base = '';
let told: JobEvent[] = [];
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'steadyframe-service-'));
  told = [];
});
afterEach(async () => rm(base, { recursive: true, force: true }));

async function openService({
  slowness = 1,
  ...more
}: Partial<JobServiceOptions> & { slowness?: number } = {}): Promise<JobService> {
  await writeTinyPack(join(base, 'program', 'models', 'tiny', 'pack'), { slowness });
  return JobService.open({
    home: join(base, 'home'),
    root: join(base, 'program'),
    spawnEngine: (options) => spawnEngineFrom(enginePath, options),
    clips: fakeClips,
    onEvent: (event) => told.push(event),
    onStep: () => undefined,
    onHealth: () => undefined,
    onEngine: () => undefined,
    ...more,
  });
}

const outPath = (id: string): string => join(base, `${id}.mp4`);
const kindsOf = (events: readonly JobEvent[], id: string) =>
  events.filter(({ jobId, kind }) => jobId === id && kind !== 'progressed').map(({ kind }) => kind);
const underWay = async (id: string): Promise<void> =>
  expect.poll(() => kindsOf(told, id), { timeout: 15_000, interval: 10 }).toContain('attempt-started');
const workFolder = (id: string): string => join(base, 'home', 'jobs', id);

describe('the queue', () => {
  it('does one job after the other, in the order they came', async () => {
    await using service = await openService();
    const jobs = ['a red ball', 'a cat', 'a blue ball'].map((prompt) =>
      service.enqueue({ ...request, prompt }, prompt, outPath),
    );
    expect(service.openJobCount).toBe(3);
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(3);
    const ends = await Promise.all(jobs.map(async ({ end }) => end));
    expect(ends.map(({ kind }) => kind)).toEqual(['delivered', 'delivered', 'delivered']);
    const order = told.filter(({ kind }) => kind === 'attempt-started' || kind === 'delivered');
    expect(order.map(({ kind, jobId }) => [kind, jobId])).toEqual(
      jobs.flatMap(({ id }) => [
        ['attempt-started', id],
        ['delivered', id],
      ]),
    );
    expect(service.openJobCount).toBe(0);
  });

  it('keeps of a finished job its report and its frames, and nothing else', async () => {
    await using service = await openService();
    const job = service.enqueue(request, request.prompt, outPath);
    await job.end;
    expect(service.report(job.id)).toMatchObject({ runId: job.id, delivered: { grade: 'full', frameCount: 5 } });
    // Clearing away goes on behind the answer: nobody waits for it.
    await expect.poll(async () => readdir(workFolder(job.id))).toEqual(['frames-0.rgb']);
    expect(service.past.framesOf(job.id)?.framesPath).toBe(join(workFolder(job.id), 'frames-0.rgb'));
  });

  it('lets another pack take the place of one that is gone, and says so', async () => {
    await using service = await openService();
    const lost = service.enqueue({ ...request, packId: 'gone' }, request.prompt, outPath);
    expect(await lost.end).toMatchObject({
      kind: 'delivered',
      report: {
        attempts: [{ faults: [{ kind: 'pack-corrupt' }] }, { faults: [], stepsRun: 4 }],
        decisions: [{ branch: 'pack-damaged/other-pack', outcome: 'worked' }],
        delivered: { grade: 'degraded' },
      },
    });
  });

  it('takes no other pack where the user named one, but leaves no hand empty, and goes on with the next job', async () => {
    await using service = await openService();
    const lost = service.enqueue({ ...request, packId: 'gone', isPackChosen: true }, request.prompt, outPath);
    const next = service.enqueue(request, request.prompt, outPath);
    expect(await lost.end).toMatchObject({
      kind: 'delivered',
      report: { decisions: [{ branch: 'pack-damaged/fallback-clip' }], delivered: { grade: 'fallback' } },
    });
    expect(await next.end).toMatchObject({ kind: 'delivered' });
  });
});

describe('cancelling', () => {
  it('takes a queued job out before it begins, and leaves the running one alone', async () => {
    await using service = await openService({ slowness: 10 });
    const running = service.enqueue(request, request.prompt, outPath);
    const queued = service.enqueue(request, request.prompt, outPath);
    await underWay(running.id);
    service.cancel(queued.id);
    expect(await queued.end).toEqual({ kind: 'cancelled' });
    expect(service.openJobCount).toBe(1);
    expect(await running.end).toMatchObject({ kind: 'delivered' });
    expect(kindsOf(told, queued.id)).toEqual(['queued', 'cancelled']);
  });

  it('stops a running job, clears its files away and goes on with the next', async () => {
    await using service = await openService({ slowness: 10 });
    const running = service.enqueue({ ...request, steps: 40 }, request.prompt, outPath);
    const next = service.enqueue(request, request.prompt, outPath);
    await underWay(running.id);
    service.cancel(running.id);
    expect(await running.end).toEqual({ kind: 'cancelled' });
    expect(await next.end).toMatchObject({ kind: 'delivered' });
    expect(kindsOf(told, running.id)).toEqual(['queued', 'attempt-started', 'cancelled']);
    await expect.poll(() => existsSync(workFolder(running.id))).toBe(false);
  });

  it('of a finished or unknown job changes nothing', async () => {
    await using service = await openService();
    const job = service.enqueue(request, request.prompt, outPath);
    await job.end;
    service.cancel(job.id);
    service.cancel('00000000-0000-4000-8000-000000000000');
    expect(kindsOf(service.events(), job.id)).toEqual(['queued', 'attempt-started', 'delivered']);
  });
});

describe('removing', () => {
  it('forgets a finished job with its working files', async () => {
    await using service = await openService();
    const job = service.enqueue(request, request.prompt, outPath);
    await job.end;
    await service.remove(job.id);
    expect(service.events()).toEqual([]);
    expect(service.report(job.id)).toBeNull();
    expect(existsSync(workFolder(job.id))).toBe(false);
    expect(kindsOf(told, job.id).at(-1)).toBe('removed');
  });

  it('ends a queued job first, so that nobody waits for it for ever', async () => {
    await using service = await openService({ slowness: 10 });
    const running = service.enqueue(request, request.prompt, outPath);
    const queued = service.enqueue(request, request.prompt, outPath);
    await underWay(running.id);
    await service.remove(queued.id);
    expect(await queued.end).toEqual({ kind: 'cancelled' });
    expect(service.events().filter(({ jobId }) => jobId === queued.id)).toEqual([]);
    expect(await running.end).toMatchObject({ kind: 'delivered' });
  });

  it('leaves the running job alone', async () => {
    await using service = await openService({ slowness: 10 });
    const running = service.enqueue(request, request.prompt, outPath);
    await underWay(running.id);
    await service.remove(running.id);
    expect(await running.end).toMatchObject({ kind: 'delivered' });
    expect(kindsOf(told, running.id)).not.toContain('removed');
  });
});

describe('an interrupted job', () => {
  it('is open when the program was closed in the middle of it, and its own for as long as it lives', async () => {
    const service = await openService({ slowness: 10 });
    const job = service.enqueue({ ...request, steps: 40 }, request.prompt, outPath);
    await underWay(job.id);
    await service[Symbol.asyncDispose]();
    expect(await job.end).toEqual({ kind: 'cancelled' });
    expect(kindsOf(told, job.id)).not.toContain('cancelled');

    // This process owns it and lives: a second program must not take it.
    await using second = await openService();
    expect(kindsOf(second.events(), job.id)).toEqual(['queued', 'attempt-started']);
    expect(second.interruptedJobs()).toEqual([]);
  });

  it('is found at the next open when its program died, taken up once, and done', async () => {
    const id = '11111111-1111-4111-8111-111111111111';
    const store = join(base, 'home', 'runs.db');
    await (await openService())[Symbol.asyncDispose]();
    const program = resolve(import.meta.dirname, 'dying-program.ts');
    const child = spawn(process.execPath, [program, store, id, outPath(id)], { stdio: ['ignore', 'pipe', 'inherit'] });
    using _ = { [Symbol.dispose]: () => void child.kill('SIGKILL') };
    await once(child.stdout, 'data');

    await using service = await openService();
    const owner = ownerToken(child.pid);
    expect(service.interruptedJobs()).toEqual([]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const [job, ...others] = service.interruptedJobs();
    expect(others).toEqual([]);
    expect(job).toMatchObject({ id, owner, isOpen: true, outPath: outPath(id) });
    if (!job) return;

    const end = service.takeUp(job);
    expect(service.takeUp(job)).toBeNull();
    expect(await end).toMatchObject({ kind: 'delivered' });
    expect(kindsOf(service.events(), id)).toEqual(['queued', 'interrupted', 'attempt-started', 'delivered']);
    expect(service.interruptedJobs()).toEqual([]);
  });
});

describe('looking on', () => {
  it('tells watchers everything in order, and a watcher that throws disturbs nobody', async () => {
    const seen: string[] = [];
    const watcher: JobWatcher = {
      begun: ({ traceId }) => seen.push(`begun ${traceId.length}`),
      ledger: (_id, { kind }) => seen.push(kind),
      work: ({ kind }) => seen.push(kind),
      report: ({ delivered }) => seen.push(`report ${delivered.grade}`),
      ended: (_id, { kind }) => seen.push(`ended ${kind}`),
    };
    const broken: JobWatcher = {
      work: () => {
        throw new Error('a bug of a watcher');
      },
    };
    await using service = await openService({ watchers: [broken, watcher] });
    const job = service.enqueue(request, request.prompt, outPath);
    expect(await job.end).toMatchObject({ kind: 'delivered' });
    expect([...new Set(seen)]).toEqual([
      ...['begun 32', 'attempt-begun', 'unit-started', 'text-done', 'step-done', 'checkpoint', 'frames-decoded'],
      ...['attempt-done', 'attempt-ended', 'export-begun', 'report full', 'ended delivered'],
    ]);
  });

  it('samples the machine while a job runs and puts the peak into the report', async () => {
    const samples: ResourceSample[] = [];
    await using service = await openService({ slowness: 5, watchers: [{ sample: (sample) => samples.push(sample) }] });
    const job = service.enqueue(request, request.prompt, outPath);
    await job.end;
    expect(samples.length).toBeGreaterThan(0);
    const { resources } = service.report(job.id)?.health ?? {};
    if (process.platform === 'linux') expect(resources?.rssPeakBytes).toBeGreaterThan(1e7);
    expect(samples.every(({ disk }) => (disk.homeFreeBytes ?? 0) > 0)).toBe(true);
  });

  it('says of a slow run where its time went, and delivers its clip all the same', async () => {
    await using service = await openService({ latency: () => ({ slowQueryMs: 1, stallFactor: 3 }) });
    const job = service.enqueue(request, request.prompt, outPath);
    expect(await job.end).toMatchObject({ kind: 'delivered' });
    const report = service.report(job.id);
    expect(report?.delivered.grade).toBe('full');
    expect(report?.decisions).toEqual([]);
    const slow = report?.attempts[0]?.faults.find(({ kind }) => kind === 'slow-query');
    expect(slow).toMatchObject({ severity: 'warning', evidence: { limitMs: 1, attemptCount: 1 } });
    expect(kindsOf(told, job.id)).toContain('fault-found');
  });
});
