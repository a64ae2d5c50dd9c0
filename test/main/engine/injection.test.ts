import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { WHOLE_DECODE } from '../../../app/contract/engine.ts';
import type { Injection } from '../../../app/contract/injection.ts';
import { injectionFacts, type InjectionName } from '../../../app/contract/injection-text.ts';
import type { LedgerLine } from '../../../app/contract/ledger.ts';
import type { AttemptEnd, WorkEvent } from '../../../main/host/attempt.ts';
import { EngineHost } from '../../../main/host/engine-host.ts';
import { spawnEngineFrom } from '../../../main/host/node-child.ts';
import { InjectionCount } from '../../../main/job/injection-count.ts';
import { writeTinyPack } from '../../fixture/tiny-pack.ts';

const enginePath = resolve(import.meta.dirname, '..', '..', '..', 'main', 'engine', 'index.ts');
const plan = {
  prompt: 'a red cat walks',
  negative: 'blue',
  seed: 1,
  widthPx: 64,
  heightPx: 32,
  frameCount: 9,
  steps: 4,
  solver: 'unipc',
  maskedExperts: [],
  experts: null,
  decode: WHOLE_DECODE,
  window: null,
} as const;

let folder = '';
let host: EngineHost;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-injection-'));
  await writeTinyPack(folder);
  const manifestText = await readFile(join(folder, 'pack.json'), 'utf8');
  host = new EngineHost({
    spawn: (options) => spawnEngineFrom(enginePath, options),
    pack: { folder, manifestText },
    threads: 1,
    onStatus: () => undefined,
  });
  calm = await attempt([]);
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Attempted {
  readonly end: AttemptEnd;
  readonly events: readonly WorkEvent[];
}
let calm: Attempted;

/** Run until it ends by itself; nobody judges, so a spoiled attempt goes on to its last frame. */
async function attempt(injections: readonly Injection[], masked: readonly string[] = []): Promise<Attempted> {
  const events: WorkEvent[] = [];
  const count = new InjectionCount(injections, [], () => undefined);
  const order = { jobId: 'job', attempt: 0, plan: { ...plan, maskedExperts: masked }, resume: null };
  const end = await host.run(
    { ...order, injections: count.forEngine() },
    (event) => events.push(event),
    new AbortController().signal,
  );
  return { end, events };
}

const injection = (
  name: InjectionName,
  at: number | null = null,
  stage = injectionFacts[name].stages[0],
): Injection => {
  if (!stage) throw new Error('bug: every name has a stage');
  return { name, stage, at, times: 1 };
};
const stepsOf = ({ events }: Attempted) => events.filter((event) => event.kind === 'step-done');
const decodedOf = ({ events }: Attempted) => events.filter((event) => event.kind === 'frames-decoded');
const framesOf = (of: Attempted) => Buffer.concat(decodedOf(of).map(({ rgb }) => rgb));
const struck = ({ events }: Attempted) => events.filter(({ kind }) => kind === 'injected').length;
const FRAME_BYTES = plan.widthPx * plan.heightPx * 3;
const changedFrames = (of: Attempted): readonly number[] =>
  Array.from({ length: plan.frameCount }, (_, i) => i).filter(
    (i) =>
      !framesOf(of)
        .subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES)
        .equals(framesOf(calm).subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES)),
  );

