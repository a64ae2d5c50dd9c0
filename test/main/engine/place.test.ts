import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { parsePackManifest, type PackManifest } from '../../../app/contract/pack.ts';
import { placePack } from '../../../main/engine/place.ts';
import { openGraph, RuntimeFailure } from '../../../main/engine/runtime.ts';
import { writeTinyPack } from '../../fixture/tiny-pack.ts';

let packFolder = '';
let manifest: PackManifest;
beforeEach(async () => {
  packFolder = join(await mkdtemp(join(tmpdir(), 'steadyframe-place-')), 'pack');
  await writeTinyPack(packFolder);
  const parsed = parsePackManifest(await readFile(join(packFolder, 'pack.json'), 'utf8'));
  if (!parsed.ok) throw new Error(parsed.error);
  manifest = parsed.value;
});
afterEach(async () => rm(join(packFolder, '..'), { recursive: true, force: true }));

const place = async (provider: string) => {
  const warm: number[] = [];
  const placed = await placePack({
    ...{ packFolder, manifest, threads: 1, provider },
    onPart: () => undefined,
    onWarm: (latencyMs) => warm.push(latencyMs),
  });
  return { placed, warm };
};

it('places a pack on the processor, and says so', async () => {
  const { placed, warm } = await place('cpu');
  expect(placed).toMatchObject({ measured: 'cpu', proof: 'only', warmupMs: warm });
  expect(warm.length).toBeGreaterThanOrEqual(3);
});

it.each(['cuda', 'dml', 'nonsense'])(
  'names %s as the fault where it can not be had, instead of running elsewhere',
  async (provider) => {
    // Catches a quiet run on the processor under another name.
    const failure = await place(provider).then(
      () => null,
      (cause: unknown) => cause,
    );
    expect(failure).toBeInstanceOf(RuntimeFailure);
    expect((failure as RuntimeFailure).fault).toBe('provider-failed');
  },
);

it('refuses a strict session whose nodes would be given to the processor', async () => {
  const first = manifest.experts[0]?.file ?? '';
  await expect(openGraph(join(packFolder, first), 1, { provider: 'cpu', isStrict: true })).rejects.toThrow(
    /fallback to CPU EP has been explicitly disabled/,
  );
});
