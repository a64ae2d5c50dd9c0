import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { ExpertHealth } from '../../../app/contract/health.ts';
import { recoveryMemory } from '../../../app/contract/recovery-memory.ts';
import { REST_MS } from '../../../app/recovery/expert-health.ts';
import { ExpertCare, type Bedside } from '../../../main/recovery/expert-care.ts';
import { MemoryFile } from '../../../main/recovery/memory-file.ts';
import { openPack } from '../../../main/pack/pack-store.ts';
import { writeTinyPack } from '../../fixture/tiny-pack.ts';

let base = '';
let path = '';
let bed: Bedside;
let nowMs = 1_000_000;
let told: readonly ExpertHealth[] = [];
let aside: string[] = [];
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'steadyframe-care-'));
  path = join(base, 'recovery.json');
  await writeTinyPack(join(base, 'pack'), { hasSpare: true });
  const pack = await openPack(join(base, 'pack'));
  if (!pack.ok) throw new Error(pack.error.detail);
  bed = { pack: pack.value, provider: 'cpu' };
  [nowMs, told, aside] = [1_000_000, [], []];
});
afterEach(async () => rm(base, { recursive: true, force: true }));

/** As a program that has just started. */
const started = (): ExpertCare =>
  new ExpertCare(new MemoryFile(path, (one) => aside.push(one)), {
    nowMs: () => nowMs,
    onChange: (experts) => (told = experts),
  });
const bad = [{ expert: 'low', isSound: false, isTrial: false }];
const fallIll = async (): Promise<void> => {
  for (let i = 0; i < 3; i += 1) await started().note(bed, `job/${i}`, bad);
};

it('knows after a restart who rests, tries them when it is time, and takes them back', async () => {
  await fallIll();
  expect(await started().roster(bed)).toEqual({ masked: ['low'], onTrial: [] });
  expect(told.find(({ expert }) => expert === 'low')).toMatchObject({ state: 'masked', abnormalCount: 3 });
  nowMs += REST_MS;
  expect(await started().roster(bed)).toEqual({ masked: ['low'], onTrial: ['low'] });
  await started().note(bed, 'later/0', [{ expert: 'low', isSound: true, isTrial: true }]);
  expect(await started().roster(bed)).toEqual({ masked: [], onTrial: [] });
  expect(told.find(({ expert }) => expert === 'low')).toMatchObject({ state: 'in-use', abnormalCount: 0 });
});

it('says which attempt masked an expert, and counts no attempt twice', async () => {
  const care = started();
  expect(await care.note(bed, 'job/0', bad)).toEqual([]);
  expect(await care.note(bed, 'job/0', bad)).toEqual([]);
  expect(await care.note(bed, 'job/1', bad)).toEqual([]);
  expect(await started().note(bed, 'job/1', bad)).toEqual([]);
  expect(await care.note(bed, 'job/2', bad)).toMatchObject([{ expert: 'low', abnormalCount: 3 }]);
});

it('holds nothing against the same expert on another device, or with other weights', async () => {
  await fallIll();
  expect((await started().roster({ ...bed, provider: 'cuda' })).masked).toEqual([]);
  const retrained = { ...bed, pack: { ...bed.pack, sha256: 'f'.repeat(64) } };
  expect((await started().roster(retrained)).masked).toEqual([]);
});

it('loses nothing of what two programs on one home find out', async () => {
  const [one, other] = [started(), started()];
  await one.note(bed, 'a/0', bad);
  await other.note(bed, 'b/0', bad);
  await one.note(bed, 'a/1', bad);
  expect((await other.roster(bed)).masked).toEqual(['low']);
});

describe('a file', () => {
  it.each([
    ['that was cut off', (text: string) => text.slice(0, text.length / 2)],
    ['that holds something else', () => '{"version":1,"wards":7,"counted":[]}'],
    ['of nothing but zeros', () => '\0'.repeat(300)],
    ['from a program to come', (text: string) => text.replace('"version": 1', '"version": 9')],
  ])('%s is put aside by name, and costs nothing else', async (_, spoil) => {
    await fallIll();
    const spoiled = spoil(await readFile(path, 'utf8'));
    await writeFile(path, spoiled);
    expect((await started().roster(bed)).masked).toEqual([]);
    expect(aside).toEqual([`${path}.damaged-1`]);
    expect(await readFile(`${path}.damaged-1`, 'utf8')).toBe(spoiled);
    await fallIll();
    expect((await started().roster(bed)).masked).toEqual(['low']);
  });

  it('that can not be written is no fault: what is known holds while the program runs', async () => {
    path = join(base, 'no', 'such', 'folder', 'recovery.json');
    const care = started();
    for (let i = 0; i < 3; i += 1) await care.note(bed, `job/${i}`, bad);
    expect((await care.roster(bed)).masked).toEqual(['low']);
    expect(await readdir(base)).toEqual(['pack']);
  });

  it('is always whole, and knows a bounded number of attempts', async () => {
    const care = started();
    await Promise.all(Array.from({ length: 80 }, async (_, i) => care.note(bed, `job/${i}`, bad)));
    const kept = recoveryMemory.parse(JSON.parse(await readFile(path, 'utf8')));
    expect(kept.counted).toHaveLength(64);
    expect(kept.counted.at(-1)).toBe('job/79');
  });
});