describe('an injection into a tensor', () => {
  it('changes nothing where none is asked for', async () => {
    const again = await attempt([]);
    expect(again.end.kind).toBe('done');
    expect(struck(again)).toBe(0);
    expect(framesOf(again).equals(framesOf(calm))).toBe(true);
  });

  it('puts a single NaN into the step that it names, and not into one before', async () => {
    const spoiled = await attempt([injection('latent-nonfinite', 2)]);
    const counts = stepsOf(spoiled).map(({ clean }) => clean.nonFiniteCount);
    expect(counts.slice(0, 3)).toEqual([0, 0, 1]);
    expect(struck(spoiled)).toBe(1);
  });

  it('scales one answer far out of its band', async () => {
    const [of, plain] = [stepsOf(await attempt([injection('latent-out-of-band', 1)])), stepsOf(calm)];
    expect(of[0]?.clean).toEqual(plain[0]?.clean);
    expect(of[1]?.clean.std).toBeGreaterThan(2 * (plain[1]?.clean.std ?? Infinity));
  });

  it('stalls for good: the clean prediction stays as it is', async () => {
    const steps = stepsOf(await attempt([injection('denoise-stalled', 1)]));
    for (const step of steps) expect(step.clean.std).toBeCloseTo(steps[0]?.clean.std ?? NaN, 4);
    expect(stepsOf(calm)[3]?.clean.std).not.toBeCloseTo(steps[0]?.clean.std ?? NaN, 2);
  });

  it('hides one word from the expert, or all but one', async () => {
    const shown = (of: Attempted) =>
      stepsOf(of).map(({ attentionMax }) => attentionMax.filter((max) => max > 0).length);
    expect(shown(calm)).toEqual([4, 4, 4, 4]);
    expect(shown(await attempt([injection('attention-neglected', 1)]))).toEqual([4, 3, 3, 3]);
    expect(shown(await attempt([injection('attention-collapsed')]))).toEqual([1, 1, 1, 1]);
  });

  it('garbles the finished latents of one latent frame, before they are saved', async () => {
    const saved = ({ events }: Attempted) =>
      events.findLast((event) => event.kind === 'checkpoint')?.state.sample ?? [];
    const garbled = await attempt([injection('latents-garbled', 2)]);
    expect(struck(garbled)).toBe(1);
    const cells = (plan.widthPx / 8) * (plan.heightPx / 8);
    const plain = saved(calm);
    const changed = new Set(
      [...saved(garbled)].flatMap((value, i) => (value === plain[i] ? [] : [Math.floor(i / cells) % 3])),
    );
    expect([...changed]).toEqual([2]);
    // The tiny decoder begins each stretch with the picture of the one before.
    expect(changedFrames(garbled)).toEqual([6, 7, 8]);
  });

  it('makes one expert answer badly whenever it is used, and no other', async () => {
    const bad = (of: Attempted) => stepsOf(of).map(({ expert, clean }) => [expert, clean.nonFiniteCount > 0] as const);
    expect(bad(await attempt([injection('expert-unstable')]))[0]).toEqual(['high', true]);
    const low = bad(await attempt([injection('expert-unstable', 3)]));
    expect(low.filter(([expert]) => expert === 'high').every(([, isBad]) => !isBad)).toBe(true);
    expect(low.filter(([expert]) => expert === 'low').every(([, isBad]) => isBad)).toBe(true);
  });

  it('shifts the pooled embedding, or breaks the text states', async () => {
    const text = ({ events }: Attempted) => events.find((event) => event.kind === 'text-done');
    const drifted = text(await attempt([injection('embedding-drift')]))?.pooled ?? [];
    const plain = text(calm)?.pooled ?? [];
    expect(Math.max(...plain.map((value, i) => Math.abs((drifted[i] ?? 0) - value)))).toBeGreaterThan(0);
    expect(text(await attempt([injection('text-nonfinite')]))?.facts.nonFiniteCount).toBe(1);
  });

  it('spoils the wanted latent frame, and only the wanted frames', async () => {
    const nonFinite = decodedOf(await attempt([injection('decode-nonfinite', 1)])).map(
      ({ facts }) => facts.nonFiniteCount,
    );
    expect(nonFinite).toEqual([0, 1, 0]);
    const black = await attempt([injection('frames-black', 4)]);
    expect(changedFrames(black)).toEqual([4, 5]);
    expect(
      framesOf(black)
        .subarray(4 * FRAME_BYTES, 6 * FRAME_BYTES)
        .every((value) => value === 0),
    ).toBe(true);
    expect(changedFrames(await attempt([injection('frames-torn', 8)]))).toEqual([8]);
    // Across the border between two latent frames: what is repeated came with the former one.
    const frozen = framesOf(await attempt([injection('frames-frozen', 5)]));
    for (const i of [5, 6, 7, 8])
      expect(frozen.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES)).toEqual(
        framesOf(calm).subarray(4 * FRAME_BYTES, 5 * FRAME_BYTES),
      );
  });
});

describe('an injection that breaks the unit of work', () => {
  it.each([
    ['engine-crashed', 'engine-crashed', { signal: 'SIGKILL' }],
    ['engine-aborted', 'engine-crashed', { signal: 'SIGABRT' }],
    ['engine-threw', 'engine-crashed', { code: 70 }],
    ['message-lost', 'engine-crashed', { lostMessages: 1 }],
    ['out-of-memory', 'out-of-memory', {}],
    ['provider-failed', 'provider-failed', {}],
    ['pack-misconfigured', 'pack-misconfigured', {}],
  ] as const)('%s is seen as %s, at its step', async (name, kind, evidence) => {
    const spoiled = await attempt([injection(name, 1)]);
    expect(struck(spoiled)).toBe(1);
    expect(spoiled.end).toMatchObject({ kind: 'failed', fault: { kind, stage: 'denoise', step: 1, evidence } });
    // A budget of three restarts a minute is a law of the host; each of these tests has an engine of its own.
    await freshHost();
  });

  it.each(['engine-hung', 'engine-stopped'] as const)('%s is seen from outside', async (name) => {
    const spoiled = await attempt([injection(name, 2)]);
    expect(spoiled.end).toMatchObject({ kind: 'failed', fault: { kind: 'engine-hung', stage: 'denoise', step: 2 } });
    await freshHost();
  });

  it('slow-step takes its time once', async () => {
    const took = stepsOf(await attempt([injection('slow-step', 1)])).map(({ tookMs }) => tookMs);
    expect(took[1]).toBeGreaterThan(3_000);
    expect(Math.max(took[0] ?? 0, took[2] ?? 0)).toBeLessThan(3_000);
  });

  async function freshHost(): Promise<void> {
    await host[Symbol.asyncDispose]();
    const manifestText = await readFile(join(folder, 'pack.json'), 'utf8');
    host = new EngineHost({
      spawn: (options) => spawnEngineFrom(enginePath, options),
      pack: { folder, manifestText },
      threads: 1,
      onStatus: () => undefined,
    });
  }
});

describe('main counts', () => {
  const list = [
    { ...injection('latent-nonfinite'), times: 2 },
    { ...injection('disk-full'), times: 1 },
  ];

  it('the attempts that were struck, and what a former program counted', () => {
    const lines: LedgerLine[] = [];
    const count = new InjectionCount(list, [0], (line) => lines.push(line));
    expect(count.forEngine().map(({ index }) => index)).toEqual([0]);
    count.struck(1, 0);
    count.struck(1, 0);
    expect(count.forEngine()).toEqual([]);
    expect(lines).toEqual([{ kind: 'injected', attempt: 1, index: 0 }]);
  });

  it('its own faults as well, at their stage only', () => {
    const count = new InjectionCount(list, [], () => undefined);
    expect(count.writeRefusal('decode', 0)).toBeNull();
    expect(count.writeRefusal('export', 0)).toMatchObject({ code: 'ENOSPC' });
    expect(count.writeRefusal('export', 0)).toBeNull();
  });
});
