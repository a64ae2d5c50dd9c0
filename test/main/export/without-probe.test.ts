import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findTool } from '../../../main/export/tools.ts';
import { probeClip } from '../../../main/export/verify.ts';
import { encode, expectOk, spoolFrames, still, stripes } from './clip.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-probe-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const small = { widthPx: 64, heightPx: 36, frameCount: 9 };

describe('without ffprobe', () => {
  it('ffmpeg itself decodes the clip, reads the same facts, and the clip says so', async () => {
    const source = await spoolFrames(folder, small, stripes);
    const outPath = join(folder, 'a.mp4');
    const clip = await withoutProbe(() => encode(source, outPath));
    expect(expectOk(clip).notes).toEqual(['there is no ffprobe: ffmpeg itself decoded all 9 frames']);
    const byProbe = expectOk(await probeClip(outPath, still));
    const byDecoder = expectOk(await withoutProbe(() => probeClip(outPath, still)));
    expect({ ...byDecoder, durationSeconds: 0 }).toEqual({ ...byProbe, readBy: 'ffmpeg', durationSeconds: 0 });
    expect(byDecoder.durationSeconds).toBeCloseTo(byProbe.durationSeconds, 2);
  });

  it('a cut file is still found out', async () => {
    const outPath = join(folder, 'a.mp4');
    expectOk(await encode(await spoolFrames(folder, small, stripes), outPath));
    const bytes = await readFile(outPath);
    await writeFile(outPath, bytes.subarray(0, bytes.length - 3_000));
    const facts = await withoutProbe(() => probeClip(outPath, still));
    expect(facts.ok ? facts.value.frameCount : 0).toBeLessThan(9);
  });

  /** An ffprobe that is no program, and no other to be found; ffmpeg stays. */
  async function withoutProbe<T>(work: () => Promise<T>): Promise<T> {
    const ffmpeg = findTool('ffmpeg')?.path ?? '';
    const set = { FFMPEG_BIN: ffmpeg, FFPROBE_BIN: '', PATH: folder, STEADYFRAME_ROOT: folder };
    const before = Object.fromEntries(Object.keys(set).map((name) => [name, process.env[name]]));
    Object.assign(process.env, set);
    try {
      return await work();
    } finally {
      for (const [name, value] of Object.entries(before))
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
    }
  }
});
