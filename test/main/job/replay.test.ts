import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ok } from '../../../app/base/result.ts';
import type { Injection } from '../../../app/contract/injection.ts';
import { snapshot, type Snapshot } from '../../../app/contract/snapshot.ts';
import { replay } from '../../../main/cli/replay.ts';
import { CommandProblem } from '../../../main/cli/problem.ts';
import { spawnEngineFrom } from '../../../main/host/node-child.ts';
import type { ClipMaker } from '../../../main/job/clip-maker.ts';
import { JobService } from '../../../main/job/job-service.ts';
import { sampleRequest } from '../../app/sample-pack.ts';
import { writeTinyPack } from '../../fixture/tiny-pack.ts';

const enginePath = resolve(import.meta.dirname, '..', '..', '..', 'main', 'engine', 'index.ts');
const spawnEngine: Parameters<typeof JobService.open>[0]['spawnEngine'] = (options) =>
  spawnEngineFrom(enginePath, options);
const clips: ClipMaker = {
  captionFrames: async (_caption, frames) => ok(frames),
  encode: async ({ widthPx, heightPx, frameCount, fps }, { outPath }) =>
    ok({ path: outPath, sha256: '0'.repeat(64), widthPx, heightPx, frameCount, fps, durationSeconds: 1 }),
};

let base = '';
const home = (): string => join(base, 'home');
const root = (): string => join(base, 'program');
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'steadyframe-replay-'));
  await writeTinyPack(join(root(), 'models', 'tiny', 'pack'));
});
afterAll(async () => rm(base, { recursive: true, force: true }));

async function rendered(injections: readonly Injection[]): Promise<string> {
  await using service = await JobService.open({
    ...{ home: home(), root: root(), spawnEngine, clips },
    onEvent: () => undefined,
    onStep: () => undefined,
    onHealth: () => undefined,
    onEngine: () => undefined,
  });
  const request = {
    ...sampleRequest,
    packId: 'tiny',
    rung: 'quick',
    frameCount: 9,
    steps: 4,
    injections: [...injections],
  };
  const job = service.enqueue(request, request.prompt, (id) => join(base, `${id}.mp4`));
  expect((await job.end).kind).toBe('delivered');
  return job.id;
}

async function replayed(wanted: string): Promise<string> {
  let said = '';
  const write = (text: string): void => void (said += text);
  const context = { root: root(), home: home(), write, isTerminal: false, signal: new AbortController().signal };
  await replay([wanted], context, spawnEngine).catch((cause: unknown) => {
    if (!(cause instanceof CommandProblem)) throw cause;
    said += `refused: ${cause.message}\n`;
  });
  return said;
}

const folderOf = (id: string): string => join(home(), 'snapshots', id);
const read = async (id: string, attempt: number): Promise<Snapshot> =>
  snapshot.parse(JSON.parse(await readFile(join(folderOf(id), `attempt-${attempt}.json`), 'utf8')));

describe('a run', () => {
  it('comes out again bit for bit, faults and decisions included', async () => {
    const id = await rendered([
      { name: 'latent-nonfinite', stage: 'denoise', at: 2, times: 1 },
      { name: 'frames-torn', stage: 'decode', at: 4, times: 1 },
    ]);
    const names = await readdir(folderOf(id));
    expect(names.length).toBeGreaterThan(1);
    const first = await read(id, 0);
    expect(first).toMatchObject({ runId: id, attempt: 0, faults: [{ kind: 'latent-nonfinite', step: 2 }] });
    expect(first.faults[0]?.evidence).toMatchObject({ stoppedAtStep: 2 });
    expect(first.surroundings).toMatchObject({ packId: 'tiny', packVersion: '1.0.0', provider: 'cpu' });
    expect(first.trace.steps.length).toBeGreaterThan(2);
    const said = await replayed(id.slice(0, 8));
    expect(said.match(/^attempt +\d+: identical/gm)).toHaveLength(names.length);
    expect(said).toMatch(/^decided +\d+ taken again$/m);
    expect(said.trimEnd().split('\n').at(-1)).toBe('identical');
  });

  it('that does not come out again is told by its first difference and by what has changed around it', async () => {
    const id = await rendered([]);
    const whole = await read(id, 0);
    expect(whole.trace.latents).not.toBeNull();
    const steps = whole.trace.steps.map((one) => (one.step === 2 ? { ...one, digest: 'f'.repeat(64) } : one));
    const other = {
      ...whole,
      trace: { ...whole.trace, steps },
      surroundings: { ...whole.surroundings, packVersion: '0.9.9' },
    };
    const path = join(base, 'other.json');
    await writeFile(path, JSON.stringify(other));
    const said = await replayed(path);
    expect(said).toContain('differs from step 2 on; packVersion was "0.9.9" and is "1.0.0"');
    expect(said).toContain('refused: attempt 1 differs');
  });

  it('that is not there, or is none, is refused with what would be legal', async () => {
    expect(await replayed('01234567')).toMatch(/refused: there is no snapshot of run "01234567"; legal: .*RUN_ID/);
    const path = join(base, 'none.json');
    await writeFile(path, '{"version":1}');
    expect(await replayed(path)).toMatch(/refused: snapshot ".*none.json": it is no snapshot: runId/);
    expect(await replayed(join(base, 'nowhere.json'))).toContain('can not be read');
  });
});
