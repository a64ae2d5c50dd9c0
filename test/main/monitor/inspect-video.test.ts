import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { inspectReport } from '../../../app/contract/inspection.ts';
import { spoilFrames, type Spoiling } from '../../../app/engine/spoil.ts';
import { findTool } from '../../../main/export/tools.ts';
import { inspectVideo } from '../../../main/monitor/inspect-video.ts';
import { drawClip } from '../../detection/drawn-clips.ts';
import { rootFolder } from '../../guard/source.ts';

let folder = '';
const at = (name: string): string => join(folder, name);
const never = new AbortController().signal;
const tool = (name: 'ffmpeg' | 'ffprobe'): string => findTool(name, rootFolder)?.path ?? name;
const ffmpeg = (args: readonly string[], input?: Buffer): Buffer =>
  execFileSync(tool('ffmpeg'), ['-v', 'error', '-y', ...args], { cwd: folder, input, maxBuffer: 2 ** 28 });

const clip = drawClip({ name: 'a ball', figure: (i) => [0.2 + i * 0.025, 0.6] });
const encode = (frames: readonly Uint8Array[], name: string): string => {
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${clip.widthPx}x${clip.heightPx}`, '-r', '16', '-i', '-'];
  ffmpeg(
    [...raw, '-c:v', 'libx264', '-crf', '18', '-pix_fmt', 'yuv420p', '-movflags', '+faststart', name],
    Buffer.concat(frames),
  );
  return at(name);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'steadyframe-inspect-'));
  process.env['FFMPEG_BIN'] ??= tool('ffmpeg');
  process.env['FFPROBE_BIN'] ??= tool('ffprobe');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a sound video', () => {
  it('has no fault, a figure for each frame, and a report that fits the contract', async () => {
    const seen: number[] = [];
    const found = await inspectVideo(encode(clip.frames, 'sound.mp4'), never, ({ framesDone }) =>
      seen.push(framesDone),
    );
    if (!found.ok) throw new Error(found.error.detail);
    expect(inspectReport.parse(JSON.parse(JSON.stringify(found.value)))).toEqual(found.value);
    expect(found.value.attempts[0]?.faults).toEqual([]);
    expect(found.value.clip).toMatchObject({ widthPx: 160, heightPx: 96, frameCount: 24, fps: 16 });
    expect(found.value.health.frames).toHaveLength(24);
    expect(found.value.health.frames[0]).toMatchObject({ psnrDb: null, ssim: null });
    expect(seen.at(-1)).toBe(24);
  });

  it('has the PSNR and SSIM that ffmpeg finds between its neighbouring frames', async () => {
    const path = encode(clip.frames, 'figures.mp4');
    const later = '[0:v]trim=start_frame=1,setpts=PTS-STARTPTS,split[a][b]';
    const earlier = '[1:v]trim=end_frame=23,setpts=PTS-STARTPTS,split[c][d]';
    const graph = `${later};${earlier};[a][c]psnr=stats_file=psnr.log[x];[b][d]ssim=stats_file=ssim.log[y]`;
    const sinks = ['-map', '[x]', '-f', 'null', '-', '-map', '[y]', '-f', 'null', '-'];
    ffmpeg(['-i', path, '-i', path, '-filter_complex', graph, ...sinks]);
    const theirs = (log: string, name: string): readonly number[] =>
      [...readFileSync(at(log), 'utf8').matchAll(new RegExp(`\\b${name}:(\\S+)`, 'g'))].map(([, text]) => Number(text));
    const found = await inspectVideo(path, never);
    if (!found.ok) throw new Error(found.error.detail);
    const ours = found.value.health.frames.slice(1);
    expect(theirs('psnr.log', 'psnr_y')).toHaveLength(ours.length);
    theirs('psnr.log', 'psnr_y').forEach((psnrDb, i) =>
      expect(Math.abs((ours[i]?.psnrDb ?? 0) - psnrDb)).toBeLessThan(0.01),
    );
    theirs('ssim.log', 'Y').forEach((ssim, i) => expect(Math.abs((ours[i]?.ssim ?? 0) - ssim)).toBeLessThan(0.001));
  });

  it.each([
    [
      'of odd size',
      ['-f', 'lavfi', '-i', 'mandelbrot=size=163x97:rate=16', '-frames:v', '12', '-pix_fmt', 'yuv444p', 'odd.mkv'],
    ],
    [
      'of the web',
      ['-f', 'lavfi', '-i', 'mandelbrot=size=160x96:rate=16', '-frames:v', '12', '-c:v', 'libvpx-vp9', 'web.webm'],
    ],
    [
      'with ten bits',
      [
        '-f',
        'lavfi',
        '-i',
        'mandelbrot=size=160x96:rate=16',
        '-frames:v',
        '12',
        '-c:v',
        'ffv1',
        '-pix_fmt',
        'yuv420p10le',
        'ten.mkv',
      ],
    ],
    [
      'of high dynamic range',
      [
        ...['-f', 'lavfi', '-i', 'mandelbrot=size=160x96:rate=16', '-frames:v', '12', '-pix_fmt', 'yuv420p10le'],
        ...[
          '-c:v',
          'ffv1',
          '-color_primaries',
          'bt2020',
          '-color_trc',
          'smpte2084',
          '-colorspace',
          'bt2020nc',
          'hdr.mkv',
        ],
      ],
    ],
    [
      'of changing speed',
      [
        ...['-f', 'lavfi', '-i', 'mandelbrot=size=160x96:rate=16', '-vf', "setpts='(N+0.05*N*N)/16/TB'"],
        ...['-frames:v', '12', '-fps_mode', 'passthrough', '-c:v', 'ffv1', 'speeds.mkv'],
      ],
    ],
    [
      'as large as in a cinema',
      ['-f', 'lavfi', '-i', 'testsrc2=size=3840x2160:rate=16', '-frames:v', '12', '-preset', 'ultrafast', 'large.mp4'],
    ],
    ['that is a GIF', ['-f', 'lavfi', '-i', 'mandelbrot=size=160x96:rate=10', '-frames:v', '12', 'small.gif']],
  ])('%s is read as well', async (_, args) => {
    ffmpeg(args);
    const found = await inspectVideo(at(args.at(-1) ?? ''), never);
    expect(found).toMatchObject({ ok: true, value: { clip: { frameCount: 12 } } });
  });
});

describe('a clip that was rendered here', () => {
  const frozen = { kind: 'frames-frozen', frame: 1, frameCount: 23 };
  const still = clip.frames.map(() => clip.frames[0] ?? new Uint8Array());
  const inspected = async (name: string, comment: string) => {
    const tagged = at(`${name}.mp4`);
    ffmpeg(['-i', encode(still, 'still.mp4'), '-c', 'copy', '-metadata', `comment=${comment}`, tagged]);
    const found = await inspectVideo(tagged, never);
    if (!found.ok) throw new Error(found.error.detail);
    return found.value;
  };

  it('may not do what a film may: to stand still', async () => {
    const { attempts, notes } = await inspected('own', '{"program":"steadyframe","grade":"degraded"}');
    expect(attempts[0]?.faults).toMatchObject([{ ...frozen, severity: 'fault' }]);
    expect(notes).toEqual([expect.stringContaining('one shot')]);
  });

  it.each([
    ['a still picture', '{"program":"steadyframe","grade":"still"}'],
    ['another program', '{"program":"another","grade":"full"}'],
    ['no JSON', 'a walk on the beach'],
  ])('is none with the comment of %s', async (name, comment) => {
    const { attempts, notes } = await inspected(name, comment);
    expect(attempts[0]?.faults).toMatchObject([{ ...frozen, severity: 'warning' }]);
    expect(notes).toEqual([]);
  });
});

describe('a video whose decoder failed', () => {
  it.each([
    [
      'its colours are gone',
      "hue=s=0:enable='between(n,10,12)'",
      { kind: 'frames-flicker', evidence: { cause: 'grey' } },
    ],
    [
      'its colours are wrong',
      "lutyuv=u=64:v=64:enable='between(n,10,12)'",
      { kind: 'frames-flicker', evidence: { cause: 'tint' } },
    ],
    [
      'its lower half is missing',
      "drawbox=y=48:h=48:color=black:t=fill:enable='between(n,10,12)'",
      { kind: 'frames-black', evidence: { picture: 'part', side: 'bottom' } },
    ],
  ])('%s', async (name, filter, fault) => {
    const path = at(`${name}.mp4`);
    ffmpeg(['-i', encode(clip.frames, 'whole.mp4'), '-vf', filter, '-c:v', 'libx264', '-crf', '18', path]);
    const found = await inspectVideo(path, never);
    if (!found.ok) throw new Error(found.error.detail);
    expect(found.value.attempts[0]?.faults).toMatchObject([{ ...fault, frame: 10, frameCount: 3, severity: 'fault' }]);
  });
});

describe('a spoiled video', () => {
  it.each<[Spoiling['kind'], Partial<Spoiling>, string]>([
    ['black', { frameCount: 2 }, 'frames-black'],
    ['noise', { frameCount: 3 }, 'frames-noise'],
    ['frozen', { frameCount: 7 }, 'frames-frozen'],
    ['torn', { frameCount: 1 }, 'frames-torn'],
    ['flicker', { frameCount: 8 }, 'frames-flicker'],
    ['swapped', { frameCount: 2 }, 'motion-implausible'],
    ['jump', { frameCount: 3 }, 'motion-implausible'],
  ])('is told for what it is after encoding: %s', async (kind, part, fault) => {
    const how = { kind, frame: 9, frameCount: 1, strength: 1, seed: 5, ...part };
    const found = await inspectVideo(encode(spoilFrames(clip.frames, clip.widthPx, how), `${kind}.mp4`), never);
    if (!found.ok) throw new Error(found.error.detail);
    expect(found.value.attempts[0]?.faults.map((one) => one.kind)).toEqual([fault]);
  });
});

describe('what is no video', () => {
  it.each<[string, string, () => void]>([
    ['missing', 'gone.mp4', () => undefined],
    ['unreadable', 'empty.mp4', () => writeFileSync(at('empty.mp4'), '')],
    ['unreadable', 'text.mp4', () => writeFileSync(at('text.mp4'), 'this is no video')],
    ['unreadable', 'sound.wav', () => void ffmpeg(['-f', 'lavfi', '-i', 'sine=duration=1', 'sound.wav'])],
    [
      'unreadable',
      'list.m3u8',
      () => writeFileSync(at('list.m3u8'), '#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n'),
    ],
    ['unreadable', 'cut.mp4', () => truncateSync(encode(clip.frames, 'cut.mp4'), 2_000)],
    ['unreadable', '.', () => undefined],
  ])('is %s: %s', async (kind, name, make) => {
    make();
    expect(await inspectVideo(at(name), never)).toMatchObject({ ok: false, error: { kind } });
  });

  it('is left alone at once when nobody waits any more', async () => {
    const abort = new AbortController();
    const path = encode(clip.frames, 'long.mp4');
    const found = await inspectVideo(path, abort.signal, () => abort.abort());
    expect(found).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
  });
});
