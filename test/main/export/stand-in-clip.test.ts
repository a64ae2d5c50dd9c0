import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { standInKinds } from '../../../app/contract/list.ts';
import { defaultStandIn } from '../../../app/contract/stand-in.ts';
import { captionFrames } from '../../../main/export/caption-clip.ts';
import { readLogo, takeLogo } from '../../../main/export/logo.ts';
import { findTool } from '../../../main/export/tools.ts';
import { expectOk, still } from './clip.ts';

let folder = '';
let logoPath = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-stand-in-'));
  logoPath = join(folder, 'logo.png');
  const picture = ['-f', 'lavfi', '-i', 'color=c=red:s=40x20,format=rgba', '-frames:v', '1'];
  execFileSync(findTool('ffmpeg')?.path ?? '', ['-v', 'error', ...picture, logoPath]);
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

const box = { widthPx: 100, heightPx: 100 };

describe('readLogo', () => {
  it('fits a PNG into its box and keeps its shape', async () => {
    const logo = expectOk(await readLogo(logoPath, box, still));
    expect(logo).toMatchObject({ widthPx: 100, heightPx: 50 });
    expect([...logo.rgba.subarray(0, 4)].map((value) => Math.round(value / 8))).toEqual([32, 0, 0, 32]);
  });

  it('takes a sound one in, and keeps the former where it refuses one', async () => {
    const target = join(folder, 'taken.png');
    expect(expectOk(await takeLogo(logoPath, target))).toBe(target);
    const before = await readFile(target);
    const bad = join(folder, 'cut.png');
    await writeFile(bad, before.subarray(0, 50));
    expect((await takeLogo(bad, target)).ok).toBe(false);
    expect((await readFile(target)).equals(before)).toBe(true);
  });

  it.each([
    ['an SVG that calls itself a PNG', async (path: string) => writeFile(path, '<svg><script/></svg>'), 'no PNG'],
    [
      'one that is too large',
      async (path: string) => writeFile(path, await readFile(logoPath)).then(async () => truncate(path, 5e6)),
      'MiB',
    ],
    ['one that was cut off', async (path: string) => writeFile(path, (await readFile(logoPath)).subarray(0, 60)), ''],
    ['none', async () => undefined, 'ENOENT'],
    ['a link to a device', async (path: string) => symlink('/dev/zero', path), 'no PNG'],
  ])('refuses %s', async (_, make, problem) => {
    const path = join(folder, `bad-${Math.abs(problem.length)}${_.length}.png`);
    await make(path);
    const logo = await readLogo(path, box, still);
    expect(logo.ok).toBe(false);
    expect(logo.ok ? '' : logo.error.detail).toContain(problem);
  });
});

describe.each(standInKinds)('the stand-in clip of kind %s', (kind) => {
  it('has all its frames, and words on them', async () => {
    const frames = { framesPath: join(folder, `${kind}.rgb`), widthPx: 320, heightPx: 180, frameCount: 3, fps: 8 };
    const brand = { ...defaultStandIn.brand, name: 'Northlight' };
    const worded = expectOk(await captionFrames('一只狐狸 a fox', frames, still, { kind, brand, logoPath }));
    expect((await stat(worded.framesPath)).size).toBe(320 * 180 * 3 * 3);
    const withWords = await readFile(worded.framesPath);
    expectOk(await captionFrames('', frames, still, { kind, brand: { ...brand, name: '' }, logoPath }));
    expect(withWords.equals(await readFile(frames.framesPath))).toBe(false);
  });
});
