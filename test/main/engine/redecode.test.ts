import { beforeAll, describe, expect, it } from 'vitest';

import { latentShape } from '../../../app/engine/latent.ts';
import { pictureTiles } from '../../../app/engine/tiles.ts';
import { openEmbeddedPack, psnrDb, quickPlan, render, type Rendered } from './rendered.ts';

const { pack, graphs } = await openEmbeddedPack();
const plan = quickPlan(pack);
const shape = latentShape(pack.latent, plan);
let whole: Rendered;
beforeAll(async () => {
  whole = await render(graphs, plan);
});

const unitsOf = (stage: string, { events }: Rendered) =>
  events.filter((event) => event.kind === 'unit-started' && event.stage === stage);

describe('decoding again from saved latents', () => {
  it('gives the same frames without a step of denoising', async () => {
    const again = await render(graphs, plan, whole.latents);
    expect(unitsOf('denoise', again)).toHaveLength(0);
    expect(again.frames).toEqual(whole.frames);
  });

  it('works in tiles whose seams can not be seen', async () => {
    // Catches tiles without overlap: their gradient at the seam is twice that of the picture, and they reach 34 dB.
    const tileCells = Math.ceil(shape.widthCells / 2) + 2;
    const tiles = pictureTiles(shape, tileCells, 4, pack.latent.stridePx);
    expect(tiles.length).toBeGreaterThan(1);
    const tiled = await render(
      graphs,
      { ...plan, decode: { tileCells, overlapCells: 4, isPrecise: false } },
      whole.latents,
    );
    expect(unitsOf('decode', tiled)).toHaveLength(tiles.length * shape.frames);
    expect(tiled.frames).toHaveLength(plan.frameCount);
    const seamPx = (shape.widthCells / 2) * pack.latent.stridePx;
    for (const [i, frame] of tiled.frames.entries()) {
      const other = whole.frames[i];
      if (!other) return expect.unreachable();
      expect(psnrDb(frame, other)).toBeGreaterThan(40);
      expect(gradientAt(seamPx, frame)).toBeLessThan(1.1 * gradientAt(seamPx, other) + 0.5);
    }
    return undefined;
  });

  it('goes on in the usual precision where the pack has no other', async () => {
    const again = await render(graphs, { ...plan, decode: { ...plan.decode, isPrecise: true } }, whole.latents);
    expect(again.frames).toEqual(whole.frames);
  });
});

/** Mean step from the column left of `x` to column `x`, in levels. */
function gradientAt(x: number, rgb: Uint8Array): number {
  let sum = 0;
  for (let y = 0; y < plan.heightPx; y += 1)
    for (let colour = 0; colour < 3; colour += 1) {
      const at = (y * plan.widthPx + x) * 3 + colour;
      sum += Math.abs((rgb[at] ?? 0) - (rgb[at - 3] ?? 0));
    }
  return sum / plan.heightPx / 3;
}

describe('a window of latent frames', () => {
  const last = shape.frames - 1;
  const window = { firstLatentFrame: last, latentFrameCount: 1, fromStep: 0 };

  it('is made anew, fits what comes before, and leaves that as it was', async () => {
    // Catches known frames that change, and a window that was spoiled staying so.
    const saved = whole.latents;
    if (!saved) return expect.unreachable();
    const sample = saved.sample.map((value, i) => (frameOf(i) === last ? Number.NaN : value));
    const again = await render(graphs, { ...plan, window }, { ...saved, sample });
    expect(unitsOf('denoise', again)).toHaveLength(plan.steps);
    expect(again.latents).toBeNull();
    const soundCount = 1 + (last - 1) * pack.latent.strideFrames;
    expect(again.frames.slice(0, soundCount)).toEqual(whole.frames.slice(0, soundCount));
    const [before, first] = [again.frames[soundCount - 1], again.frames[soundCount]];
    const stranger = await render(graphs, { ...plan, seed: plan.seed + 1 });
    const [unfit] = stranger.frames.slice(soundCount);
    if (!before || !first || !unfit) return expect.unreachable();
    expect(psnrDb(before, first)).toBeGreaterThan(psnrDb(before, unfit) + 3);
    return undefined;
  });

  it('costs fewer steps where it keeps some of what was there', async () => {
    const again = await render(graphs, { ...plan, window: { ...window, fromStep: plan.steps - 3 } }, whole.latents);
    expect(unitsOf('denoise', again)).toHaveLength(3);
  });

  it('makes the whole clip where there are no latents to go on from', async () => {
    const again = await render(graphs, { ...plan, window });
    expect(again.frames).toEqual(whole.frames);
    expect(again.latents?.sample).toEqual(whole.latents?.sample);
  });

  const frameOf = (i: number): number => Math.floor(i / (shape.heightCells * shape.widthCells)) % shape.frames;
});
