import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { shrinkPicture, type FlowPicture } from '../../../app/monitor/flow.ts';
import type { SpawnEngine } from '../../../main/host/engine-child.ts';
import { spawnEngineFrom } from '../../../main/host/node-child.ts';
import { FlowMeter } from '../../../main/monitor/flow-meter.ts';
import { openFlowPack, type FlowPack } from '../../../main/monitor/flow-pack.ts';
import { drawClip } from '../../detection/drawn-clips.ts';
import { rootFolder } from '../../guard/source.ts';

const spawn: SpawnEngine = (options) => spawnEngineFrom(join(rootFolder, 'main', 'engine', 'index.ts'), options);
const pack = async (): Promise<FlowPack> => {
  const found = await openFlowPack(rootFolder);
  if (!found.ok) throw new Error(found.error);
  return found.value;
};
const size = { widthPx: 160, heightPx: 96 };
const pictures = (xPx: number, yPx: number): readonly FlowPicture[] =>
  drawClip({
    name: 'a pan',
    camera: (i) => [-i * xPx, -i * yPx],
    frameCount: 2,
    figure: (i) => [0.5 + (i * xPx) / 160, 0.5 + (i * yPx) / 96],
  }).frames.map((frame) => shrinkPicture(size, size, (x, y, colour) => frame[(y * 160 + x) * 3 + colour] ?? 0));

let meter: FlowMeter | null = null;
afterEach(async () => {
  await meter?.[Symbol.asyncDispose]();
  meter = null;
});

describe('the flow meter', () => {
  it('measures how a picture moved, in pixels of the clip', { timeout: 120_000 }, async () => {
    meter = new FlowMeter(spawn, await pack());
    const [earlier, later] = pictures(4, 0);
    const [above, below] = pictures(0, 3);
    if (!earlier || !later || !above || !below) throw new Error('bug: two frames each');
    const [right, down] = await Promise.all([
      meter.measure(earlier, later, { x: 2, y: 2 }),
      meter.measure(above, below, { x: 1, y: 1 }),
    ]);
    expect(meter.note).toBeNull();
    // The truth is 8: what comes in at the edge has no match, and the model is good to a pixel or two (its card).
    expect(right?.mean?.xPx).toBeGreaterThan(4);
    expect(right?.mean?.xPx).toBeLessThan(11);
    expect(Math.abs(right?.mean?.yPx ?? 9)).toBeLessThan(2);
    expect(down?.mean?.yPx).toBeGreaterThan(1.8);
    expect(down?.entropyBits).toBeLessThan(4);
    expect(right?.arrows.vectorsPx).toHaveLength((right?.arrows.rows ?? 0) * (right?.arrows.columns ?? 0) * 2);
  });

  it('gives null and a reason when its process dies, and never throws', { timeout: 120_000 }, async () => {
    meter = new FlowMeter(spawn, await pack());
    const [earlier, later] = pictures(4, 0);
    if (!earlier || !later) throw new Error('bug: two frames');
    await meter.measure(earlier, later, { x: 1, y: 1 });
    const pending = meter.measure(earlier, later, { x: 1, y: 1 });
    process.kill(meter.childPid ?? 0, 'SIGKILL');
    // It may have been answered before the signal came; what counts is that it ends.
    await pending;
    await expect.poll(() => meter?.note).toMatch(/ended/);
    expect(await meter.measure(earlier, later, { x: 1, y: 1 })).toBeNull();
  });

  it('gives null and a reason where the model can not be loaded', { timeout: 120_000 }, async () => {
    const sound = await pack();
    meter = new FlowMeter(spawn, { ...sound, manifest: { ...sound.manifest, graph: 'card.md' } });
    const [earlier, later] = pictures(4, 0);
    if (!earlier || !later) throw new Error('bug: two frames');
    expect(await meter.measure(earlier, later, { x: 1, y: 1 })).toBeNull();
    expect(meter.note).toMatch(/no optical flow/);
  });

  it('is not there where there is no pack', async () => {
    expect(await openFlowPack(join(rootFolder, 'test'))).toMatchObject({ ok: false });
  });
});
