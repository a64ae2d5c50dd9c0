import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { DEFAULT_PROJECT_ID } from '../../../app/contract/default.ts';
import type { JobRequest } from '../../../app/contract/job.ts';
import type { StudioProjectId } from '../../../app/contract/studio-project.ts';
import { JobService } from '../../../main/job/job-service.ts';
import { Removals, type RemovalPorts } from '../../../main/job/removal.ts';
import { templateFolder } from '../../../main/recovery/template-store.ts';
import { homePaths } from '../../../main/store/home.ts';
import { sampleRequest } from '../../app/sample-pack.ts';

let base = '';
let home = '';
let service: JobService;
let trashed: string[] = [];
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'steadyframe-removal-'));
  home = join(base, 'home');
  trashed = [];
  service = await JobService.open({
    ...{ home, root: join(base, 'program') },
    // Nothing is rendered here.
    spawnEngine: () => {
      throw new Error('no engine is wanted');
    },
    clips: {
      captionFrames: async () => Promise.reject(new Error('no clip is wanted')),
      encode: async () => Promise.reject(new Error('no clip is wanted')),
    },
    onEvent: () => undefined,
    onStep: () => undefined,
    onHealth: () => undefined,
    onEngine: () => undefined,
  });
});
afterEach(async () => {
  await service[Symbol.asyncDispose]();
  await rm(base, { recursive: true, force: true });
});

const trash = async (path: string): Promise<void> => Promise.resolve(void trashed.push(path));
const removals = (busy: string | null = null): Removals => {
  const one: RemovalPorts['service'] = {
    projects: service.projects,
    remove: async (id) => service.remove(id),
    isUnderWay: (id) => id === busy || service.isUnderWay(id),
  };
  const clipPath = async (id: string): Promise<string | null> => {
    const path = join(base, `${id}.mp4`);
    return Promise.resolve(existsSync(path) ? path : null);
  };
  return new Removals({ home, service: one, clipPath });
};

/** A job that is over, with everything that a finished one leaves. */
async function leave(projectId: StudioProjectId): Promise<string> {
  const request: JobRequest = { ...sampleRequest, projectId };
  const { id, end } = service.enqueue(request, request.prompt, (job) => join(base, `${job}.mp4`));
  await end;
  await writeFile(join(base, `${id}.mp4`), 'film');
  await mkdir(homePaths(home).snapshots(id), { recursive: true });
  await writeFile(join(homePaths(home).snapshots(id), 'attempt-0.json'), '{}');
  return id;
}

async function learn(projectId: StudioProjectId): Promise<void> {
  const drift = homePaths(home).drift('pack', projectId);
  const templates = templateFolder(homePaths(home).templates, projectId);
  for (const folder of [dirname(drift), templates]) await mkdir(folder, { recursive: true });
  await writeFile(drift, '{}');
  await writeFile(join(templates, 'index.json'), '{}');
}

function made(name: string): StudioProjectId {
  const project = service.projects.create(name);
  if (!project.ok) throw new Error(project.error.code);
  return project.value.id;
}

it('takes a project away with its clips and what was learned, and nothing of another one', async () => {
  const [night, day] = [made('night'), made('day')];
  const [first, second, other] = [await leave(night), await leave(night), await leave(day)];
  for (const id of [night, day]) await learn(id);
  const removed = await removals().project(night, trash);
  expect(removed).toEqual({ ok: true, value: { trashedCount: 2, keptPaths: [] } });
  expect(trashed).toEqual([first, second].map((id) => join(base, `${id}.mp4`)));
  expect(service.projects.list().map(({ name }) => name)).toEqual(['', 'day']);
  expect(new Set(service.events().map(({ jobId }) => jobId))).toEqual(new Set([other]));
  expect(existsSync(homePaths(home).snapshots(first))).toBe(false);
  expect(existsSync(homePaths(home).snapshots(other))).toBe(true);
  expect(await readdir(join(home, 'drift'))).toEqual([`pack.${day}.json`]);
  expect(existsSync(templateFolder(homePaths(home).templates, night))).toBe(false);
  expect(existsSync(templateFolder(homePaths(home).templates, day))).toBe(true);
});

it('refuses the first project and one that nobody knows', async () => {
  const id = await leave(DEFAULT_PROJECT_ID);
  expect(await removals().project(DEFAULT_PROJECT_ID, trash)).toMatchObject({
    ok: false,
    error: { code: 'project-first' },
  });
  expect(await removals().project('nobody', trash)).toMatchObject({ ok: false, error: { code: 'project-unknown' } });
  expect(service.events().some(({ jobId }) => jobId === id)).toBe(true);
  expect(trashed).toEqual([]);
});

it('leaves a project alone of which a clip is in the making', async () => {
  const night = made('night');
  const id = await leave(night);
  const busy = removals(id);
  expect(await busy.project(night, trash)).toMatchObject({ ok: false, error: { code: 'project-busy' } });
  expect(service.projects.list()).toHaveLength(2);
  expect(await busy.clip(id, trash)).toEqual({ trashedCount: 0, keptPaths: [] });
  expect(service.events().some(({ jobId }) => jobId === id)).toBe(true);
});

it('keeps a film that the trash does not take, and says where', async () => {
  const id = await leave(DEFAULT_PROJECT_ID);
  const refusing = async (): Promise<void> => Promise.reject(new Error('no trash here'));
  expect(await removals().clip(id, refusing)).toEqual({ trashedCount: 0, keptPaths: [join(base, `${id}.mp4`)] });
  expect(existsSync(join(base, `${id}.mp4`))).toBe(true);
  expect(service.events()).toEqual([]);
});
