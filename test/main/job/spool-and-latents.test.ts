import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { DenoiseState } from '../../../app/contract/engine.ts';
import { FrameSpool } from '../../../main/job/frame-spool.ts';
import { loadLatents, saveLatents } from '../../../main/job/latent-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-job-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

describe('saved latents', () => {
  const state: DenoiseState = {
    nextStep: 3,
    sample: Float32Array.of(1.1, NaN, -0, Infinity),
    history: [Float32Array.of(1e-30), Float32Array.of(2)],
    previousSample: null,
  };

  it('come back bit for bit', async () => {
    // JSON would turn NaN into null and -0 into 0.
    const path = join(folder, 'latents.bin');
    await saveLatents(path, state);
    expect(await loadLatents(path)).toStrictEqual(state);
    expect(await readdir(folder)).toEqual(['latents.bin']);
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['cut off', async (path) => truncate(path, 40)],
    ['empty', async (path) => truncate(path, 0)],
    ['something else', async (path) => writeFile(path, 'not latents')],
    ['gone', async (path) => rm(path)],
  ])('are none where the file is %s: the job begins from noise', async (_, damage) => {
    const path = join(folder, 'latents.bin');
    await saveLatents(path, state);
    await damage(path);
    expect(await loadLatents(path)).toBeNull();
  });
});

describe('the frame spool', () => {
  const size = { widthPx: 2, heightPx: 1 };

  it('keeps frames in their order and measures each against the one before, across batches', async () => {
    const path = join(folder, 'frames.rgb');
    const rgb = (...levels: number[]): Uint8Array =>
      Uint8Array.from(levels.flatMap((level) => Array.from({ length: 6 }, () => level)));
    {
      await using spool = await FrameSpool.create(path, size);
      spool.append(rgb(0));
      spool.append(rgb(255, 255));
      await spool.finish();
      expect(spool.figures.map(({ luma }) => Math.round(luma))).toEqual([0, 1, 1]);
      expect(spool.figures.map(({ step }) => step && step.psnrDb === null)).toEqual([null, false, true]);
    }
    expect([...(await readFile(path))]).toEqual([...rgb(0, 255, 255)]);
  });

  it.skipIf(process.platform === 'win32')(
    'goes on elsewhere with all it has where its folder was removed',
    async () => {
      const [gone, path] = [join(folder, 'gone'), join(folder, 'b.rgb')];
      await mkdir(gone);
      const elsewhere = async (): Promise<string> => Promise.resolve(path);
      await using spool = await FrameSpool.create(join(gone, 'a.rgb'), size, { elsewhere });
      spool.append(Uint8Array.of(1, 2, 3, 4, 5, 6));
      await rm(gone, { recursive: true });
      spool.append(Uint8Array.of(7, 8, 9, 10, 11, 12));
      await spool.finish();
      expect(spool.path).toBe(path);
      expect([...(await readFile(path))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    },
  );

  it('tells a disk that takes nothing when it is finished, not before and not as an unhandled rejection', async () => {
    await using spool = await FrameSpool.create('/dev/full', size);
    spool.append(new Uint8Array(6));
    spool.append(new Uint8Array(6));
    await new Promise((settle) => setTimeout(settle, 50));
    await expect(spool.finish()).rejects.toMatchObject({ code: 'ENOSPC' });
  });
});
