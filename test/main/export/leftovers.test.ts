import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { encodeArguments } from '../../../app/export/recipe.ts';
import { findTool } from '../../../main/export/tools.ts';
import { probeClip } from '../../../main/export/verify.ts';
import { encode, expectOk, spoolFrames, still, stripes, tags } from './clip.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-leftovers-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const small = { widthPx: 64, heightPx: 36, frameCount: 9 };
const drafts = async (): Promise<readonly string[]> => (await readdir(folder)).filter((name) => name.endsWith('.part'));

describe('an unfinished file that a dead export has left', () => {
  const DEAD = 2 ** 22 + 1;
  const other = '11111111-9c43-4b1f-8d51-0d9f1d4f9a11';

  /** As the encoder leaves it when it is killed with its program: fragments, the last one cut off. */
  async function leave(runId: string, frameCount: number, keptShare: number): Promise<string> {
    const ffmpeg = findTool('ffmpeg')?.path ?? '';
    const source = await spoolFrames(folder, { widthPx: 64, heightPx: 36, frameCount }, stripes);
    const path = join(folder, `.steadyframe-${DEAD}-0123abcd.part`);
    const order = { path, widthPx: 64, heightPx: 36, fps: 16, tags: { ...tags, runId } };
    execFileSync(ffmpeg, [...encodeArguments(source, order, 'best')]);
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * keptShare)));
    return path;
  }

  const encodeNext = async () =>
    expectOk(await encode(await spoolFrames(folder, small, stripes), join(folder, 'a.mp4')));

  it('becomes a clip of its own as far as it can be played', async () => {
    await leave(other, 80, 0.8);
    const { notes } = await encodeNext();
    expect(notes?.[0]).toMatch(
      /^\d+ frames of an unfinished file of the run 11111111 were kept as recovered-11111111.mp4$/,
    );
    const recovered = expectOk(await probeClip(join(folder, 'recovered-11111111.mp4'), still));
    expect(recovered.frameCount).toBeGreaterThanOrEqual(48);
    expect((await readFile(join(folder, 'recovered-11111111.mp4'))).toString('latin1')).toContain(other);
    expect(await drafts()).toEqual([]);
  });

  it.each([
    ['the run that is exported anew', tags.runId, 80, 0.8, /run 7b1f2f2e was removed .*exported anew/],
    ['nothing that can be played', other, 9, 0.1, /was removed .*no pictures/],
  ])('is removed where it holds %s, and that is told', async (_, runId, frameCount, share, said) => {
    await leave(runId, frameCount, share);
    expect((await encodeNext()).notes?.join()).toMatch(said);
    expect((await readdir(folder)).filter((name) => name.startsWith('recovered'))).toEqual([]);
    expect(await drafts()).toEqual([]);
  });
});
