import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { likeness } from '../../../app/monitor/likeness.ts';
import { lumaOfRgb } from '../../../app/monitor/luma.ts';
import { findTool } from '../../../main/export/tools.ts';
import { rootFolder } from '../../guard/source.ts';

const FRAMES = 6;
const ffmpeg = findTool('ffmpeg', rootFolder)?.path ?? 'ffmpeg';
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'steadyframe-likeness-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: readonly string[]): Buffer =>
  execFileSync(ffmpeg, ['-v', 'error', '-y', ...args], { cwd: folder, maxBuffer: 2 ** 28 });

/** ffmpeg's own word on neighbouring frames of raw RGB that it turns into yuv420p itself. */
function judgedByFfmpeg(rgb: Buffer, size: string, frameBytes: number): { psnrDb: number[]; ssim: number[] } {
  writeFileSync(join(folder, 'later.rgb'), rgb.subarray(frameBytes));
  writeFileSync(join(folder, 'earlier.rgb'), rgb.subarray(0, rgb.length - frameBytes));
  const input = (name: string): string[] => ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', size, '-i', name];
  const graph =
    '[0:v]format=yuv420p,split[a][b];[1:v]format=yuv420p,split[c][d];[a][c]psnr=stats_file=psnr.log[x];[b][d]ssim=stats_file=ssim.log[y]';
  const sinks = ['-map', '[x]', '-f', 'null', '-', '-map', '[y]', '-f', 'null', '-'];
  run([...input('later.rgb'), ...input('earlier.rgb'), '-filter_complex', graph, ...sinks]);
  const figures = (file: string, name: string): number[] =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(new RegExp(`\\b${name}:(\\S+)`, 'g'))].map(([, text]) =>
      text === 'inf' ? Infinity : Number(text),
    );
  return { psnrDb: figures('psnr.log', 'psnr_y'), ssim: figures('ssim.log', 'Y') };
}

describe('PSNR and SSIM of neighbouring frames', () => {
  // Sides that are no multiple of the 4x4 and 8x8 blocks, odd ones, and the sizes that are rendered.
  it.each([
    [160, 96, 'mandelbrot'],
    [112, 64, 'testsrc2'],
    [163, 97, 'mandelbrot'],
    [50, 38, 'testsrc2'],
    [640, 360, 'testsrc2'],
  ])('are those of ffmpeg at %ix%i (%s)', (widthPx, heightPx, source) => {
    const size = `${widthPx}x${heightPx}`;
    const clip = ['-f', 'lavfi', '-i', `${source}=size=${size}:rate=16`, '-frames:v', String(FRAMES)];
    const rgb = run([...clip, '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-']);
    const frameBytes = widthPx * heightPx * 3;
    const theirs = judgedByFfmpeg(rgb, size, frameBytes);
    const lumas = Array.from({ length: FRAMES }, (_, i) =>
      lumaOfRgb(rgb.subarray(i * frameBytes, (i + 1) * frameBytes)),
    );
    expect(theirs.psnrDb).toHaveLength(FRAMES - 1);
    for (let i = 1; i < FRAMES; i += 1) {
      const ours = likeness(lumas[i] as Uint8Array, lumas[i - 1] as Uint8Array, widthPx);
      const theirDb = theirs.psnrDb[i - 1] as number;
      expect(ours.psnrDb === theirDb || Math.abs(ours.psnrDb - theirDb) < 0.01).toBe(true);
      expect(Math.abs((ours.ssim as number) - (theirs.ssim[i - 1] as number))).toBeLessThan(0.001);
    }
  });

  it('are infinite and 1 for equal frames, and have no SSIM where no window fits', () => {
    const plane = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(likeness(plane, plane, 16)).toEqual({ psnrDb: Infinity, ssim: 1 });
    expect(likeness(plane.subarray(0, 12), plane.subarray(12, 24), 4).ssim).toBeNull();
  });
});

describe('luma', () => {
  it('is the plane that ffmpeg makes of the same RGB, bit for bit', () => {
    const rgb = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919 + (i >> 3) * 104729) & 255);
    writeFileSync(join(folder, 'all.rgb'), rgb);
    const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', '64x64', '-i', 'all.rgb'];
    const yuv = run([...input, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-']);
    expect(Buffer.from(lumaOfRgb(rgb)).equals(yuv.subarray(0, 64 * 64))).toBe(true);
  });
});
