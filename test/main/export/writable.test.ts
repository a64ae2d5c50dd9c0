import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { checkWritable } from '../../../main/export/writable.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-writable-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

it('accepts a place that can be written, makes its folder and leaves no trace', async () => {
  expect((await checkWritable(join(folder, 'new', 'clip.MP4'))).ok).toBe(true);
  expect(await readdir(join(folder, 'new'))).toEqual([]);
});

it('accepts a clip that is already there', async () => {
  await writeFile(join(folder, 'a.mp4'), 'old');
  expect((await checkWritable(join(folder, 'a.mp4'))).ok).toBe(true);
});

it.each<[string, string, string]>([
  ['another ending', 'clip.avi', 'does not end in .mp4'],
  ['no ending', 'clip', 'does not end in .mp4'],
  ['only an ending', '.mp4', 'does not end in .mp4'],
  ['a folder', 'folder.mp4', 'is a folder'],
  ['a name that no disk takes', `${'x'.repeat(252)}.mp4`, 'more than 255 bytes'],
])('refuses %s by name', async (_name, name, words) => {
  await mkdir(join(folder, 'folder.mp4'));
  const answer = await checkWritable(join(folder, name));
  expect(answer).toMatchObject({ ok: false, error: { kind: 'wrong-name' } });
  expect(answer.ok ? '' : answer.error.detail).toContain(words);
});

it('names a file in the middle of the path, and a link that leads nowhere', async () => {
  await writeFile(join(folder, 'file'), '');
  await symlink(join(folder, 'loop'), join(folder, 'loop'));
  expect(await checkWritable(join(folder, 'file', 'a.mp4'))).toMatchObject({
    ok: false,
    error: { kind: 'output-unwritable' },
  });
  expect(await checkWritable(join(folder, 'loop', 'a.mp4'))).toMatchObject({
    ok: false,
    error: { kind: 'output-unwritable' },
  });
});

it.skipIf(process.platform !== 'linux')('names a disk that takes no files', async () => {
  expect(await checkWritable('/proc/steadyframe/a.mp4')).toMatchObject({
    ok: false,
    error: { kind: 'output-unwritable' },
  });
});
