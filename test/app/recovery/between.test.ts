import { describe, expect, it } from 'vitest';

import { whole } from '../../../app/base/work.ts';
import { fadeBetween, motionResidual, pictureBetween, pictureBeyond } from '../../../app/recovery/between.ts';
import { estimateMotion, scaleMotion, type Picture } from '../../../app/recovery/motion.ts';
import { psnrDb } from '../../main/engine/rendered.ts';

const widthPx = 96;
const heightPx = 64;

/** A patterned ball on a patterned ground. */
function scene(ballX: number, ballY: number): Picture {
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y += 1)
    for (let x = 0; x < widthPx; x += 1) {
      const [u, v] = [x - ballX, y - ballY];
      // A soft edge of one pixel, so that positions between two pixels mean something.
      const inside = Math.max(0, Math.min(1, 12.5 - Math.hypot(u, v)));
      const ball = [200 + 40 * Math.sin(u / 2), 90 + 60 * Math.cos(v / 2), 40];
      const ground = [60 + 20 * Math.sin(x / 5), 120 + 30 * Math.sin(y / 4 + x / 9), 90];
      for (let colour = 0; colour < 3; colour += 1)
        rgb[(y * widthPx + x) * 3 + colour] = (ball[colour] ?? 0) * inside + (ground[colour] ?? 0) * (1 - inside);
    }
  return { widthPx, heightPx, rgb };
}
const pairOf = (before: Picture, after: Picture) => ({
  before,
  after,
  motions: [{ forward: whole(estimateMotion(before, after)), backward: whole(estimateMotion(after, before)) }],
});

describe('estimateMotion', () => {
  it('finds where a thing went, and that the ground stayed', () => {
    const { dx, dy } = whole(estimateMotion(scene(40, 30), scene(47, 27)));
    const at = 30 * widthPx + 40;
    expect(dx[at]).toBeCloseTo(7, 0);
    expect(dy[at]).toBeCloseTo(-3, 0);
    expect(Math.abs(dx[10 * widthPx + 85] ?? 9)).toBeLessThan(0.5);
  });

  it('keeps its meaning at another size', () => {
    const { dx } = whole(scaleMotion(whole(estimateMotion(scene(40, 30), scene(48, 30))), widthPx * 2, heightPx * 2));
    expect(dx[60 * widthPx * 2 + 80]).toBeCloseTo(16, -0.5);
  });
});

describe('pictureBetween', () => {
  it.each([0.25, 0.5, 0.75])('draws things on their way at %d, where a fade shows them twice', (t) => {
    // Catches a plain cross-fade, and motion that is applied the wrong way round.
    const pair = pairOf(scene(40, 30), scene(52, 34));
    const truth = scene(40 + 12 * t, 30 + 4 * t).rgb;
    const ours = psnrDb(whole(pictureBetween(pair, t)).rgb, truth);
    expect(ours).toBeGreaterThan(27);
    expect(ours).toBeGreaterThan(psnrDb(whole(fadeBetween(pair, t)).rgb, truth) + 5);
  });

  it('leaves a still picture as it is', () => {
    const still = scene(40, 30);
    expect(whole(pictureBetween(pairOf(still, still), 0.5)).rgb).toEqual(still.rgb);
  });
});

describe('pictureBeyond', () => {
  it('carries motion on better than standing still', () => {
    const last = scene(46, 30);
    const truth = scene(52, 30).rgb;
    const ours = psnrDb(whole(pictureBeyond(pairOf(scene(40, 30), last), 1)).rgb, truth);
    expect(ours).toBeGreaterThan(psnrDb(last.rgb, truth) + 5);
  });
});

it('what no motion explains leaves a residual', () => {
  const other = { widthPx, heightPx, rgb: scene(40, 30).rgb.map((value) => 255 - value) };
  expect(whole(motionResidual(pairOf(scene(40, 30), scene(45, 30))))).toBeLessThan(3);
  expect(whole(motionResidual(pairOf(scene(40, 30), other)))).toBeGreaterThan(18);
});
