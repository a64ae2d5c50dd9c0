import { existsSync } from 'node:fs';
import { mkdtemp, open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { RunStore } from '../../../main/store/run-store.ts';
import { sampleRequest } from '../../app/sample-pack.ts';

const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const JOB_COUNT = 60;
let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-salvage-'));
  path = join(folder, 'runs.db');
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

/** Enough to fill many pages, all of it in the file itself. */
function fill(): void {
  {
    using store = new RunStore(path);
    for (let number = 0; number < JOB_COUNT; number += 1) {
      const id = idOf(number);
      const request = { ...sampleRequest, prompt: `prompt ${number} ${'word '.repeat(60)}` };
      store.beginJob(
        { id, outPath: '/a.mp4', typedPrompt: request.prompt, traceId: 'a'.repeat(32) },
        { kind: 'queued', jobId: id, atMs: number, request },
      );
      store.appendEvent({ kind: 'cancelled', jobId: id });
    }
  }
  using database = new DatabaseSync(path);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

async function overwrite(from: number, bytes: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(bytes, 0xa5), 0, bytes, from);
  await file.close();
}

it('leaves a sound store alone', () => {
  fill();
  using store = new RunStore(path);
  expect(store.salvage).toBeNull();
  expect(store.jobs()).toHaveLength(JOB_COUNT);
});

describe('a damaged page', () => {
  it('costs what stood on it, not the history', async () => {
    fill();
    const { size } = await stat(path);
    // One page in the middle, with everything else as it was.
    await overwrite(Math.floor(size / 2 / 4_096) * 4_096, 4_096);
    using store = new RunStore(path);
    expect(store.salvage?.keptRowCount).toBeGreaterThan(JOB_COUNT);
    expect(store.jobs().length).toBeGreaterThan(JOB_COUNT / 2);
    expect(store.events().length).toBeGreaterThan(JOB_COUNT / 2);
    expect(existsSync(`${path}.damaged-1`)).toBe(true);
    store.appendEvent({ kind: 'cancelled', jobId: store.jobs()[0]?.id ?? '' });
  });

  it('is met once: the next start finds a sound store with the same rows', async () => {
    fill();
    const { size } = await stat(path);
    await overwrite(Math.floor(size / 2 / 4_096) * 4_096, 4_096);
    const counts = (): readonly number[] => {
      using store = new RunStore(path);
      return [store.salvage === null ? 0 : 1, store.jobs().length, store.events().length];
    };
    const [first, ...rows] = counts();
    expect(first).toBe(1);
    expect(counts()).toEqual([0, ...rows]);
  });
});

describe('a file that is no store any more', () => {
  it.each<[string, () => Promise<void>]>([
    ['is cut off', async () => truncate(path, 6_000)],
    ['has lost its head', async () => overwrite(0, 4_096)],
    ['is something else', async () => writeFile(path, 'a shopping list, and a long one\n'.repeat(200))],
  ])('is put aside when it %s, and the studio begins anew', async (_name, damage) => {
    fill();
    await damage();
    using store = new RunStore(path);
    expect(store.salvage?.path).toBe(`${path}.damaged-1`);
    expect(await readdir(folder)).toContain('runs.db.damaged-1');
    store.beginJob(
      { id: idOf(999), outPath: '/b.mp4', typedPrompt: 'x', traceId: 'b'.repeat(32) },
      { kind: 'queued', jobId: idOf(999), atMs: 1, request: sampleRequest },
    );
    expect(store.jobs().at(-1)?.id).toBe(idOf(999));
  });

  it('never takes the name of one that was put aside before', async () => {
    for (const number of [1, 2]) {
      await writeFile(path, 'no database, and too long to be taken for an empty one\n'.repeat(50));
      using store = new RunStore(path);
      expect(store.salvage?.path).toBe(`${path}.damaged-${number}`);
    }
  });
});
