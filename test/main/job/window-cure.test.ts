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
  ...{ packId: 'wan-mini', prompt: 'a tiger walks to the left in a park', frameCount: 17, steps: 20 },
};

let base = '';
let service: JobService;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'steadyframe-window-'));
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

async function rendered(latentFrame: number, times = 1): Promise<RunReport> {
  const injections = [{ name: 'latents-garbled', stage: 'denoise', at: latentFrame, times }] as const;
  const job = service.enqueue({ ...request, injections: [...injections] }, request.prompt, (id) =>
    join(base, `${id}.mp4`),
  );
  const end = await job.end;
  if (end.kind !== 'delivered') throw new Error(`no clip: ${end.kind}`);
  return end.report;
}

describe('latents that are garbled when they are saved', { timeout: 90_000 }, () => {
  it.each([1, 2, 3])('latent frame %i is made anew among the others, and the seams are judged', async (latentFrame) => {
    const { attempts, decisions, delivered } = await rendered(latentFrame);
    const [first, second] = attempts;
    const frame = 1 + (latentFrame - 1) * 4;
    expect(first?.faults.filter(needsCure)).toMatchObject([{ stage: 'monitor', frame, frameCount: 4 }]);
    expect(decisions).toMatchObject([{ cure: 'regenerate', action: 'repair-frames', outcome: 'worked' }]);
    expect(decisions[0]?.skipped).toContainEqual({ cure: 'interpolate', because: 'gaps-are-short' });
    expect(attempts).toHaveLength(2);
    expect(second?.faults.filter(needsCure)).toEqual([]);
    // From the noise level on at which the frames around it decide: not all of the steps.
    expect(second?.stepsPlanned).toBeLessThan(request.steps);
    expect(second?.stepsRun).toBe(second?.stepsPlanned);
    expect(delivered).toMatchObject({ grade: 'repaired', frameCount: 17 });
  });

  it('goes on to another seed where the window comes out garbled as well', async () => {
    const { attempts, decisions, delivered } = await rendered(2, 2);
    expect(decisions.map(({ cure, outcome }) => [cure, outcome])).toEqual([
      ['regenerate', 'failed'],
      ['new-seed', 'worked'],
    ]);
    expect(attempts).toHaveLength(3);
    expect(delivered.grade).toBe('repaired');
  });
});
