import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { whole } from '../../../app/base/work.ts';
import { shoot, subjectOf, viewAt } from '../../../app/recovery/camera.ts';
import type { Picture } from '../../../app/recovery/motion.ts';

const widthPx = 96;
const heightPx = 54;
function withBall(ballX: number, ballY: number): Picture {
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y += 1)
    for (let x = 0; x < widthPx; x += 1) {
      const inside = Math.max(0, Math.min(1, 8.5 - Math.hypot(x - ballX, y - ballY)));
      const ground = 60 + y;
      rgb.set([ground + (230 - ground) * inside, ground, ground], (y * widthPx + x) * 3);
    }
  return { widthPx, heightPx, rgb };
}
/** Middle of what is red. */
function ballOf({ rgb }: Picture): { readonly x: number; readonly y: number } {
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let i = 0; i < widthPx * heightPx; i += 1) {
    const red = Math.max(0, (rgb[i * 3] ?? 0) - (rgb[i * 3 + 1] ?? 0));
    sum += red;
    sumX += red * (i % widthPx);
    sumY += red * Math.floor(i / widthPx);
  }
  return { x: sumX / sum, y: sumY / sum };
}

describe('subjectOf', () => {
  it('finds what stands out, and the middle where nothing does', () => {
    const { x, y } = whole(subjectOf(withBall(70, 20)));
    expect(Math.abs(x * widthPx - 70)).toBeLessThan(4);
    expect(Math.abs(y * heightPx - 20)).toBeLessThan(4);
    expect(whole(subjectOf(withBall(-99, -99)))).toEqual({ x: 0.5, y: 0.5 });
  });
});

describe('the camera', () => {
  it('never looks over the edge, and never turns back', () => {
    const ratio = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(ratio, ratio, fc.integer({ min: 1, max: 90 }), (x, y, frameCount) => {
        let zoom = 1;
        for (let frame = 0; frame < frameCount; frame += 1) {
          const view = viewAt(frame, frameCount, { x, y });
          const half = 0.5 / view.zoom;
          for (const middle of [view.x, view.y]) {
            expect(middle - half).toBeGreaterThanOrEqual(-1e-9);
            expect(middle + half).toBeLessThanOrEqual(1 + 1e-9);
          }
          expect(view.zoom).toBeGreaterThan(zoom - 1e-9);
          ({ zoom } = view);
        }
      }),
    );
  });

  it('moves by fractions of a pixel, evenly: no step is a jerk', () => {
    // Catches a view that is rounded to whole pixels: it would stand still and jump.
    const picture = withBall(66, 20);
    const places = Array.from({ length: 33 }, (_, i) =>
      ballOf(whole(shoot(picture, viewAt(i, 33, whole(subjectOf(picture)))))),
    );
    const steps = places.slice(1).map(({ x, y }, i) => Math.hypot(x - (places[i]?.x ?? 0), y - (places[i]?.y ?? 0)));
    const changes = steps.slice(1).map((step, i) => Math.abs(step - (steps[i] ?? 0)));
    expect(Math.max(...steps)).toBeLessThan(0.6);
    expect(Math.max(...changes)).toBeLessThan(0.06);
  });

  it('leaves a picture as it is when it sees all of it', () => {
    const picture = withBall(40, 30);
    expect(whole(shoot(picture, { x: 0.5, y: 0.5, zoom: 1 })).rgb).toEqual(picture.rgb);
  });
});
