import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { captionFrames } from '../../../main/export/caption-clip.ts';
import { openFrameFolder, writeFramesPng } from '../../../main/export/frames-png.ts';
import { joinClips } from '../../../main/export/join-clips.ts';
import { findTool } from '../../../main/export/tools.ts';
import { encode, expectOk, spoolFrames, still, stripes } from './clip.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-frames-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const small = { widthPx: 64, heightPx: 36, frameCount: 5 };
const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

it('writes frames as PNG that decode to the very same bytes', async () => {
  const source = await spoolFrames(folder, small, stripes);
  const target = join(folder, '50% of it %04d');
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'frame-0077.png'), 'of an earlier call');
  await writeFile(join(target, 'mine.txt'), 'stays');
  await openFrameFolder(target);
  expect(await writeFramesPng(source, target, 0)).toBe(5);
  expect(await writeFramesPng(source, target, 5)).toBe(10);
  const names = await readdir(target);
  expect(names.toSorted()).toEqual([...Array.from({ length: 10 }, (_, i) => `frame-000${i}.png`), 'mine.txt']);
  const decode = ['-v', 'error', '-i', join(folder, 'one.png'), '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
  await writeFile(join(folder, 'one.png'), await readFile(join(target, 'frame-0003.png')));
  const frameBytes = small.widthPx * small.heightPx * 3;
  const raw = await readFile(source.framesPath);
  expect(digest(execFileSync(findTool('ffmpeg')?.path ?? '', decode))).toBe(
    digest(raw.subarray(3 * frameBytes, 4 * frameBytes)),
  );
});

it('joins clips into one that has all their frames', async () => {
  const source = await spoolFrames(folder, small, stripes);
  const paths = [join(folder, `it's a.mp4`), join(folder, 'b\n.mp4')];
  for (const path of paths) expectOk(await encode(source, path));
  const joined = expectOk(await joinClips(paths, join(folder, 'all.mp4'), still));
  expect(joined.frameCount).toBe(10);
  expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
});

it('names the clip that can not be joined', async () => {
  await writeFile(join(folder, 'bad.mp4'), 'no video');
  const joined = await joinClips([join(folder, 'bad.mp4')], join(folder, 'all.mp4'), still);
  expect(joined).toMatchObject({ ok: false, error: { kind: 'encoder-failed' } });
  expect(joined.ok ? '' : joined.error.detail).toContain('bad.mp4');
});

it.each(['一只红狐狸在雪地里走', 'A red fox {\\fs900} \\N % \' " : , [in];', '👨‍👩‍👧', '', '\u0000\u0007 مرحبا'])(
  'makes a fallback card for %j with its words on it',
  async (caption) => {
    const frames = { framesPath: join(folder, 'card.rgb'), widthPx: 320, heightPx: 180, frameCount: 3, fps: 16 };
    expectOk(await captionFrames(caption, frames, still));
    const bytes = 320 * 180 * 3;
    const rgb = await readFile(frames.framesPath);
    expect((await stat(frames.framesPath)).size).toBe(bytes * 3);
    expect(await readdir(folder)).toEqual(['card.rgb']);
    // The mark and the note are brighter than any of the backdrop.
    expect(rgb.subarray(0, bytes).filter((value) => value > 200).length).toBeGreaterThan(10);
  },
);

it('makes the card without words where there is no ffmpeg', async () => {
  const before = { bin: process.env['FFMPEG_BIN'], path: process.env['PATH'], root: process.env['STEADYFRAME_ROOT'] };
  Object.assign(process.env, { FFMPEG_BIN: '/nowhere', PATH: '', STEADYFRAME_ROOT: folder });
  try {
    const frames = { framesPath: join(folder, 'card.rgb'), widthPx: 64, heightPx: 36, frameCount: 3, fps: 16 };
    expectOk(await captionFrames('fox', frames, still));
    expect((await stat(frames.framesPath)).size).toBe(64 * 36 * 9);
  } finally {
    process.env['PATH'] = before.path;
    for (const [name, value] of [
      ['FFMPEG_BIN', before.bin],
      ['STEADYFRAME_ROOT', before.root],
    ] as const)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
});
