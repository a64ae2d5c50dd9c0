import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';

import { FrameMeter } from '../../app/monitor/frame.ts';
import { likeness } from '../../app/monitor/likeness.ts';
import { findTool } from '../../main/export/tools.ts';
import { rootFolder } from '../guard/source.ts';
import { compare, type Figure } from './figure.ts';

const SIZES = [
  [160, 96, 400],
  [1280, 720, 24],
] as const;

/**
 * PSNR and SSIM of the same planes: ours against ffmpeg's two filters on one thread, whose time is that of a run with them less
 * that of a run that only reads. Beside it what all frame monitors together cost, against those two figures alone.
 */
export function measureFrameFigures(folder: string, rounds: number, tell: (line: string) => void): readonly Figure[] {
  const tool = findTool('ffmpeg', rootFolder);
  return SIZES.flatMap(([widthPx, heightPx, frameCount]) => {
    const size = `${widthPx}x${heightPx}`;
    const name = `PSNR and SSIM of ${frameCount} frames at ${size}`;
    const allName = `all monitors of ${frameCount} frames at ${size}`;
    const rivalName = "ffmpeg's psnr and ssim filters";
    const unmeasured = (missing: string): Figure => ({ name, unit: 'ms', rivalName, goal: 1, result: { missing } });
    if (!tool) return [unmeasured('there is no ffmpeg')];
    const run = (args: readonly string[]): Buffer =>
      execFileSync(tool.path, ['-v', 'error', '-y', '-threads', '1', '-filter_threads', '1', ...args], {
        maxBuffer: 2 ** 30,
      });
    const source = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=16`, '-frames:v', String(frameCount + 1)];
    const yuv = run([...source, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-']);
    const frameBytes = yuv.length / (frameCount + 1);
    const [earlier, later] = [`${folder}-earlier.yuv`, `${folder}-later.yuv`];
    writeFileSync(earlier, yuv.subarray(0, -frameBytes));
    writeFileSync(later, yuv.subarray(frameBytes));
    const input = (file: string): string[] => ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', size, '-i', file];
    const both = [...input(later), ...input(earlier)];
    const timed = (work: () => void): number => {
      const startedMs = performance.now();
      work();
      return performance.now() - startedMs;
    };
    const planes = Array.from({ length: frameCount + 1 }, (_, i) =>
      Uint8Array.from(yuv.subarray(i * frameBytes, i * frameBytes + widthPx * heightPx)),
    );
    const pairs = (): void => {
      for (let i = 1; i < planes.length; i += 1)
        likeness(planes[i] as Uint8Array, planes[i - 1] as Uint8Array, widthPx);
    };
    const all = (): void => {
      const meter = new FrameMeter(widthPx);
      for (const plane of planes) meter.measure(plane);
    };
    const graph = '[0:v]split[a][b];[1:v]split[c][d];[a][c]psnr[x];[b][d]ssim[y]';
    const filters = (): number =>
      timed(
        () =>
          void run([
            ...both,
            '-filter_complex',
            graph,
            '-map',
            '[x]',
            '-f',
            'null',
            '-',
            '-map',
            '[y]',
            '-f',
            'null',
            '-',
          ]),
      );
    const reading = (): number =>
      timed(() => void run([...both, '-map', '0', '-f', 'null', '-', '-map', '1', '-f', 'null', '-']));
    pairs();
    all();
    filters();
    const measured = Array.from({ length: rounds }, (_, round) => {
      tell(`frames at ${size}, round ${round + 1} of ${rounds}`);
      return { ours: timed(pairs), all: timed(all), rival: Math.max(0.1, filters() - reading()) };
    });
    rmSync(earlier);
    rmSync(later);
    return [
      { name, unit: 'ms' as const, rivalName, goal: 1, result: compare(measured) },
      {
        name: allName,
        unit: 'ms' as const,
        rivalName: 'PSNR and SSIM alone',
        goal: null,
        result: compare(measured.map((round) => ({ ours: round.all, rival: round.ours }))),
      },
    ];
  });
}
