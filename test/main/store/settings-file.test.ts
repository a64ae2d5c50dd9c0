import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { freshSettings, readSettings, writeSettings } from '../../../main/store/settings-file.ts';

const fresh = freshSettings('en', 7);
let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-settings-'));
  path = join(folder, 'settings.json');
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

it('reads what it wrote', async () => {
  const chosen = { ...fresh, locale: 'zh' as const };
  await writeSettings(path, chosen);
  expect(await readSettings(path, fresh)).toEqual(chosen);
});

it('starts fresh where there are none', async () => {
  expect(await readSettings(path, fresh)).toEqual(fresh);
  expect(await readdir(folder)).toEqual([]);
});

it.each([
  ['cut off', '{"version":1,"loc'],
  ['empty', ''],
  ['of another shape', '{"version":1,"locale":"fr"}'],
  ['not JSON', '\0\0\0\0'],
])('keeps settings aside that are %s, and starts fresh', async (_, text) => {
  // Catches a program that never starts again because of one bad byte, and one that throws the user's text away.
  await writeFile(path, text);
  expect(await readSettings(path, fresh)).toEqual(fresh);
  expect(await readFile(`${path}.damaged`, 'utf8')).toBe(text);
});

it('gives settings that know no stand-in clip the first one', async () => {
  // Catches a user's settings being put aside because a new choice came with a new version.
  const { standIn, ...older } = { ...fresh, locale: 'zh' as const };
  await writeFile(path, JSON.stringify(older));
  expect(await readSettings(path, fresh)).toEqual({ ...older, standIn });
  await writeFile(path, JSON.stringify({ version: 1, locale: 'zh', draft: fresh.draft }));
  expect(await readSettings(path, fresh)).toMatchObject({ version: 2, locale: 'zh', standIn });
});
