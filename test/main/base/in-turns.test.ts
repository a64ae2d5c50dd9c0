import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { standInKinds } from '../../../app/contract/list.ts';
import { defaultStandIn } from '../../../app/contract/stand-in.ts';
import { captionFrames } from '../../../main/export/caption-clip.ts';
import { inTurns } from '../../../main/base/in-turns.ts';
import { mendFrames } from '../../../main/recovery/mend-frames.ts';
import { stillMotion } from '../../../main/recovery/still-motion.ts';
import { expectOk } from '../export/clip.ts';
import { pieces } from './longest-piece.ts';

const size = { widthPx: 1280, heightPx: 720 };
/** Of all that a task computes; a frame that is painted or mended in one piece takes up to all of it. */
const PIECE_SHARE = 0.25;
const { signal } = new AbortController();

let folder = '';
let source = { framesPath: '', frameCount: 3, fps: 8, ...size };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-turns-'));
  source = { ...source, framesPath: join(folder, 'clip.rgb') };
  const frame = (shift: number): Uint8Array =>
    Uint8Array.from({ length: size.widthPx * size.heightPx * 3 }, (_, i) => {
      const [x, y] = [(Math.floor(i / 3) % size.widthPx) + shift, Math.floor(i / 3 / size.widthPx)];
      return 128 + 100 * Math.sin(x / 40) * Math.cos(y / 50 + (i % 3));
    });
  await writeFile(source.framesPath, Buffer.concat([0, 6, 12].map(frame)));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

it('gives the result of the work, and its error', async () => {
  expect(
    await inTurns(
      (function* () {
        yield;
        return 7;
      })(),
    ),
  ).toBe(7);
  await expect(
    inTurns(
      (function* () {
        yield;
        throw new Error('no');
      })(),
    ),
  ).rejects.toThrow('no');
});

describe('at 1280 × 720 others get their turn', () => {
  it.each(standInKinds)('while a %s is painted', async (kind) => {
    const frames = { ...source, framesPath: join(folder, `${kind}.rgb`), frameCount: 1 };
    const { longestMs, wholeMs } = await pieces(async () =>
      captionFrames('a fox', frames, signal, { ...defaultStandIn, kind }).then(expectOk),
    );
    expect(longestMs).toBeLessThan(wholeMs * PIECE_SHARE);
  });

  it('while a camera moves over a still', async () => {
    const to = { frameCount: 1, outPath: join(folder, 'still.rgb') };
    const { longestMs, wholeMs } = await pieces(async () => stillMotion(source, 1, to, signal).then(expectOk));
    expect(longestMs).toBeLessThan(wholeMs * PIECE_SHARE);
  });

  it.each([1, 2])('while frame %d is drawn from those beside it', async (firstFrame) => {
    const outPath = join(folder, 'mended.rgb');
    const bad = [{ firstFrame, frameCount: 1 }];
    const { longestMs, wholeMs } = await pieces(async () => mendFrames(source, bad, outPath, signal).then(expectOk));
    expect(longestMs).toBeLessThan(wholeMs * PIECE_SHARE);
  });
});
