import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { encodeClip } from '../../../main/export/encode.ts';
import { findTool } from '../../../main/export/tools.ts';
import { probeClip } from '../../../main/export/verify.ts';
import { encode, expectOk, spoolFrames, still, stripes, tags } from './clip.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-encode-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const drafts = async (): Promise<readonly string[]> => (await readdir(folder)).filter((name) => name.endsWith('.part'));
const small = { widthPx: 64, heightPx: 36, frameCount: 9 };

describe('a delivered file', () => {
  it('is what was ordered, and says how it came to be', async () => {
    const clip = expectOk(await encode(await spoolFrames(folder, small, stripes), join(folder, 'a.mp4')));
    expect(clip).toMatchObject({ widthPx: 128, heightPx: 72, frameCount: 9, fps: 16, recipe: 'best' });
    const facts = expectOk(await probeClip(clip.path, still));
    expect(facts).toMatchObject({ codec: 'h264', pixelFormat: 'yuv420p', frameCount: 9 });
    expect(facts.colour).toEqual(['tv', 'bt709', 'bt709', 'bt709']);
    const text = (await readFile(clip.path)).toString('latin1');
    expect(text).toContain('"grade":"full"');
    expect(text.indexOf('moov')).toBeLessThan(text.indexOf('mdat'));
    expect(await drafts()).toEqual([]);
  });

  it('is the same file for the same frames', async () => {
    const source = await spoolFrames(folder, small, stripes);
    const [one, two] = [await encode(source, join(folder, '1.mp4')), await encode(source, join(folder, '2.mp4'))];
    expect(expectOk(one).sha256).toBe(expectOk(two).sha256);
  });

  it('keeps its colours: patches decode back by the BT.709 matrix', async () => {
    const patches = [
      [235, 30, 40],
      [30, 200, 60],
      [40, 60, 220],
      [250, 250, 250],
      [10, 10, 10],
      [128, 128, 128],
      [240, 200, 30],
      [30, 200, 220],
    ] as const;
    const source = await spoolFrames(
      folder,
      { widthPx: 256, heightPx: 32, frameCount: 5 },
      (x) => patches[Math.floor(x / 32)] ?? patches[0],
    );
    const clip = expectOk(await encode(source, join(folder, 'c.mp4'), { widthPx: 256, heightPx: 32 }));
    const ffmpeg = findTool('ffmpeg')?.path ?? '';
    const decode = [
      '-v',
      'error',
      '-i',
      clip.path,
      '-frames:v',
      '1',
      '-vf',
      'scale=in_color_matrix=bt709:in_range=tv',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-',
    ];
    const rgb = execFileSync(ffmpeg, decode);
    for (const [index, patch] of patches.entries()) {
      const at = (16 * 256 + index * 32 + 16) * 3;
      const got = [rgb[at], rgb[at + 1], rgb[at + 2]].map(Number);
      for (const channel of [0, 1, 2] as const)
        expect(Math.abs((got[channel] ?? 0) - patch[channel])).toBeLessThanOrEqual(4);
    }
  });

  it.each<[string, [number, number], number]>([
    ['a square padded', [64, 64], 16],
    ['a slightly different shape cut', [64, 37], 16],
    ['another rate', [64, 36], 24],
    ['a broken rate', [64, 36], 23.976],
    ['a lower rate', [64, 36], 7],
  ])('can be %s', async (_name, [widthPx, heightPx], fps) => {
    const source = await spoolFrames(folder, { widthPx, heightPx, frameCount: 9 }, stripes);
    expect(expectOk(await encode(source, join(folder, 'a.mp4'), { fps })).fps).toBe(fps);
  });

  it.each([
    'with space.mp4',
    `quo"te's.mp4`,
    '-y.mp4',
    'new\nline.mp4',
    '狐狸 🦊.mp4',
    '%d %04d.mp4',
    'a:b|c;$(d)`e`.mp4',
    `${'x'.repeat(251)}.mp4`,
  ])('may be called %j', async (name) => {
    const clip = expectOk(await encode(await spoolFrames(folder, small, stripes), join(folder, name)));
    expect(clip.path).toBe(join(folder, name));
    expect(await readdir(folder)).toContain(name);
  });

  it('gets its folder made', async () => {
    const outPath = join(folder, 'new', 'er', 'a.mp4');
    expect(expectOk(await encode(await spoolFrames(folder, small, stripes), outPath)).path).toBe(outPath);
  });
});

