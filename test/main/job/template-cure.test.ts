import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { spawnEngineFrom } from '../../../main/host/node-child.ts';
import type { ClipMaker, Provenance } from '../../../main/job/clip-maker.ts';
import { JobService } from '../../../main/job/job-service.ts';
import { homePaths } from '../../../main/store/home.ts';
import { sampleRequest } from '../../app/sample-pack.ts';
import { fakeClips } from '../../fixture/fake-clips.ts';
import { writeTinyPack } from '../../fixture/tiny-pack.ts';
import { rootFolder } from '../../guard/source.ts';

const request = { ...sampleRequest, packId: 'tiny', rung: 'quick', frameCount: 5, steps: 4 } as const;

let base = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'steadyframe-template-'));
});
afterEach(async () => rm(base, { recursive: true, force: true }));

it('a template tells, in the report and in the file, which run it comes from', { timeout: 60_000 }, async () => {
  await writeTinyPack(join(base, 'program', 'models', 'tiny', 'pack'));
  const written: Provenance[] = [];
  const clips: ClipMaker = {
    ...fakeClips,
    encode: async (frames, order, ...rest) => {
      written.push(order.provenance);
      return fakeClips.encode(frames, order, ...rest);
    },
  };
  const home = join(base, 'home');
  await using service = await JobService.open({
    ...{ home, root: join(base, 'program'), clips },
    spawnEngine: (options) => spawnEngineFrom(resolve(rootFolder, 'main', 'engine', 'index.ts'), options),
    onEvent: () => undefined,
    onStep: () => undefined,
    onHealth: () => undefined,
    onEngine: () => undefined,
  });
  const outPath = (id: string): string => join(base, `${id}.mp4`);
  const first = service.enqueue(request, request.prompt, outPath);
  expect(await first.end).toMatchObject({ report: { delivered: { grade: 'full' } } });
  const kept = async () => (await readdir(homePaths(home).templates, { recursive: true })).join();
  await expect.poll(kept, { timeout: 15_000 }).toContain('index.json');

  const injections = [{ name: 'latent-nonfinite', stage: 'denoise', at: 0, times: 99 }] as const;
  const second = service.enqueue({ ...request, seed: 2, injections: [...injections] }, request.prompt, outPath);
  const origin = { runId: first.id, seed: request.seed, rung: 'quick' };
  expect(await second.end).toMatchObject({
    report: { runId: second.id, delivered: { grade: 'template', frameCount: 5, template: origin } },
  });
  expect(written.at(-1)).toMatchObject({ runId: second.id, grade: 'template', template: origin });
  expect(written.at(-1)?.template?.likeness).toBeGreaterThan(0.99);
  expect(written[0]?.template).toBeUndefined();
});
