import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, expect, it } from 'vitest';

import type { EngineStatus } from '../../../app/contract/route.ts';
import { initialPlan } from '../../../app/plan/render-plan.ts';
import { DeadlineBook, IDLE_LIMIT_MS } from '../../../main/host/deadline.ts';
import type { SpawnEngine } from '../../../main/host/engine-child.ts';
import type { WorkEvent } from '../../../main/host/attempt.ts';
import { EngineHost } from '../../../main/host/engine-host.ts';
import { samplePack, sampleRequest } from '../../app/sample-pack.ts';

const { rung: _, ...plan } = initialPlan(sampleRequest, samplePack);
const order = { jobId: 'job', attempt: 0, plan, resume: null };
const pids: number[] = [];
const statuses: EngineStatus[] = [];
const hosts: EngineHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map(async (host) => host[Symbol.asyncDispose]()));
  pids.length = 0;
  statuses.length = 0;
});

/** Each start takes the next mode; the last one goes on. */
function hostOf(...modes: string[]): EngineHost {
  const spawn: SpawnEngine = ({ workFolder }) => {
    const mode = (modes.length > 1 ? modes.shift() : modes[0]) ?? '';
    const child = fork(join(import.meta.dirname, 'rogue-engine.ts'), [mode], {
      cwd: workFolder,
      serialization: 'advanced',
      execArgv: [],
    });
    if (child.pid !== undefined) pids.push(child.pid);
    return {
      pid: child.pid,
      post: (command) => void (child.connected && child.send(command, () => undefined)),
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => void child.on('exit', (code, signal) => listener({ code, signal })),
      kill: () => void child.kill('SIGKILL'),
    };
  };
  const pack = { folder: '.', manifestText: '{}' };
  const host = new EngineHost({ spawn, pack, threads: 1, onStatus: (status) => statuses.push(status) });
  hosts.push(host);
  return host;
}

const run = (of: EngineHost, events: WorkEvent[] = []) =>
  of.run(order, (event) => events.push(event), new AbortController().signal);
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('names a killed engine with its step, and the next attempt gets a fresh one', async () => {
  const engine = hostOf('die', 'sound');
  expect(await run(engine)).toMatchObject({
    kind: 'failed',
    fault: { kind: 'engine-crashed', stage: 'denoise', step: 4, evidence: { signal: 'SIGKILL' } },
  });
  expect(await run(engine)).toEqual({ kind: 'done' });
  expect(engine.restartCount).toBe(1);
});

it('kills an engine that hangs as soon as the deadline that it learned is over', async () => {
  // Catches a deadline that is armed and never fires, and a SIGTERM, which a stopped process never gets.
  const engine = hostOf('hang', 'sound');
  const end = await run(engine);
  expect(end).toMatchObject({ kind: 'failed', fault: { kind: 'engine-hung', stage: 'denoise', step: 4 } });
  expect(end.kind === 'failed' && end.fault.evidence['limitMs']).toBe(5_005);
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  expect(await run(engine)).toEqual({ kind: 'done' });
}, 15_000);

it('misses no moment in which an engine may be stopped, those between two units of work included', async () => {
  // Catches a deadline that ends with a unit of work and begins with the next one: stopped in between, the job waited for ever.
  const moments = ['loading', 'warming', 'ready', 'text', 'steps', 'done'];
  const modes = ['while-loading', 'while-warming', 'when-ready', 'after-text', 'between-steps', 'before-done'];
  const ends = await Promise.all(
    modes.map(async (mode) => {
      const engine = hostOf(`stop-${mode}`, 'sound');
      // With `ready` said a moment ago, and nothing asked of it yet.
      if (mode === 'when-ready') await engine.ensureReady().then(async () => sleep(300));
      const first = await run(engine);
      return [first.kind === 'failed' ? first.fault.kind : first.kind, (await run(engine)).kind];
    }),
  );
  expect(Object.fromEntries(moments.map((moment, i) => [moment, ends[i]]))).toEqual(
    Object.fromEntries(moments.map((moment) => [moment, ['engine-hung', 'done']])),
  );
  await expect.poll(() => pids.filter(isAlive).length, { timeout: 10_000 }).toBe(modes.length);
}, 90_000);

