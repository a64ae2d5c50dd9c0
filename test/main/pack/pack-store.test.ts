import { createHash } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readdir, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { PackStore, verifyPack } from '../../../main/pack/pack-store.ts';
import { sampleManifest } from '../../app/sample-pack.ts';

let base = '';
let source = '';
let store: PackStore;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'steadyframe-packs-'));
  source = join(base, 'source');
  store = new PackStore({ root: join(base, 'program'), home: join(base, 'home') });
  await writePack(source);
});
afterEach(async () => rm(base, { recursive: true, force: true }));

/** A pack whose files are there and hashed; its graphs are plain bytes, which verification never looks into. */
async function writePack(folder: string, change: (files: Record<string, unknown>) => void = () => undefined) {
  await mkdir(folder, { recursive: true });
  const raw = sampleManifest();
  for (const name of Object.keys(raw.files)) {
    await writeFile(join(folder, name), `bytes of ${name}`);
    const sha256 = createHash('sha256').update(`bytes of ${name}`).digest('hex');
    raw.files[name] = { sha256, bytes: `bytes of ${name}`.length };
  }
  change(raw.files);
  await writeFile(join(folder, 'pack.json'), JSON.stringify(raw));
}

const added = async (): Promise<readonly string[]> => readdir(join(base, 'home', 'packs')).catch(() => []);

it('adds a sound pack, lists it, and removes it again', async () => {
  const result = await store.add(source);
  expect(result.ok && result.value.manifest.id).toBe('sample');
  const [found, ...others] = await store.list();
  expect(others).toEqual([]);
  expect(found?.pack.ok && (await verifyPack(found.pack.value))).toBeNull();
  expect((await store.remove('sample')).ok).toBe(true);
  expect(await store.list()).toEqual([]);
});

describe('a damaged pack is refused, named, and leaves nothing behind', () => {
  const low = (): string => join(source, 'low.onnx');
  it.each<[string, () => Promise<unknown>, string]>([
    ['a changed byte', async () => writeFile(low(), 'bytes of LOW.onnx'), 'low.onnx differs from its sha256'],
    ['a missing file', async () => unlink(low()), 'low.onnx is missing'],
    ['a file cut off', async () => truncate(low(), 3), 'low.onnx has 3 bytes instead of 17'],
    ['a file grown', async () => appendFile(low(), '!'), 'low.onnx has 18 bytes instead of 17'],
    ['a link', async () => (await unlink(low()), symlink('high.onnx', low())), 'low.onnx is not a plain file'],
    ['no manifest', async () => unlink(join(source, 'pack.json')), 'there is no pack.json'],
    ['a manifest cut off', async () => truncate(join(source, 'pack.json'), 100), 'not complete JSON'],
    ['an empty manifest', async () => truncate(join(source, 'pack.json'), 0), 'not complete JSON'],
    ['a manifest beyond reason', async () => truncate(join(source, 'pack.json'), 17 * 2 ** 20), 'pack.json has'],
    [
      'a path that leads out',
      async () => writePack(source, (files) => (files['../outside.onnx'] = files['low.onnx'])),
      '../outside.onnx: Invalid key',
    ],
  ])('%s', async (_, damage, named) => {
    await damage();
    const result = await store.add(source);
    if (result.ok) return expect.unreachable('it was added');
    expect(result.error.detail).toContain(named);
    expect(result.error.detail).not.toMatch(/\n/);
    expect(await added()).toEqual([]);
  });
});

it('never takes a folder that is linked to from inside a pack for a part of it', async () => {
  // Catches verification of "sub/low.onnx" where "sub" is a link to a place that changes later.
  await mkdir(join(base, 'outside'));
  await writeFile(join(base, 'outside', 'low.onnx'), 'bytes of low.onnx');
  await symlink(join(base, 'outside'), join(source, 'sub'));
  await writePack(source, (files) => (files['sub/low.onnx'] = files['low.onnx']));
  expect((await store.add(source)).ok).toBe(false);
  expect(await added()).toEqual([]);
});

it('keeps the pack that is there when its replacement is damaged', async () => {
  await store.add(source);
  await writeFile(join(source, 'low.onnx'), 'bytes of LOW.onnx');
  expect((await store.add(source)).ok).toBe(false);
  const [kept] = await store.list();
  expect(kept?.pack.ok && (await verifyPack(kept.pack.value))).toBeNull();
});

it.each(['..', '../home', '', '.', 'sample/../..', 'never-added'])('removes nothing for the id "%s"', async (id) => {
  await store.add(source);
  expect((await store.remove(id)).ok).toBe(false);
  expect(await added()).toEqual(['sample']);
});

it('takes the flow model, which lies beside the packs, for none of them', async () => {
  const folder = join(base, 'program', 'models', 'raft-mini', 'pack');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'pack.json'), JSON.stringify({ format: 'steadyframe-flow', id: 'raft-mini' }));
  expect(await store.list()).toEqual([]);
});

it('lists a damaged pack as such beside the sound ones', async () => {
  await store.add(source);
  await mkdir(join(base, 'program', 'models', 'broken', 'pack'), { recursive: true });
  const found = await store.list();
  expect(found.map(({ id, pack }) => [id, pack.ok])).toEqual([
    ['broken', false],
    ['sample', true],
  ]);
});
