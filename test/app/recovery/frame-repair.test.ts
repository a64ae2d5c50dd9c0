import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { flowSigmas } from '../../../app/engine/schedule.ts';
import { faultOf } from '../../../app/monitor/fault.ts';
import { decodeWays } from '../../../app/recovery/decode-plan.ts';
import { badFrames, gapsOf } from '../../../app/recovery/frame-range.ts';
import { badSeams, isDrawable, latentRange, windowFor } from '../../../app/recovery/frame-repair.ts';

const range = fc.record({ firstFrame: fc.nat(24), frameCount: fc.integer({ min: 1, max: 8 }) });

describe('gapsOf', () => {
  it('names each bad frame once, and only sound frames as neighbours', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 5 }), fc.integer({ min: 1, max: 20 }), (bad, clipFrameCount) => {
        const gaps = gapsOf(bad, clipFrameCount);
        const inGaps = gaps.flatMap(({ firstFrame, frameCount }) =>
          Array.from({ length: frameCount }, (_, i) => firstFrame + i),
        );
        const expected = Array.from({ length: clipFrameCount }, (_, i) => i).filter((i) =>
          bad.some(({ firstFrame, frameCount }) => i >= firstFrame && i < firstFrame + frameCount),
        );
        expect(inGaps).toEqual(expected);
        for (const { before, after } of gaps) {
          if (before !== null) expect(expected).not.toContain(before);
          if (after !== null) expect(expected).not.toContain(after);
        }
      }),
    );
  });
});

describe('badFrames', () => {
  it('takes the frames of faults, not those of warnings', () => {
    const faults = [
      faultOf('frames-black', 'monitor', {}, { frame: 3, frameCount: 2 }),
      faultOf('frames-flicker', 'monitor', {}, { frame: 8, frameCount: 3, severity: 'warning' }),
      faultOf('frames-torn', 'monitor', {}, { frame: 5 }),
      faultOf('engine-crashed', 'decode', {}),
    ];
    expect(badFrames(faults, 12)).toEqual([{ firstFrame: 3, frameCount: 3 }]);
  });
});

describe('windowFor', () => {
  const sigmas = flowSigmas(20, 5);
  const order = { strideFrames: 4, latentFrameCount: 5, sigmas, isAnew: false };

  it.each([
    [0, 1, { firstFrame: 0, frameCount: 1 }],
    [1, 1, { firstFrame: 1, frameCount: 1 }],
    [4, 2, { firstFrame: 1, frameCount: 2 }],
    [16, 1, { firstFrame: 4, frameCount: 1 }],
  ])('frames from %d, %d of them, lie in the right latent frames', (firstFrame, frameCount, expected) => {
    expect(latentRange([{ firstFrame, frameCount }], 4)).toEqual(expected);
  });

  it('begins where the frames around decide, or from noise alone for a second try', () => {
    const bad = [{ firstFrame: 6, frameCount: 2 }];
    const window = windowFor({ ...order, bad });
    expect(window).toMatchObject({ firstLatentFrame: 2, latentFrameCount: 1 });
    const sigma = sigmas[window?.fromStep ?? 0] ?? 0;
    expect(sigma <= 0.9 && sigma > 0.7).toBe(true);
    expect(windowFor({ ...order, bad, isAnew: true })?.fromStep).toBe(0);
  });

  it('is none where it would be most of the clip', () => {
    expect(windowFor({ ...order, bad: [{ firstFrame: 2, frameCount: 14 }] })).toBeNull();
    expect(windowFor({ ...order, bad: [] })).toBeNull();
  });
});

describe('isDrawable', () => {
  it.each([
    ['three between sound ones', { frameCount: 3, before: 3, after: 7 }, true],
    ['four between sound ones', { frameCount: 4, before: 3, after: 8 }, false],
    ['two at the end', { frameCount: 2, before: 6, after: null }, true],
    ['three at the end', { frameCount: 3, before: 6, after: null }, false],
    ['one at the beginning', { frameCount: 1, before: null, after: 1 }, true],
    ['nothing sound beside them', { frameCount: 1, before: null, after: null }, false],
  ])('%s: %o', (_, gap, expected) => {
    expect(isDrawable({ firstFrame: 4, ...gap })).toBe(expected);
  });
});

describe('badSeams', () => {
  const healthy = { psnrDb: 32, ssim: 0.95 };
  const clip = (change: Record<number, { psnrDb: number | null; ssim: number | null }>) =>
    Array.from({ length: 9 }, (_, i) => (i === 0 ? null : (change[i] ?? healthy)));
  const repaired = [{ firstFrame: 3, frameCount: 2 }];

  it.each([
    ['inside the band', { 3: { psnrDb: 30, ssim: 0.91 } }, []],
    ['into the repair', { 3: { psnrDb: 25, ssim: 0.95 } }, [3]],
    ['out of the repair', { 5: { psnrDb: 31, ssim: 0.7 } }, [5]],
    ['two frames alike are no seam', { 4: { psnrDb: null, ssim: 1 } }, []],
    ['elsewhere it is not the repair that is bad', { 7: { psnrDb: 12, ssim: 0.2 } }, []],
  ])('%s', (_, change, frames) => {
    expect(badSeams(clip(change), repaired).map(({ frame }) => frame)).toEqual(frames);
  });
});

describe('decodeWays', () => {
  it('are tiles smaller than the picture, none where it is too small for them', () => {
    const shape = (heightCells: number, widthCells: number) => ({ channels: 16, frames: 5, heightCells, widthCells });
    expect(decodeWays(shape(8, 8), false)).toEqual([]);
    expect(decodeWays(shape(8, 14), false).map(({ tileCells }) => tileCells)).toEqual([9]);
    expect(decodeWays(shape(90, 160), true).map(({ tileCells, isPrecise }) => [tileCells, isPrecise])).toEqual([
      [null, true],
      [82, false],
      [42, false],
    ]);
  });
});