describe('an encoder that is killed', () => {
  it.skipIf(process.platform !== 'linux')(
    'is started once more, and gives what was asked for',
    async () => {
      const source = await spoolFrames(folder, { widthPx: 640, heightPx: 360, frameCount: 64 }, () => [9, 9, 9]);
      await noise(source.framesPath);
      const outPath = join(folder, 'a.mp4');
      let kills = 0;
      const clip = await encodeClip(
        source,
        { outPath, widthPx: 640, heightPx: 360, fps: 16, tags },
        () => {
          if (kills === 0) kills += killFfmpegWritingTo(folder);
        },
        still,
      );
      expect(kills).toBe(1);
      expect(expectOk(clip).recipe).toBe('best');
      expect(await drafts()).toEqual([]);
    },
    60_000,
  );

  it('that can not be started gives way to another one', async () => {
    const broken = join(folder, 'broken');
    await writeFile(broken, 'this is no program');
    await chmod(broken, 0o755);
    const source = await spoolFrames(folder, small, stripes);
    const clip = await withVariable('FFMPEG_BIN', broken, () => encode(source, join(folder, 'a.mp4')));
    expect(expectOk(clip).recipe).toBe('best');
  });

  it('that has cut frames to encode leaves the old file, and the reasons of each try', async () => {
    const outPath = join(folder, 'a.mp4');
    await writeFile(outPath, 'an older clip');
    const source = { ...(await spoolFrames(folder, small, stripes)), frameCount: 99 };
    const clip = await encode(source, outPath);
    expect(clip).toMatchObject({ ok: false, error: { kind: 'encoder-failed', tried: ['best', 'safe'] } });
    expect(await readFile(outPath, 'utf8')).toBe('an older clip');
    expect(await drafts()).toEqual([]);
  });

  it('that hangs is killed, and the clip is written without one', async () => {
    const hanging = join(folder, 'hanging');
    await writeFile(hanging, '#!/bin/sh\nexec sleep 60\n');
    await chmod(hanging, 0o755);
    const source = await spoolFrames(folder, small, stripes);
    const clip = await withVariable('FFMPEG_BIN', hanging, () =>
      encode(source, join(folder, 'a.mp4'), { stallLimitMs: 200 }),
    );
    expect(expectOk(clip)).toMatchObject({ recipe: 'plain', frameCount: 9 });
    expect(expectOk(clip).setbacks?.join()).toContain('wrote no frame for 0.2 s');
    expect(expectOk(await probeClip(join(folder, 'a.mp4'), still)).frameCount).toBe(9);
  });
});

describe('the mark on a clip that is not what was asked for', () => {
  const grey = (): readonly [number, number, number] => [70, 70, 70];
  const picture = { widthPx: 640, heightPx: 360, frameCount: 2 };

  it.each(['fallback', 'still', 'template'] as const)('can be seen on a clip of grade %s', async (grade) => {
    const source = await spoolFrames(folder, picture, grey);
    const clip = expectOk(await encode(source, join(folder, 'a.mp4'), { ...picture, tags: { ...tags, grade } }));
    expect(markedPixels(clip.path)).toBeGreaterThan(1_000);
    expect((await readFile(clip.path)).toString('latin1')).toContain(`"grade":"${grade}"`);
  });

  it('is on no other clip', async () => {
    const source = await spoolFrames(folder, picture, grey);
    for (const grade of ['full', 'repaired', 'degraded'] as const) {
      const clip = expectOk(await encode(source, join(folder, 'a.mp4'), { ...picture, tags: { ...tags, grade } }));
      expect(markedPixels(clip.path)).toBe(0);
    }
  });

  it('is a bar where no words can be set', async () => {
    // An ffmpeg without libass: a real one behind a script that refuses the filter.
    const wordless = join(folder, 'wordless');
    const real = findTool('ffmpeg')?.path ?? '';
    await writeFile(wordless, `#!/bin/sh\ncase "$*" in *ass=*) exit 8;; esac\nexec "${real}" "$@"\n`);
    await chmod(wordless, 0o755);
    const source = await spoolFrames(folder, picture, grey);
    const options = { ...picture, tags: { ...tags, grade: 'fallback' as const } };
    const clip = await withVariable('FFMPEG_BIN', wordless, () => encode(source, join(folder, 'a.mp4'), options));
    expect(expectOk(clip).recipe).toBe('safe');
    expect(markedPixels(join(folder, 'a.mp4'))).toBeGreaterThan(200);
  });

  /** Pixels of the upper left that are not the grey of the picture. */
  function markedPixels(path: string): number {
    const crop = ['-vf', 'crop=320:60:0:0', '-pix_fmt', 'gray', '-f', 'rawvideo', '-'];
    const luma = execFileSync(findTool('ffmpeg')?.path ?? '', ['-v', 'error', '-i', path, '-frames:v', '1', ...crop]);
    const ground = luma[luma.length - 1] ?? 0;
    return luma.filter((value) => Math.abs(value - ground) > 12).length;
  }
});

