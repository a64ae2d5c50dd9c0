import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ok } from '../../../app/base/result.ts';
import type { Injection } from '../../../app/contract/injection.ts';
import { snapshot, type Snapshot } from '../../../app/contract/snapshot.ts';
import { faultOf } from '../../../app/monitor/fault.ts';
import { redactor } from '../../../app/export/redact.ts';
import { sealed } from '../../../main/store/snapshot-seal.ts';
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

async function replayed(wanted: string, home = join(base, 'home')): Promise<string> {
  let said = '';
  const write = (text: string): void => void (said += text);
  const context = { root: root(), home, write, isTerminal: false, signal: new AbortController().signal };
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

  it('of which an attempt crashed is held to how that ended', async () => {
    const id = await rendered([{ name: 'engine-crashed', stage: 'denoise', at: 2, times: 1 }]);
    const first = await read(id, 0);
    expect(first.end).toEqual({ kind: 'failed', fault: { kind: 'engine-crashed', stage: 'denoise', step: 2 } });
    expect(await replayed(id)).toMatch(/identical\n$/);
    // The same crash from outside: nothing in the attempt brings it back.
    const said = await replayed(await kept(sealed({ ...first, injections: [] })));
    expect(said).toContain('end was "engine-crashed in denoise at step 2" and is "done"');
  });
});

/** A snapshot as somebody handed it over. */
async function kept(one: unknown): Promise<string> {
  const path = join(base, 'other.json');
  await writeFile(path, JSON.stringify(one));
  return path;
}

describe('a snapshot', () => {
  let whole: Snapshot;
  beforeAll(async () => {
    whole = await read(await rendered([]), 0);
    expect(whole.trace.latents).not.toBeNull();
    expect(whole.end).toEqual({ kind: 'done', fault: null });
  });
  const at = (change: Partial<Snapshot['surroundings']>): Snapshot =>
    sealed({ ...whole, surroundings: { ...whole.surroundings, ...change } });

  it('that does not come out again is told by its first difference and by what has changed around it', async () => {
    const steps = whole.trace.steps.map((one) => (one.step === 2 ? { ...one, digest: 'f'.repeat(64) } : one));
    const said = await replayed(await kept({ ...at({ packVersion: '0.9.9' }), trace: { ...whole.trace, steps } }));
    expect(said).toContain('differs from step 2 on; packVersion was "0.9.9" and is "1.0.0"');
    expect(said).toContain('refused: attempt 1 differs');
  });

  it.each([
    ['packSha256', 'a'.repeat(64)],
    ['packVersion', '0.9.9'],
  ] as const)('of another pack is not the same run, whatever comes out: %s', async (field, value) => {
    const said = await replayed(await kept(at({ [field]: value })));
    expect(said).toContain(`although ${field} was "${value}" and is `);
    expect(said).toContain('refused: attempt 1 same numbers');
  });

  it('that comes out the same elsewhere says everything that is not as it was', async () => {
    const fields = ['deviceName', 'processor', 'platform', 'runtimeVersion', 'nodeVersion', 'programVersion'];
    const said = await replayed(await kept(at(Object.fromEntries(fields.map((field) => [field, 'another one'])))));
    const [, last = ''] = /\nsame numbers, although (.*)\n$/.exec(said) ?? [];
    for (const field of fields) expect(last).toMatch(new RegExp(`${field} was "another one" and is "[^"]+"`));
  });

  it('is made again by the provider that made it, or not at all', async () => {
    const said = await replayed(await kept(at({ provider: 'dml' })));
    expect(said).toContain('can\'t be made again: provider was "dml", and here it gives provider-failed at the start');
    expect(said).not.toContain('{');
  });

  it('whose plan was changed is told by the record of its run, else by its seal, else not passed off as sound', async () => {
    const path = await kept({ ...whole, plan: { ...whole.plan, seed: whole.plan.seed + 1 } });
    const { seed } = whole.plan;
    expect(await replayed(path)).toContain(`differs from step 0 on; plan.seed was "${seed}" and is "${seed + 1}"`);
    expect(await replayed(path, join(base, 'elsewhere'))).toContain('; plan.seed was altered in the file');
    const { seal: _seal, ...bare } = whole;
    const unsealed = await kept({ ...bare, plan: { ...whole.plan, seed: seed + 1 } });
    expect(await replayed(unsealed, join(base, 'elsewhere'))).toContain('no record tells whether the file has');
    const prompted = await kept({ ...whole, plan: { ...whole.plan, prompt: 'a fish' } });
    expect(await replayed(prompted)).toMatch(/differs from text on; plan.prompt was ".*" and is "a fish"/);
  });

  it.each<[string, Partial<Snapshot>]>([
    ['faults', { faults: [faultOf('frames-black', 'monitor', { luma: 0 })] }],
    ['end', { end: { kind: 'stopped', fault: null } }],
    ['resumedAt', { resumedAt: 0 }],
  ])('is not called identical where something was written over: %s', async (field, change) => {
    const said = await replayed(await kept({ ...whole, ...change }), join(base, 'elsewhere'));
    if (field === 'resumedAt') expect(said).toContain("can't be made again alone");
    else expect(said).toContain(`${field} was altered in the file`);
    expect(said).toContain('refused: ');
  });

  it('without its texts is refused in words, not rendered from the placeholder', async () => {
    const redact = redactor({ folders: [], userName: '', keys: [], texts: [whole.plan.prompt] }, false);
    const said = await replayed(await kept(redact(whole)));
    expect(said).toMatch(
      /can't be made again: plan.prompt was hidden when this snapshot left its machine; replay the run/,
    );
  });

  it.each<[string, Partial<Snapshot['plan']>, string]>([
    ['steps', { steps: 100_000 }, 'plan.steps is 100000; legal: a whole number from 1 to 200'],
    ['frames', { frameCount: 1_001 }, 'plan.frameCount is 1001; legal: 1, '],
    ['a size', { widthPx: 100_000 }, 'plan.widthPx × heightPx is 100000 × '],
    ['an expert', { maskedExperts: ['nobody'] }, 'plan.maskedExperts is "nobody"; legal: '],
    ['a prompt', { prompt: 'a'.repeat(200_000) }, 'plan.prompt is 200000 characters long; legal: at most '],
  ])('that asks for %s that no run can have had is refused before any work', async (_name, change, words) => {
    expect(await replayed(await kept({ ...whole, plan: { ...whole.plan, ...change } }))).toContain(words);
  });

  it('that is not there, or is none, is refused in words with what would be legal', async () => {
    expect(await replayed('01234567')).toMatch(/refused: there is no snapshot of run "01234567"; legal: .*RUN_ID/);
    expect(await replayed(await kept({ version: 1 }))).toMatch(
      /other.json": it is no snapshot: runId is missing; attempt is missing; rung is missing; and 6 more; legal/,
    );
    const wrong = { ...whole, runId: 7, plan: { ...whole.plan, steps: -2, solver: 'magic' } };
    expect(await replayed(await kept(wrong))).toContain(
      'runId is 7 and has to be text; plan.steps is -2 and has to be above 0; plan.solver is "magic" and has to be one of "unipc", "euler"',
    );
    expect(await replayed(await kept({ ...whole, more: 1 }))).toContain('it has a field that is not known: more');
    expect(await replayed(await kept(null))).toContain('it is null and has to be an object');
    expect(await replayed(join(base, 'nowhere.json'))).toContain('can not be read');
  });
});
