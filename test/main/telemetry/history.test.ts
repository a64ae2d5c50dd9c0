import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { DEFAULT_PROJECT_ID } from '../../../app/contract/default.ts';
import type { JobEvent, JobRequest } from '../../../app/contract/job.ts';
import { defaultDelivery } from '../../../app/contract/project.ts';
import { faultOf } from '../../../app/monitor/fault.ts';
import { RunStore } from '../../../main/store/run-store.ts';
import { History } from '../../../main/telemetry/history.ts';
import { LOG_NAME } from '../../../main/telemetry/log-sink.ts';

const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const words = 'a red panda walks in the deep snow while rabbits look on and 星星 fall over old mountains'.split(' ');
const promptOf = (number: number): string =>
  Array.from({ length: 14 }, (_, i) => words[(number * 7 + i * i + (number >> i)) % words.length]).join(' ');

const requestOf = (number: number): JobRequest => ({
  ...{ prompt: `${promptOf(number)} run${number}`, negative: '', packId: 'wan-mini', rung: 'small', seed: number },
  ...{ frameCount: 9, steps: 8, policy: 'auto', delivery: defaultDelivery, deadlineSeconds: null },
  ...{ isPackChosen: false, projectId: DEFAULT_PROJECT_ID },
});
const eventsOf = (number: number): readonly [JobEvent, JobEvent] => [
  { kind: 'queued', jobId: idOf(number), atMs: 1_000 + number, request: requestOf(number) },
  {
    ...{ kind: 'fault-found', jobId: idOf(number) },
    fault: faultOf('slow-query', 'denoise', { tookMs: 9 }, { step: 3, severity: 'warning' }),
  },
];

/** A store as it is after so many runs, written in one go. */
function makeStore(path: string, runCount: number): RunStore {
  using fresh = new RunStore(path);
  expect(fresh.events()).toEqual([]);
  const database = new DatabaseSync(path);
  database.exec('PRAGMA foreign_keys = OFF; BEGIN');
  const insert = database.prepare('INSERT INTO event (job_id, json) VALUES (?, ?)');
  for (let run = 0; run < runCount; run += 1)
    for (const event of eventsOf(run)) insert.run(event.jobId, JSON.stringify(event));
  database.exec('COMMIT');
  database.close();
  return new RunStore(path);
}

const find = (history: History, text: string, limit = 5) => history.search({ text, kinds: [], limit });
const patiently = { timeout: 20_000, interval: 20 };

let home = '';
const bugs: unknown[] = [];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'steadyframe-history-'));
  bugs.length = 0;
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
  expect(bugs).toEqual([]);
});
const open = async (): Promise<History> => History.open(home, (cause) => bugs.push(cause));

/** The longest time that others had to wait for their turn, in milliseconds of this thread's processor time. */
async function longestPieceMs(until: () => boolean): Promise<number> {
  let longest = 0;
  while (!until()) {
    const before = process.threadCpuUsage();
    await setImmediate();
    const { user, system } = process.threadCpuUsage(before);
    longest = Math.max(longest, (user + system) / 1_000);
  }
  return longest;
}

it('takes in 10,000 runs in seconds, keeps nobody waiting meanwhile, and then answers at once', async () => {
  using store = makeStore(join(home, 'runs.db'), 10_000);
  using history = await open();
  const before = process.threadCpuUsage();
  history.watcher.opened?.(() => store.past(), null);
  const last = '00009999';
  let isThere = false;
  let looks = 0;
  const longest = await longestPieceMs(() => {
    looks += 1;
    // Not at each turn: the looking itself must not be what is measured.
    if (looks % 50 === 0) isThere = find(history, `run9999`).some(({ jobId }) => jobId?.endsWith(last));
    return isThere;
  });
  const { user, system } = process.threadCpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(10);
  expect(longest).toBeLessThan(50);
  for (const text of ['panda', 'a', '星', 'slow-query', 'run77']) {
    const cpu = process.threadCpuUsage();
    expect(find(history, text, 50)).toHaveLength(50);
    const took = process.threadCpuUsage(cpu);
    expect((took.user + took.system) / 1_000).toBeLessThan(50);
  }
}, 120_000);

it('tells what came before it was opened, what came since, and what was taken away, in that order', async () => {
  using store = makeStore(join(home, 'runs.db'), 300);
  using history = await open();
  const { watcher } = history;
  watcher.opened?.(() => store.past(), null);
  for (const event of eventsOf(300)) watcher.job?.(event);
  watcher.job?.({ kind: 'removed', jobId: idOf(7) });
  await expect.poll(() => find(history, 'run300'), patiently).toHaveLength(1);
  await expect.poll(() => find(history, 'run7').map(({ jobId }) => jobId), patiently).not.toContain(idOf(7));
  expect(find(history, 'run8')[0]?.atMs).toBeGreaterThan(1_000);
  const [past] = history.search({ text: 'slow-query', kinds: ['fault'], limit: 500 }, [idOf(8)]);
  expect(past).toMatchObject({ jobId: idOf(8), atMs: 1_008 });
});

it('begins again where a program was ended before all of the past was in', async () => {
  const path = join(home, 'runs.db');
  {
    using store = makeStore(path, 2_000);
    using history = await open();
    history.watcher.opened?.(() => store.past(), null);
    expect(find(history, 'run1999')).toEqual([]);
  }
  // That program's number is this one's: as if it had died.
  const database = new DatabaseSync(join(home, 'search.db'));
  database.exec("UPDATE filling SET owner = '4194304:1'");
  database.close();
  using store = new RunStore(path);
  using history = await open();
  history.watcher.opened?.(() => store.past(), null);
  await expect.poll(() => find(history, 'run1999'), patiently).toHaveLength(1);
});

it('is not filled where the store was closed half-way', async () => {
  const path = join(home, 'runs.db');
  {
    using history = await open();
    {
      using store = makeStore(path, 500);
      history.watcher.opened?.(() => store.past(), null);
    }
    for (let turn = 0; turn < 200; turn += 1) await setImmediate();
  }
  const database = new DatabaseSync(join(home, 'search.db'));
  expect(database.prepare('SELECT count(*) AS count FROM filling').get()).toEqual({ count: 1 });
  database.close();
});

it('reads the log of before, half lines left out, and keeps the grade of a run that another program began', async () => {
  await mkdir(join(home, 'logs'));
  const line = { '@timestamp': '2026-01-01T00:00:00.000Z', message: 'the engine sneezed', 'event.action': 'sneeze' };
  await writeFile(join(home, 'logs', LOG_NAME), `${JSON.stringify(line)}\n{"@timestamp": "20`);
  const path = join(home, 'runs.db');
  {
    using store = makeStore(path, 2);
    using history = await open();
    history.watcher.opened?.(() => store.past(), null);
    await expect.poll(() => find(history, 'sneezed'), patiently).toHaveLength(1);
    await expect.poll(() => find(history, 'run1'), patiently).toHaveLength(1);
  }
  using history = await open();
  const clip = { grade: 'repaired' } as Extract<JobEvent, { kind: 'delivered' }>['clip'];
  history.watcher.job?.({ kind: 'delivered', jobId: idOf(1), clip });
  expect(find(history, 'run1 repaired').map(({ kind, atMs }) => [kind, atMs])).toEqual([['run', 1_001]]);
});
