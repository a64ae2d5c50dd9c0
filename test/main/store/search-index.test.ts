import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { HistoryKind } from '../../../app/contract/telemetry.ts';
import { SearchIndex, type SearchDocument } from '../../../main/store/search-index.ts';

const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const document = (kind: HistoryKind, text: string, number = 1, atMs = number): SearchDocument => ({
  ...{ kind, text, atMs },
  jobId: idOf(number),
});

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-search-'));
  path = join(folder, 'search.db');
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const fill = (index: SearchIndex, documents: readonly SearchDocument[]): void =>
  index.together(() => documents.forEach((one) => index.add(one)));
const found = (index: SearchIndex, text: string, kinds: readonly HistoryKind[] = []): readonly string[] =>
  index.search({ text, kinds, limit: 20 }).map(({ kind, jobId }) => `${kind} ${Number(jobId?.slice(-4))}`);

it('looks into the jobs of one project alone, and into what belongs to none', () => {
  using index = new SearchIndex(path);
  const engine: SearchDocument = { kind: 'log', jobId: null, atMs: 1, text: 'a panda in the engine' };
  fill(index, [document('run', 'a panda', 1), document('run', 'a panda', 2), engine]);
  const query = { text: 'panda', kinds: [], limit: 1 };
  expect(index.search({ ...query, limit: 9 })).toHaveLength(3);
  expect(index.search({ ...query, limit: 9 }, [idOf(2)]).map(({ jobId }) => jobId)).toEqual([idOf(2), null]);
  expect(index.search({ ...query, limit: 9 }, []).map(({ jobId }) => jobId)).toEqual([null]);
});

describe('searching', () => {
  it.each<[string, readonly string[]]>([
    ['panda', ['run 1']],
    ['PAN', ['run 1']],
    ['熊猫', ['run 2']],
    ['猫', ['run 2']],
    ['中的熊', ['run 2']],
    ['熊雪', []],
    ['café', ['run 3']],
    ['cafe', ['run 3']],
    ['memory vram', ['fault 1']],
    ['latent-nonfinite', ['fault 2']],
    ['nothing of it', []],
    ['', []],
    ['")(*', []],
  ])('%j finds %j', (text, expected) => {
    using index = new SearchIndex(path);
    fill(index, [
      document('run', 'a red panda in the snow', 1),
      document('run', '雪中的熊猫，安静', 2),
      document('run', 'A Café at night', 3),
      document('fault', 'memory-pressure · monitor · memory vram', 1),
      document('fault', 'latent-nonfinite · denoise · step 4', 2),
    ]);
    expect(found(index, text).toSorted()).toEqual(expected);
  });

  it('keeps to the kinds that are asked for, and to the limit', () => {
    using index = new SearchIndex(path);
    fill(index, [
      document('run', 'panda'),
      document('fault', 'panda'),
      ...Array.from({ length: 30 }, () => document('log', 'panda')),
    ]);
    expect(found(index, 'panda', ['run', 'fault']).toSorted()).toEqual(['fault 1', 'run 1']);
    expect(found(index, 'panda')).toHaveLength(20);
  });

  it('knows a run by its newest text alone, and a removed one not at all', () => {
    using index = new SearchIndex(path);
    fill(index, [document('run', 'panda'), document('run', 'panda · full')]);
    expect(index.search({ text: 'panda', kinds: [], limit: 9 }).map(({ excerpt }) => excerpt)).toEqual([
      'panda · full',
    ]);
    index.removeJob(idOf(1));
    expect(found(index, 'panda')).toEqual([]);
  });

  it('never fails on what a person types', () => {
    using index = new SearchIndex(path);
    fill(index, [document('run', 'panda')]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        index.search({ text, kinds: [], limit: 5 });
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});

it('forgets the oldest log lines and keeps everything else', () => {
  using index = new SearchIndex(path);
  fill(index, [document('run', 'line'), ...Array.from({ length: 50 }, (_, i) => document('log', `line ${i}`))]);
  expect(index.prune(10, 25)).toBe(true);
  expect(index.search({ text: 'line', kinds: ['log'], limit: 200 })).toHaveLength(25);
  expect(index.prune(10)).toBe(false);
  expect(index.search({ text: 'line', kinds: ['log'], limit: 200 })).toHaveLength(10);
  expect(index.search({ text: '49', kinds: ['log'], limit: 9 })).toHaveLength(1);
  expect(found(index, 'line', ['run'])).toEqual(['run 1']);
});

describe('the file', () => {
  it('is fresh until it is filled', () => {
    {
      using index = new SearchIndex(path);
      expect(index.isFresh).toBe(true);
      fill(index, [document('run', 'panda')]);
      // Another program meanwhile leaves the filling to the first.
      using other = new SearchIndex(path);
      expect(other.isFresh).toBe(false);
      index.filled();
    }
    using again = new SearchIndex(path);
    expect(again.isFresh).toBe(false);
    expect(found(again, 'panda')).toEqual(['run 1']);
  });

  it('of a program that was ended while it filled it is begun again', () => {
    {
      using index = new SearchIndex(path);
      fill(index, [document('run', 'panda')]);
    }
    {
      const database = new DatabaseSync(path);
      database.exec("UPDATE filling SET owner = '4194304:1'");
      database.close();
    }
    using again = new SearchIndex(path);
    expect(again.isFresh).toBe(true);
    expect(found(again, 'panda')).toEqual([]);
  });

  it('of version 1 makes room for the new one', () => {
    {
      const database = new DatabaseSync(path);
      database.exec(`
        CREATE VIRTUAL TABLE document USING fts5(body, kind UNINDEXED, job_id UNINDEXED, at_ms UNINDEXED, text UNINDEXED);
        INSERT INTO document (body, kind, text) VALUES ('panda', 'run', 'panda');
        PRAGMA user_version = 1;`);
      database.close();
    }
    using index = new SearchIndex(path);
    expect(index.isFresh).toBe(true);
    fill(index, [document('run', 'panda')]);
    expect(found(index, 'panda')).toEqual(['run 1']);
  });

  it.each<[string, () => Promise<void>]>([
    [
      'is something else',
      async () => writeFile(path, 'not a database at all, but long enough to be read as one'.repeat(50)),
    ],
    ['was cut off', async () => truncate(path, 5_000)],
  ])('is made anew when it %s', async (_name, damage) => {
    {
      using index = new SearchIndex(path);
      fill(
        index,
        Array.from({ length: 200 }, (_, i) => document('log', `panda ${i} ${'text '.repeat(20)}`)),
      );
    }
    await damage();
    using index = new SearchIndex(path);
    expect(index.isFresh).toBe(true);
    fill(index, [document('run', 'panda')]);
    expect(found(index, 'panda')).toEqual(['run 1']);
  });
});