describe('cancel', () => {
  it('leaves neither a draft nor a clip, and the old file as it was', async () => {
    const source = await spoolFrames(folder, { widthPx: 640, heightPx: 360, frameCount: 120 }, () => [9, 9, 9]);
    await noise(source.framesPath);
    const outPath = join(folder, 'a.mp4');
    await writeFile(outPath, 'an older clip');
    const abort = new AbortController();
    const options = { outPath, widthPx: 1280, heightPx: 720, fps: 16, tags };
    const clip = await encodeClip(source, options, () => abort.abort(), abort.signal);
    expect(clip).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    expect(await readFile(outPath, 'utf8')).toBe('an older clip');
    expect(await drafts()).toEqual([]);
  }, 60_000);

  it('before the start starts nothing', async () => {
    const clip = await encode(
      await spoolFrames(folder, small, stripes),
      join(folder, 'a.mp4'),
      {},
      AbortSignal.abort(),
    );
    expect(clip).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
  });
});

describe('a place that can not be written', () => {
  it('is named: a part of the path is a file', async () => {
    await writeFile(join(folder, 'file'), '');
    const clip = await encode(await spoolFrames(folder, small, stripes), join(folder, 'file', 'a.mp4'));
    expect(clip).toMatchObject({ ok: false, error: { kind: 'output-unwritable' } });
  });

  it.skipIf(!canMount())(
    'a full disk is told from a broken encoder, and the old file stays',
    async () => {
      const disk = join(folder, 'disk');
      await mkdir(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', disk]);
      try {
        const outPath = join(disk, 'a.mp4');
        await writeFile(outPath, 'an older clip');
        const source = await spoolFrames(folder, { widthPx: 640, heightPx: 360, frameCount: 20 }, () => [9, 9, 9]);
        await noise(source.framesPath);
        const clip = await encode(source, outPath, { widthPx: 1280, heightPx: 720 });
        expect(clip).toMatchObject({ ok: false, error: { kind: 'disk-full', tried: ['best'] } });
        expect(await readdir(disk)).toEqual(['a.mp4']);
        expect(await readFile(outPath, 'utf8')).toBe('an older clip');
      } finally {
        execFileSync('umount', [disk]);
      }
    },
    60_000,
  );
});

/** Noise does not compress: the encoder takes seconds, and the file grows large. */
async function noise(path: string): Promise<void> {
  const { length } = await readFile(path);
  const bytes = Buffer.allocUnsafe(length);
  let state = 1;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes[at] = state >>> 24;
  }
  await writeFile(path, bytes);
}

/** Kill, by its own pid, the one ffmpeg whose command line names this folder. */
function killFfmpegWritingTo(place: string): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandLine(name).includes(`file:${place}`));
  for (const pid of pids) process.kill(Number(pid), 'SIGKILL');
  return pids.length;
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function withVariable<T>(name: string, value: string, work: () => Promise<T>): Promise<T> {
  const before = process.env[name];
  process.env[name] = value;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
}

/** A disk of our own needs the right to mount one. */
function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
