import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { whole } from '../../../app/base/work.ts';
import type { PastSlice } from '../../../app/contract/past.ts';
import { isOwnerAlive, ownerToken } from '../../../main/store/owner.ts';
import { RunStore, StoreFromFuture } from '../../../main/store/run-store.ts';
import { sampleRequest } from '../../app/sample-pack.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const job = { id: ID, outPath: '/out/a.mp4', typedPrompt: 'a red ball', traceId: '0'.repeat(32) };
const queued = { kind: 'queued', jobId: ID, atMs: 1, request: sampleRequest } as const;
const children: ChildProcess[] = [];
let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-store-'));
  path = join(folder, 'runs.db');
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function start(task: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'store-child.ts'), task, path, ID], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const says = async (): Promise<string> => String((await lines.next()).value);
  return { child, says };
}

async function beginAndDie(): Promise<void> {
  const { child, says } = start('begin');
  expect(await says()).toBe('begun');
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

it('keeps what was acknowledged when its program is killed between begin and close', async () => {
  await beginAndDie();
  using store = new RunStore(path);
  const [left] = store.jobs();
  expect(left).toMatchObject({ ...job, isOpen: true });
  expect(isOwnerAlive(left?.owner ?? '')).toBe(false);
  expect(store.events()).toEqual([queued]);
  expect(store.ledger(ID)).toEqual([{ kind: 'checkpoint', attempt: 0, nextStep: 4, path: 'latents' }]);
});

it('gives an abandoned job to one of two processes', async () => {
  // Catches a claim that reads and then writes: two programs would render into the same file.
  await beginAndDie();
  const [one, other] = [start('claim'), start('claim')];
  await Promise.all([one.says(), other.says()]);
  one.child.stdin.write('go');
  other.child.stdin.write('go');
  expect((await Promise.all([one.says(), other.says()])).toSorted()).toEqual(['mine', 'not mine']);
});

describe('an owner', () => {
  it('is alive while its process is', () => {
    expect(isOwnerAlive(ownerToken())).toBe(true);
  });

  it('is not another process that got the same number later', () => {
    const [pid = ''] = ownerToken().split(':');
    expect(isOwnerAlive(`${pid}:12345`)).toBe(false);
  });

  it.each(['', '0:1', '-1:1', 'x:y', '4194999:5'])('is nobody where the token says "%s"', (token) => {
    // Catches kill(0) and kill(-1), which ask about groups of processes.
    expect(isOwnerAlive(token)).toBe(false);
  });
});

it('never gives away a job that is over', () => {
  using store = new RunStore(path);
  store.beginJob(job, queued);
  store.closeJob(ID);
  const [closed] = store.jobs();
  expect(closed && store.claimJob(closed)).toBe(false);
});

it('leaves out a damaged line and keeps the rest', () => {
  using store = new RunStore(path);
  store.beginJob(job, queued);
  using database = new DatabaseSync(path);
  database.prepare('INSERT INTO event (job_id, json) VALUES (?, ?)').run(ID, '{"kind":');
  database.prepare('INSERT INTO event (job_id, json) VALUES (?, ?)').run(ID, '{"kind":"teleported"}');
  store.appendEvent({ kind: 'cancelled', jobId: ID });
  expect(store.events().map(({ kind }) => kind)).toEqual(['queued', 'cancelled']);
});

it('forgets everything about a job that is removed', () => {
  using store = new RunStore(path);
  store.beginJob(job, queued);
  store.appendLedger(ID, { kind: 'checkpoint', attempt: 0, nextStep: 1, path: 'x' });
  store.removeJob(ID);
  expect([store.jobs(), store.events(), store.ledger(ID)]).toEqual([[], [], []]);
});

it('leaves a store of a newer program alone', () => {
  {
    using database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 99');
  }
  expect(() => new RunStore(path)).toThrow(StoreFromFuture);
});

it('opens one new store from two places at once', () => {
  using one = new RunStore(path);
  using other = new RunStore(path);
  one.beginJob(job, queued);
  expect(other.jobs()).toHaveLength(1);
});

it('waits for another program that holds the file, from the first statement on', async () => {
  const { says } = start('lock');
  expect(await says()).toBe('locked');
  using store = new RunStore(path);
  expect(store.jobs()).toEqual([]);
});

describe('the past in slices', () => {
  const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  function fill(store: RunStore, count: number): void {
    for (let n = 1; n <= count; n += 1) store.beginJob({ ...job, id: idOf(n) }, { ...queued, jobId: idOf(n), atMs: n });
    for (let n = 1; n <= count; n += 1) store.appendEvent({ kind: 'cancelled', jobId: idOf(n) });
  }
  const idsOf = (slice: PastSlice): unknown => slice.events.map(({ kind, jobId }) => [kind, Number(jobId.slice(-6))]);

  it('has the newest jobs first, each with its whole story, and loses none', () => {
    using store = new RunStore(path);
    fill(store, 5);
    const first = whole(store.slice(null, 2));
    expect(idsOf(first)).toEqual([
      ['queued', 4],
      ['queued', 5],
      ['cancelled', 4],
      ['cancelled', 5],
    ]);
    store.removeJob(idOf(4));
    const second = whole(store.slice(first.olderThan, 2));
    const third = whole(store.slice(second.olderThan, 2));
    expect(idsOf(second)).toEqual([
      ['queued', 2],
      ['queued', 3],
      ['cancelled', 2],
      ['cancelled', 3],
    ]);
    expect([idsOf(third), third.olderThan]).toEqual([
      [
        ['queued', 1],
        ['cancelled', 1],
      ],
      null,
    ]);
  });

  it('is as it was when its reading began, whatever is told meanwhile', () => {
    using store = new RunStore(path);
    fill(store, 3);
    const reading = store.slice(null);
    reading.next();
    for (const n of [1, 3]) store.appendEvent({ kind: 'interrupted', jobId: idOf(n) });
    expect(whole(reading).events.map(({ kind }) => kind)).not.toContain('interrupted');
  });

  it('is read by jobs, and never in one piece', () => {
    // Catches a snapshot that holds up the window for as long as the past is long.
    using store = new RunStore(path);
    fill(store, 300);
    const reading = store.slice(null);
    let pieces = 0;
    while (reading.next().done !== true) pieces += 1;
    expect(pieces).toBe(250);
    expect(store.newestJobs(2).map(({ id }) => id)).toEqual([idOf(299), idOf(300)]);
    expect([store.job(idOf(7))?.id, store.job(idOf(301))]).toEqual([idOf(7), null]);
  });
});
