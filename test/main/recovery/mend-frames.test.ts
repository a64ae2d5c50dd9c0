import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { RawFrames } from '../../../app/contract/ledger.ts';
import { likeness } from '../../../app/monitor/likeness.ts';
import { lumaOfRgb } from '../../../app/monitor/luma.ts';
import { badSeams } from '../../../app/recovery/frame-repair.ts';
import { mendFrames } from '../../../main/recovery/mend-frames.ts';
import { openEmbeddedPack, psnrDb, quickPlan, render } from '../engine/rendered.ts';

const { pack, graphs } = await openEmbeddedPack();
const plan = quickPlan(pack);
const forever = new AbortController().signal;
let folder = '';
let frames: readonly Uint8Array[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-mend-'));
  ({ frames } = await render(graphs, plan));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

async function spoiled(bad: readonly number[]): Promise<RawFrames> {
  const framesPath = join(folder, `bad-${bad.join('-')}.rgb`);
  await writeFile(
    framesPath,
    Buffer.concat(frames.map((rgb, i) => (bad.includes(i) ? new Uint8Array(rgb.length) : rgb))),
  );
  const { widthPx, heightPx, frameCount } = plan;
  return { framesPath, widthPx, heightPx, frameCount, fps: pack.fps };
}

async function framesAt(path: string): Promise<readonly Uint8Array[]> {
  const bytes = await readFile(path);
  const size = bytes.length / plan.frameCount;
  return frames.map((_, i) => bytes.subarray(i * size, (i + 1) * size));
}

function stepsOf(clip: readonly Uint8Array[]) {
  const lumas = clip.map(lumaOfRgb);
  return lumas.map((luma, i) => {
    const former = lumas[i - 1];
    if (!former) return null;
    const { psnrDb: db, ssim } = likeness(luma, former, plan.widthPx);
    return { psnrDb: Number.isFinite(db) ? db : null, ssim };
  });
}

describe('mendFrames on a real clip', () => {
  it.each([
    ['inside', [4, 5], 'motion'],
    ['at the beginning', [0], 'continued-motion'],
    ['at the end', [8], 'continued-motion'],
    ['too many at the end', [6, 7, 8], 'held'],
  ] as const)('draws frames %s without a seam, and leaves the others and the source alone', async (_, bad, by) => {
    const source = await spoiled(bad);
    const before = await readFile(source.framesPath);
    const ranges = [{ firstFrame: bad[0], frameCount: bad.length }];
    const mended = await mendFrames(source, ranges, join(folder, 'mended.rgb'), forever);
    if (!mended.ok) return expect.unreachable();
    expect(mended.value.gaps).toEqual([{ ...ranges[0], by }]);
    expect(await readFile(source.framesPath)).toEqual(before);
    const clip = await framesAt(mended.value.frames.framesPath);
    clip.forEach((rgb, i) => {
      const isBad = bad.some((one) => one === i);
      if (!isBad) expect(psnrDb(rgb, frames[i] ?? rgb)).toBe(Infinity);
      else expect(psnrDb(rgb, frames[i] ?? rgb)).toBeGreaterThan(22);
    });
    expect(badSeams(stepsOf(clip), ranges)).toEqual([]);
    expect(badSeams(stepsOf(await framesAt(source.framesPath)), ranges).length).toBeGreaterThan(0);
    return undefined;
  });

  it('refuses where no frame is sound, and leaves nothing behind when it is cancelled', async () => {
    const source = await spoiled([1]);
    const out = join(folder, 'out.rgb');
    const all = await mendFrames(source, [{ firstFrame: 0, frameCount: plan.frameCount }], out, forever);
    expect(all).toMatchObject({ ok: false, error: { kind: 'nothing-sound' } });
    const cancelled = await mendFrames(source, [{ firstFrame: 1, frameCount: 1 }], out, AbortSignal.abort());
    expect(cancelled).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    expect(await readdir(folder)).not.toContain('out.rgb');
  });
});
