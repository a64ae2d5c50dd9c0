import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findTool } from '../../../main/export/tools.ts';
import { probeClip } from '../../../main/export/verify.ts';
import { encode, expectOk, spoolFrames, still, tags } from './clip.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-plain-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const patches = [
  [235, 30, 40],
  [30, 200, 60],
  [40, 60, 220],
  [250, 250, 250],
] as const;
const source = { widthPx: 64, heightPx: 36, frameCount: 5 };
const spool = async () =>
  spoolFrames(folder, source, (x, _y, frame) => patches[(Math.floor(x / 16) + frame) % 4] ?? patches[0]);

/** Nowhere is an ffmpeg to be found. */
async function withoutFfmpeg<T>(work: () => Promise<T>): Promise<T> {
  const names = ['PATH', 'FFMPEG_BIN', 'STEADYFRAME_ROOT'] as const;
  const before = names.map((name) => process.env[name]);
  for (const name of names) delete process.env[name];
  try {
    return await work();
  } finally {
    names.forEach((name, i) => {
      if (before[i] !== undefined) process.env[name] = before[i];
    });
  }
}

const firstFrame = (path: string, filter: string): Buffer =>
  execFileSync(findTool('ffmpeg')?.path ?? '', [
    ...['-v', 'error', '-i', path, '-frames:v', '1', '-vf', filter],
    ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
  ]);

describe('a clip that is made without ffmpeg', () => {
  it.each([
    ['of the usual shape', { widthPx: 128, heightPx: 72 }],
    ['padded, and no multiple of 16', { widthPx: 100, heightPx: 90 }],
  ])('is one that every player takes: %s', async (_, size) => {
    const frames = await spool();
    const clip = expectOk(await withoutFfmpeg(async () => encode(frames, join(folder, 'a.mp4'), size)));
    expect(clip).toMatchObject({ ...size, frameCount: 5, fps: 16, recipe: 'plain' });
    const facts = expectOk(await probeClip(clip.path, still));
    expect(facts).toMatchObject({ codec: 'h264', pixelFormat: 'yuv420p', ...size, frameCount: 5, fps: 16 });
    expect(facts.durationSeconds).toBeCloseTo(5 / 16, 2);
    expect(facts.colour).toEqual(['tv', 'bt709', 'bt709', 'bt709']);
    const text = (await readFile(clip.path)).toString('latin1');
    expect(text).toContain('"grade":"full"');
    expect(await readdir(folder)).toEqual(['a.mp4', 'frames.rgb']);
  });

  it('keeps its colours', async () => {
    const frames = await spool();
    const clip = expectOk(await withoutFfmpeg(async () => encode(frames, join(folder, 'a.mp4'))));
    const rgb = firstFrame(clip.path, 'scale=in_color_matrix=bt709:in_range=tv');
    patches.forEach((patch, i) => {
      const at = (40 * 128 + i * 32 + 16) * 3;
      patch.forEach((value, colour) => expect(Math.abs((rgb[at + colour] ?? 0) - value)).toBeLessThanOrEqual(5));
    });
  });

  it('carries a bar where it is not what was asked for', async () => {
    const frames = await spoolFrames(folder, source, () => [20, 20, 20]);
    const size = { widthPx: 640, heightPx: 360 };
    const make = async (grade: 'full' | 'fallback', name: string) =>
      expectOk(
        await withoutFfmpeg(async () => encode(frames, join(folder, name), { ...size, tags: { ...tags, grade } })),
      );
    const brightest = (path: string): number => Math.max(...firstFrame(path, 'crop=200:60:0:0'));
    expect(brightest((await make('fallback', 'a.mp4')).path)).toBeGreaterThan(200);
    expect(brightest((await make('full', 'b.mp4')).path)).toBeLessThan(40);
  });

  it('leaves the old file where the frames are not whole', async () => {
    const outPath = join(folder, 'a.mp4');
    await writeFile(outPath, 'an older clip');
    const frames = { ...(await spool()), frameCount: 9 };
    expect((await withoutFfmpeg(async () => encode(frames, outPath))).ok).toBe(false);
    expect(await readFile(outPath, 'utf8')).toBe('an older clip');
    expect(await readdir(folder)).toEqual(['a.mp4', 'frames.rgb']);
  });
});
