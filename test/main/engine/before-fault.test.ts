import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { WHOLE_DECODE } from '../../../app/contract/engine.ts';
import type { Injection } from '../../../app/contract/injection.ts';
import type { DenoiseState } from '../../../app/contract/engine.ts';
import type { WorkEvent } from '../../../main/host/attempt.ts';
import { EngineHost } from '../../../main/host/engine-host.ts';
import { WrongStep } from '../../../main/host/wrong-step.ts';
import { spawnEngineFrom } from '../../../main/host/node-child.ts';
import { InjectionCount } from '../../../main/job/injection-count.ts';
import { writeTinyPack } from '../../fixture/tiny-pack.ts';

const enginePath = resolve(import.meta.dirname, '..', '..', '..', 'main', 'engine', 'index.ts');
const plan = {
  ...{ prompt: 'a red cat walks', negative: '', seed: 1, widthPx: 64, heightPx: 32, frameCount: 5, steps: 10 },
  ...{ solver: 'unipc' as const, maskedExperts: [], experts: null, decode: WHOLE_DECODE, window: null },
};

let folder = '';
let host: EngineHost;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-before-'));
  await writeTinyPack(folder);
  const manifestText = await readFile(join(folder, 'pack.json'), 'utf8');
  host = new EngineHost({
    spawn: (options) => spawnEngineFrom(enginePath, options),
    pack: { folder, manifestText },
    threads: 1,
    onStatus: () => undefined,
  });
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

let attempt = 0;
async function run(
  injections: readonly Injection[],
  resume: DenoiseState | null,
  stopAt: number | null,
): Promise<{ readonly kind: string; readonly events: readonly WorkEvent[] }> {
  const events: WorkEvent[] = [];
  const abort = new AbortController();
  const count = new InjectionCount(injections, [], () => undefined);
  const end = await host.run(
    { jobId: 'job', attempt: (attempt += 1), plan, resume, injections: count.forEngine() },
    (event) => {
      events.push(event);
      if (event.kind === 'step-done' && event.step === stopAt) abort.abort(new WrongStep(stopAt));
    },
    abort.signal,
  );
  return { kind: end.kind, events };
}
const framesOf = (events: readonly WorkEvent[]) =>
  Buffer.concat(events.filter((event) => event.kind === 'frames-decoded').map(({ rgb }) => rgb));
const before = (events: readonly WorkEvent[]) =>
  events.flatMap((event) => (event.kind === 'checkpoint' && event.at === 'before-fault' ? [event.state] : []));

it('hands out what was there before the step that went wrong, and goes on from it as if nothing had been', async () => {
  const calm = await run([], null, null);
  const at = 6;
  const broken = await run([{ name: 'latent-nonfinite', stage: 'denoise', at, times: 1 }], null, at);
  expect(broken.kind).toBe('cancelled');
  const [saved] = before(broken.events);
  expect(saved?.nextStep).toBe(at);
  expect(saved?.sample.every((value) => Number.isFinite(value))).toBe(true);
  const mended = await run([], saved ?? null, null);
  expect(mended.events.filter(({ kind }) => kind === 'step-done')).toHaveLength(plan.steps - at);
  expect(framesOf(mended.events).equals(framesOf(calm.events))).toBe(true);
}, 60_000);

it('keeps what it had when the runtime refused a step', async () => {
  const { kind, events } = await run([{ name: 'provider-failed', stage: 'denoise', at: 5, times: 1 }], null, null);
  expect(kind).toBe('failed');
  expect(before(events).map(({ nextStep }) => nextStep)).toEqual([5]);
}, 60_000);

it('hands out nothing where an attempt is merely stopped', async () => {
  const abort = new AbortController();
  const events: WorkEvent[] = [];
  await host.run(
    { jobId: 'job', attempt: (attempt += 1), plan, resume: null, injections: [] },
    (event) => {
      events.push(event);
      if (event.kind === 'step-done' && event.step === 2) abort.abort();
    },
    abort.signal,
  );
  expect(before(events)).toEqual([]);
}, 60_000);
