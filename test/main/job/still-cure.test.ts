import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { JobRequest } from '../../../app/contract/job.ts';
import type { RunReport } from '../../../app/contract/report.ts';
import { needsCure } from '../../../app/monitor/fault.ts';
import { spawnEngineFrom } from '../../../main/host/node-child.ts';
import { JobService } from '../../../main/job/job-service.ts';
import { sampleRequest } from '../../app/sample-pack.ts';
import { fakeClips } from '../../fixture/fake-clips.ts';
import { rootFolder } from '../../guard/source.ts';

const enginePath = resolve(rootFolder, 'main', 'engine', 'index.ts');
const request: JobRequest = {
  ...sampleRequest,
  ...{ packId: 'wan-mini', rung: 'quick', prompt: 'a tiger walks to the left in a park', frameCount: 9, steps: 20 },
};

let base = '';
let service: JobService;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'steadyframe-still-'));
  service = await JobService.open({
    home: join(base, 'home'),
    root: rootFolder,
    spawnEngine: (options) => spawnEngineFrom(enginePath, options),
    clips: fakeClips,
    onEvent: () => undefined,
    onStep: () => undefined,
    onHealth: () => undefined,
    onEngine: () => undefined,
  });
}, 60_000);
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await rm(base, { recursive: true, force: true });
});

async function rendered(step: number): Promise<RunReport> {
  const injections = [{ name: 'latent-nonfinite', stage: 'denoise', at: step, times: 99 }] as const;
  const job = service.enqueue({ ...request, injections: [...injections] }, request.prompt, (id) =>
    join(base, `${id}.mp4`),
  );
  const end = await job.end;
  if (end.kind !== 'delivered') throw new Error(`no clip: ${end.kind}`);
  return end.report;
}

describe('where no clip can be rendered and no frame has come out well', { timeout: 90_000 }, () => {
  it('one picture in a few steps is, and a camera moves over it', async () => {
    const { attempts, decisions, delivered } = await rendered(9);
    expect(decisions.at(-1)).toMatchObject({ cure: 'render-still', action: 'still-motion', outcome: 'worked' });
    expect(decisions.at(-1)?.skipped).toContainEqual({ cure: 'still-motion', because: 'has-sound-frame' });
    expect(attempts.at(-1)).toMatchObject({ stepsPlanned: 8, stepsRun: 8 });
    expect(attempts.at(-1)?.faults.filter(needsCure)).toEqual([]);
    expect(delivered).toMatchObject({ grade: 'still', frameCount: 9 });
  });

  it('a still that fails too is not cured any further', async () => {
    const { decisions, delivered } = await rendered(0);
    const cures = decisions.map(({ cure }) => cure);
    expect(cures.indexOf('render-still')).toBe(cures.length - 2);
    expect(cures.at(-1)).toBe('fallback-clip');
    expect(delivered).toMatchObject({ grade: 'fallback', frameCount: 9 });
  });
});
