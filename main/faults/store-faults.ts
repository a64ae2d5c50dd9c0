import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';

import { homePaths } from '../store/home.ts';
import type { Lab, Run } from './lab.ts';
import type { Scenario } from './scenario.ts';
import { wait } from './processes.ts';

const PAGE_BYTES = 4_096;
const LOCK_MS = 1_000;

async function withHistory(lab: Lab): Promise<string> {
  await lab.render(['--out', lab.at('before.mp4')]).end;
  await rm(lab.at('report.json'), { force: true });
  return homePaths(lab.at('home')).store;
}

/** What the spoiled history held is set aside; the clip that is asked for now is delivered all the same. */
const spoiled = (name: string, spoil: (path: string) => Promise<void>): Scenario => ({
  name,
  layer: 'store',
  expected: { kind: 'borne' },
  run: async (lab) => {
    await spoil(await withHistory(lab));
    lab.injected();
    return lab.render();
  },
});

async function resume(lab: Lab): Promise<Run> {
  return lab.command('render', ['--resume', '--report', lab.at('report.json')]);
}

/** The whole program is killed at such a moment; what it had promised is kept by the next start. */
const killed = (name: string, when: RegExp, laterMs = 0): Scenario => ({
  name,
  layer: 'power',
  expected: { kind: 'resumed' },
  run: async (lab) => {
    const run = lab.render();
    await run.until(when);
    if (laterMs > 0) await wait(laterMs);
    run.kill('SIGKILL');
    await run.end;
    return resume(lab);
  },
});

export const storeFaults: readonly Scenario[] = [
  spoiled('history-page-spoiled', async (path) => {
    const file = await open(path, 'r+');
    await file.write(Buffer.alloc(PAGE_BYTES, 0xa5), 0, PAGE_BYTES, PAGE_BYTES);
    await file.close();
  }),
  spoiled('history-is-no-database', async (path) =>
    writeFile(path, 'not a database, but quite long enough to be one'.repeat(50)),
  ),
  spoiled('history-cut', async (path) => writeFile(path, (await readFile(path)).subarray(0, 5_000))),
  spoiled('history-gone', async (path) => rm(path)),
  {
    name: 'history-locked',
    layer: 'store',
    expected: { kind: 'borne' },
    run: async (lab) => {
      using database = new DatabaseSync(await withHistory(lab));
      database.exec('BEGIN EXCLUSIVE');
      lab.injected();
      const run = lab.render();
      await wait(LOCK_MS);
      return run;
    },
  },
  killed('program-killed-denoising', /^text /),
  killed('program-killed-decoding', /^denoise /),
  killed('program-killed-exporting', /^decode /, 40),
  killed('program-killed-at-start', /^engine /),
];