it('cancels an engine that does not listen', async () => {
  const engine = hostOf('hang', 'sound');
  const abort = new AbortController();
  const end = await engine.run(order, () => abort.abort(), abort.signal);
  expect(end).toEqual({ kind: 'cancelled' });
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
});

it.each(['garbage', 'lose'])('replaces an engine whose messages can not be trusted: %s', async (mode) => {
  // Catches a throw inside of the listener: it would end main with everything in it.
  const engine = hostOf(mode, 'sound');
  expect(await run(engine)).toMatchObject({ kind: 'failed', fault: { kind: 'engine-crashed' } });
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  expect(await run(engine)).toEqual({ kind: 'done' });
});

it('hears each message once, and none of another job', async () => {
  const events: WorkEvent[] = [];
  expect(await run(hostOf('repeat'), events)).toEqual({ kind: 'done' });
  expect(events.map(({ kind, sequence }) => [kind, sequence])).toEqual([
    ['unit-started', 0],
    ['attempt-done', 1],
  ]);
});

it.each(['die-at-load', 'garbage-at-load'])('gives up after its restart budget: %s', async (mode) => {
  // Catches a restart loop that burns a processor for ever.
  const engine = hostOf(mode);
  for (let i = 0; i < 4; i += 1) expect((await engine.ensureReady())?.kind).toBe('engine-crashed');
  expect(pids).toHaveLength(4);
  const fault = await engine.ensureReady();
  expect(fault?.evidence).toEqual({ restartsInWindow: 4 });
  expect(statuses.at(-1)?.phase).toBe('broken');
  expect(pids).toHaveLength(4);
});

it('starts one engine for two callers at once, and leaves none behind', async () => {
  const engine = hostOf('sound');
  expect(await Promise.all([engine.ensureReady(), engine.ensureReady()])).toEqual([null, null]);
  expect(pids).toHaveLength(1);
  await engine[Symbol.asyncDispose]();
  expect(pids.filter(isAlive)).toEqual([]);
});

it('learns deadlines, never below the grace and never without end', () => {
  const book = new DeadlineBook();
  expect(book.limitMs('denoise')).toBe(60_000);
  book.learn('denoise', 100);
  expect(book.limitMs('denoise')).toBe(5_500);
  book.learn('denoise', 50);
  expect(book.limitMs('denoise')).toBe(5_500);
  book.learn('denoise', 1e9);
  expect(book.limitMs('denoise')).toBe(120_000);
  book.forgetWork();
  expect(book.limitMs('denoise')).toBe(60_000);
});

it('gives loading the time that reading the pack took, and less after a hang', () => {
  // Catches limits of minutes one after the other where nothing starts, and a short one for a pack that is read for minutes.
  const small = new DeadlineBook(200);
  expect(small.limitMs('loading')).toBe(22_000);
  small.hung('loading');
  expect(small.limitMs('loading')).toBe(7_000);
  small.cameUp();
  expect(small.limitMs('loading')).toBe(22_000);
  const large = new DeadlineBook(100_000);
  large.hung('loading');
  expect(large.limitMs('loading')).toBeGreaterThan(1_000_000);
  const unknown = new DeadlineBook();
  unknown.hung('starting');
  expect([unknown.limitMs('starting'), unknown.limitMs('loading')]).toEqual([15_000, 120_000]);
});

it('sees within seconds that an engine which never says a word does nothing', async () => {
  const engine = hostOf('stop-at-load', 'sound');
  const fault = await engine.ensureReady();
  expect(fault).toMatchObject({ kind: 'engine-hung', evidence: { unit: 'starting', whileStarting: true } });
  if (process.platform === 'linux') expect(fault?.evidence['idleMs']).toBe(IDLE_LIMIT_MS);
  expect(await engine.ensureReady()).toBeNull();
}, 90_000);

it('knows from the warm-up how long a first step may take, so that a hang in it costs seconds', () => {
  const book = new DeadlineBook();
  book.warmed(40);
  book.warmed(30);
  expect(book.limitMs('denoise')).toBe(9_000);
  expect(book.limitMs('decode')).toBe(9_000);
  expect(book.limitMs('loading')).toBe(120_000);
  book.warmed(10_000);
  expect(book.limitMs('denoise')).toBe(60_000);
});
