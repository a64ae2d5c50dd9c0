import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { JobRequest } from '../../../app/contract/job.ts';
import type { StudioProject } from '../../../app/contract/studio-project.ts';
import { spawnEngineFrom } from '../../../main/host/node-child.ts';
import { JobService } from '../../../main/job/job-service.ts';
import { Projects } from '../../../main/job/projects.ts';
import { homePaths } from '../../../main/store/home.ts';
import { RunStore } from '../../../main/store/run-store.ts';
import { sampleRequest } from '../../app/sample-pack.ts';
import { fakeClips } from '../../fixture/fake-clips.ts';
import { writeTinyPack } from '../../fixture/tiny-pack.ts';

const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const enginePath = resolve(import.meta.dirname, '..', '..', '..', 'main', 'engine', 'index.ts');

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'steadyframe-projects-'));
});
afterEach(async () => rm(home, { recursive: true, force: true }));

const openStore = (): RunStore => new RunStore(homePaths(home).store);
const made = (result: ReturnType<Projects['create']>): StudioProject => {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
};

describe('projects', () => {
  it('outlive the program, with their names', () => {
    let told: readonly StudioProject[] = [];
    {
      using store = openStore();
      const projects = new Projects(store, (all) => (told = all));
      const market = made(projects.create('Night market'));
      made(projects.rename(market.id, '夜市'));
      made(projects.rename('default', 'Sketches'));
    }
    using store = openStore();
    const kept = new Projects(store, () => undefined).list();
    expect(kept.map(({ name }) => name)).toEqual(['Sketches', '夜市']);
    expect(told).toEqual(kept);
  });

  it('are told apart by two programs at once, and never have one name twice', () => {
    // Catches a name that is looked up and then written: both programs would have seen it free.
    using store = openStore();
    using other = openStore();
    const [here, there] = [new Projects(store, () => undefined), new Projects(other, () => undefined)];
    const first = made(here.create('Rooftops'));
    expect(there.create('rooftops')).toMatchObject({ ok: false, error: { code: 'project-taken' } });
    expect(store.saveProject({ id: idOf(9), name: 'ROOFTOPS' })).toBe(false);
    expect(made(there.named('rooftops'))).toEqual(first);
  });

  it('can not be renamed where they are not', () => {
    using store = openStore();
    const projects = new Projects(store, () => undefined);
    expect(projects.rename(idOf(1), 'Ghost')).toMatchObject({ ok: false, error: { code: 'project-unknown' } });
  });
});

/** A store as the program wrote it before there were projects, with runs in it. */
function writeOldStore(count: number): void {
  using database = new DatabaseSync(homePaths(home).store);
  database.exec(`
    PRAGMA journal_mode=WAL;
    CREATE TABLE job (id TEXT PRIMARY KEY, out_path TEXT NOT NULL, typed_prompt TEXT NOT NULL, trace_id TEXT NOT NULL, owner TEXT NOT NULL, is_open INTEGER NOT NULL) STRICT;
    CREATE TABLE event (number INTEGER PRIMARY KEY, job_id TEXT NOT NULL REFERENCES job(id) ON DELETE CASCADE, json TEXT NOT NULL) STRICT;
    CREATE TABLE ledger (number INTEGER PRIMARY KEY, job_id TEXT NOT NULL REFERENCES job(id) ON DELETE CASCADE, json TEXT NOT NULL) STRICT;
    CREATE TABLE report (job_id TEXT PRIMARY KEY REFERENCES job(id) ON DELETE CASCADE, json TEXT NOT NULL) STRICT;
    PRAGMA user_version = 1;`);
  const { projectId: _none, ...request } = sampleRequest;
  for (let number = 1; number <= count; number += 1) {
    const id = idOf(number);
    database.prepare('INSERT INTO job VALUES (?, ?, ?, ?, ?, 0)').run(id, '/a.mp4', 'a fox', 'a'.repeat(32), '');
    for (const event of [
      { kind: 'queued', jobId: id, atMs: number, request },
      { kind: 'cancelled', jobId: id },
    ])
      database.prepare('INSERT INTO event (job_id, json) VALUES (?, ?)').run(id, JSON.stringify(event));
  }
}

it('takes a store from before there were projects as it is: everything belongs to the first one', () => {
  writeOldStore(20);
  {
    using store = openStore();
    expect(store.salvage).toBeNull();
    expect(store.jobs()).toHaveLength(20);
    expect(store.events()).toHaveLength(40);
    expect(store.projects()).toEqual([{ id: 'default', name: '' }]);
    expect(store.jobsOf('default')).toHaveLength(20);
    expect(store.events()[0]).toMatchObject({ request: { projectId: 'default' } });
  }
  // Once more: a migration that runs twice must not double anything.
  using again = openStore();
  expect(again.events()).toHaveLength(40);
});

it('keeps two projects apart: history, drift and templates', async () => {
  const request: JobRequest = { ...sampleRequest, packId: 'tiny', rung: 'quick', frameCount: 5, steps: 4 };
  const program = join(home, 'program');
  await writeTinyPack(join(program, 'models', 'tiny', 'pack'), { slowness: 1 });
  const outPath = (id: string): string => join(home, `${id}.mp4`);
  let ids: readonly string[] = [];
  {
    await using service = await JobService.open({
      ...{ home, root: program, clips: fakeClips },
      spawnEngine: (options) => spawnEngineFrom(enginePath, options),
      ...{ onEvent: () => undefined, onStep: () => undefined, onHealth: () => undefined, onEngine: () => undefined },
    });
    const market = made(service.projects.create('Night market'));
    const jobs = ['default', market.id].map((projectId) =>
      service.enqueue({ ...request, projectId }, request.prompt, outPath),
    );
    const ends = await Promise.all(jobs.map(async ({ end }) => end));
    ids = ['default', market.id];
    expect(ends).toMatchObject(ids.map((projectId) => ({ kind: 'delivered', report: { request: { projectId } } })));
    expect(ids.map((id) => service.projects.jobsOf(id))).toEqual(jobs.map(({ id }) => [id]));
  }
  const templates = (await readdir(homePaths(home).templates)).map((name) => Buffer.from(name, 'hex').toString());
  expect(templates.toSorted()).toEqual([...ids].toSorted());
});
