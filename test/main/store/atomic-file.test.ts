import { execFileSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { makeFolder } from '../../../main/base/make-folder.ts';
import { publishFile, replaceFile } from '../../../main/store/atomic-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-atomic-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

it('replaces a file and leaves nothing beside it', async () => {
  const file = join(folder, 'settings.json');
  await replaceFile(file, 'one');
  await replaceFile(file, Uint8Array.from([50]));
  expect(await readFile(file, 'utf8')).toBe('2');
  expect(await readdir(folder)).toEqual(['settings.json']);
});

it.skipIf(process.platform === 'win32')('leaves a link a link, and replaces what it leads to', async () => {
  await writeFile(join(folder, 'file'), 'old');
  await symlink(join(folder, 'file'), join(folder, 'link'));
  await replaceFile(join(folder, 'link'), 'new');
  expect((await lstat(join(folder, 'link'))).isSymbolicLink()).toBe(true);
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('new');
});

it.skipIf(process.platform === 'win32')('never takes the place of a pipe or a device', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await expect(replaceFile(join(folder, 'pipe'), 'new')).rejects.toThrow('no plain file');
  expect((await lstat(join(folder, 'pipe'))).isFIFO()).toBe(true);
});

it('leaves no draft where the replacing fails', async () => {
  await mkdir(join(folder, 'taken'));
  await expect(replaceFile(join(folder, 'taken'), 'x')).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['taken']);
});

it('is whole for every reader while many write', async () => {
  const file = join(folder, 'shared');
  const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(200_000));
  await replaceFile(file, 'a'.repeat(200_000));
  const writing = Promise.all(texts.map((text) => replaceFile(file, text)));
  for (let look = 0; look < 50; look += 1) expect(texts).toContain(await readFile(file, 'utf8'));
  await writing;
  expect(await readdir(folder)).toEqual(['shared']);
});

it('publishes a finished draft over what stood there', async () => {
  await writeFile(join(folder, 'draft'), 'new');
  await writeFile(join(folder, 'clip.mp4'), 'old');
  await publishFile(join(folder, 'draft'), join(folder, 'clip.mp4'));
  expect(await readdir(folder)).toEqual(['clip.mp4']);
  expect(await readFile(join(folder, 'clip.mp4'), 'utf8')).toBe('new');
});

it('makes folders level by level, twice at once, and ends where none can be made', async () => {
  const deep = join(folder, 'a', 'b', 'c');
  await Promise.all([makeFolder(deep), makeFolder(deep)]);
  expect(await readdir(join(folder, 'a', 'b'))).toEqual(['c']);
  if (process.platform === 'linux') await expect(makeFolder('/proc/steadyframe/a')).rejects.toThrow();
});
