import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { stillMotion } from '../../../main/recovery/still-motion.ts';
import { psnrDb } from '../engine/rendered.ts';
import { expectOk, spoolFrames, still, stripes } from '../export/clip.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-still-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const size = { widthPx: 112, heightPx: 64 };

it('makes a clip of full length out of one frame, which moves in every step', async () => {
  const source = await spoolFrames(folder, { ...size, frameCount: 3 }, (x, y, frame) => stripes(x >> 3, y >> 3, frame));
  const outPath = join(folder, 'still.rgb');
  const clip = expectOk(await stillMotion(source, 1, { frameCount: 9, outPath }, still));
  expect(clip).toMatchObject({ ...size, frameCount: 9, framesPath: outPath });
  const bytes = await readFile(outPath);
  const frames = Array.from({ length: 9 }, (_, i) =>
    bytes.subarray((i * bytes.length) / 9, ((i + 1) * bytes.length) / 9),
  );
  frames.slice(1).forEach((frame, i) => {
    const db = psnrDb(frame, frames[i] ?? frame);
    expect(db).toBeGreaterThan(20);
    expect(db).toBeLessThan(70);
  });
});

it('leaves nothing behind where it is cancelled or the frame is not there', async () => {
  const source = await spoolFrames(folder, { ...size, frameCount: 2 }, stripes);
  const order = { frameCount: 9, outPath: join(folder, 'still.rgb') };
  expect(await stillMotion(source, 0, order, AbortSignal.abort())).toMatchObject({ error: { kind: 'cancelled' } });
  expect((await stillMotion(source, 5, order, still)).ok).toBe(false);
  expect(await readdir(folder)).toEqual(['frames.rgb']);
  expect((await stat(source.framesPath)).size).toBe(size.widthPx * size.heightPx * 3 * 2);
});
