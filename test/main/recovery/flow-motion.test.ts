import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { whole } from '../../../app/base/work.ts';
import { fadeBetween } from '../../../app/recovery/between.ts';
import { spawnEngineFrom } from '../../../main/host/node-child.ts';
import { FlowMeter } from '../../../main/monitor/flow-meter.ts';
import { openFlowPack } from '../../../main/monitor/flow-pack.ts';
import { flowMotion } from '../../../main/recovery/flow-motion.ts';
import { mendFrames, type MotionSource } from '../../../main/recovery/mend-frames.ts';
import { drawClip } from '../../detection/drawn-clips.ts';
import { rootFolder } from '../../guard/source.ts';
import { psnrDb } from '../engine/rendered.ts';

const size = { widthPx: 112, heightPx: 64 };
const FRAMES = 7;
const GAP = { firstFrame: 3, frameCount: 2 };
type Place = readonly [number, number];
const scenes: readonly (readonly [string, (i: number) => Place, (i: number) => Place])[] = [
  ['a ball rolls', () => [0, 0], (i) => [0.2 + i * 0.04, 0.6]],
  ['the camera pans', (i) => [i * 3, 0], (i) => [0.5, 0.3 + 0.04 * i]],
  ['both float', (i) => [-i * 2, i], (i) => [0.7 - 0.03 * i, 0.5]],
  ['a ball falls', () => [0, 0], (i) => [0.5, 0.15 + 0.01 * i * i]],
];

let folder = '';
let meter: FlowMeter;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyframe-flow-motion-'));
  const pack = await openFlowPack(rootFolder);
  if (!pack.ok) throw new Error(pack.error);
  meter = new FlowMeter(
    (options) => spawnEngineFrom(join(rootFolder, 'main', 'engine', 'index.ts'), options),
    pack.value,
  );
});
afterAll(async () => {
  await meter[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const clipOf = ([name, camera, figure]: (typeof scenes)[number]) =>
  drawClip({ name, camera, figure, ...size, frameCount: FRAMES, radiusPx: 10, seed: 3 }).frames;

async function drawnAnew(frames: readonly Uint8Array[], flow: MotionSource | null): Promise<readonly Uint8Array[]> {
  const source = { framesPath: join(folder, 'clip.rgb'), ...size, frameCount: FRAMES, fps: 16 };
  await writeFile(source.framesPath, Buffer.concat(frames));
  const outPath = join(folder, 'drawn.rgb');
  const mended = await mendFrames(source, [GAP], outPath, new AbortController().signal, flow);
  if (!mended.ok) throw new Error(mended.error.detail);
  expect(mended.value.gaps).toEqual([{ ...GAP, by: 'motion' }]);
  const bytes = await readFile(outPath);
  const frameBytes = size.widthPx * size.heightPx * 3;
  return Array.from({ length: GAP.frameCount }, (_, i) =>
    bytes.subarray((GAP.firstFrame + i) * frameBytes, (GAP.firstFrame + i + 1) * frameBytes),
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const likenessOf = (drawn: readonly Uint8Array[], frames: readonly Uint8Array[]): number =>
  mean(drawn.map((rgb, i) => psnrDb(rgb, frames[GAP.firstFrame + i] ?? rgb)));

describe('frames drawn along the motion that the flow model sees', () => {
  it('are nearer to the truth than a fade, and than blocks alone', { timeout: 120_000 }, async () => {
    // The model has to load before it can be in time.
    const ready = { widthPx: 160, heightPx: 96, pixels: new Float32Array(3 * 160 * 96) };
    expect(await meter.field(ready, ready)).not.toBeNull();
    const figures: { fade: number; blocks: number; flow: number }[] = [];
    for (const scene of scenes) {
      const frames = clipOf(scene);
      const picture = (frame: number) => ({ ...size, rgb: frames[frame] ?? new Uint8Array() });
      const sound = { before: picture(GAP.firstFrame - 1), after: picture(GAP.firstFrame + GAP.frameCount) };
      const faded = [1, 2].map((i) => whole(fadeBetween(sound, i / (GAP.frameCount + 1))).rgb);
      figures.push({
        fade: likenessOf(faded, frames),
        blocks: likenessOf(await drawnAnew(frames, null), frames),
        flow: likenessOf(await drawnAnew(frames, flowMotion(meter)), frames),
      });
    }
    expect(meter.note).toBeNull();
    for (const { fade, blocks, flow } of figures) {
      expect(flow).toBeGreaterThan(fade + 2);
      expect(flow).toBeGreaterThan(blocks - 0.4);
    }
    expect(mean(figures.map(({ flow, blocks }) => flow - blocks))).toBeGreaterThan(0.5);
  });

  it('are those of the blocks where the model gives no answer', async () => {
    const [scene] = scenes;
    const frames = scene ? clipOf(scene) : [];
    expect(await drawnAnew(frames, async () => null)).toEqual(await drawnAnew(frames, null));
  });
});
