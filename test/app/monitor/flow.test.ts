import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { flowFigures, flowSize, shrinkPicture, shrinkRgb } from '../../../app/monitor/flow.ts';
import { directionAsked, findWrongWay } from '../../../app/monitor/physics.ts';

const size = { widthPx: 32, heightPx: 24 };
const picture = shrinkPicture(size, size, (x, y) => (x * 37 + y * 91) % 256);
const count = size.widthPx * size.heightPx;
const field = (at: (i: number) => readonly [number, number]): Float32Array =>
  Float32Array.from({ length: 2 * count }, (_, i) => at(i % count)[i < count ? 0 : 1] ?? 0);
const same = { x: 1, y: 1 };

describe('figures of a flow field', () => {
  it('of one way have no entropy, of all ways that of 36 bins', () => {
    expect(
      flowFigures(
        field(() => [3, 4]),
        picture,
        picture,
        same,
      ),
    ).toMatchObject({ magnitudePx: 5, entropyBits: 0 });
    const around = (i: number): readonly [number, number] => [Math.cos(i + 0.01), Math.sin(i + 0.01)];
    expect(flowFigures(field(around), picture, picture, same).entropyBits).toBeGreaterThan(5.1);
    expect(flowFigures(field(around), picture, picture, same).entropyBits).toBeLessThanOrEqual(Math.log2(36));
  });

  it('are in pixels of the clip, and have no direction where nothing moves', () => {
    expect(
      flowFigures(
        field(() => [1, 0]),
        picture,
        picture,
        { x: 4, y: 2 },
      ).mean,
    ).toEqual({ xPx: 4, yPx: 0 });
    const still = flowFigures(
      field(() => [0, 0]),
      picture,
      picture,
      same,
    );
    expect(still).toMatchObject({ magnitudePx: 0, entropyBits: 0, warpError: 0, mean: null });
  });

  it('never are anything but numbers', () => {
    fc.assert(
      fc.property(
        fc.float({ min: -40, max: 40, noNaN: true }),
        fc.float({ min: -40, max: 40, noNaN: true }),
        (x, y) => {
          const { magnitudePx, entropyBits, warpError } = flowFigures(
            field((i) => (i % 3 ? [x, y] : [y, -x])),
            picture,
            picture,
            same,
          );
          return [magnitudePx, entropyBits, warpError].every(Number.isFinite);
        },
      ),
    );
  });

  it.each([
    [{ widthPx: 112, heightPx: 64 }, 15_360, { widthPx: 112, heightPx: 64 }],
    [{ widthPx: 1920, heightPx: 1080 }, 15_360, { widthPx: 168, heightPx: 96 }],
    [{ widthPx: 10, heightPx: 10 }, 15_360, { widthPx: 32, heightPx: 32 }],
  ])('are measured of %o within %i pixels at %o', (from, mostPixels, to) => {
    expect(flowSize(from, mostPixels, 8)).toEqual(to);
  });
});

describe('the way a prompt asks for', () => {
  it.each([
    ['a tiger moves left in a park', 'left'],
    ['a tiger runs from left to right', 'right'],
    ['一只老虎在公园里向左移动', 'left'],
    ['火箭升起', 'up'],
    ['a turtle falls in the city', 'down'],
    ['一只熊猫从右往左跑', 'left'],
    ['a panda stands still at night', null],
    ['the camera pans left over a falling panda', null],
    ['a ball falls and bounces', null],
    ['a cat jumps up and down', null],
    ['a dog in the rain', null],
    ['雪花飘落，一只老虎向左移动', null],
    ['a tiger moves left, then moves right', null],
    ['leftovers on a table', null],
  ])('"%s" is %s', (prompt, way) => {
    expect(directionAsked(prompt)).toBe(way);
  });

  const flowOf = (xPx: number, yPx: number) =>
    Array.from({ length: 16 }, () => ({
      ...{ magnitudePx: 1, entropyBits: 1, warpError: 0, mean: { xPx, yPx } },
      arrows: { rows: 1, columns: 1, vectorsPx: new Float32Array(2) },
    }));
  const clip = { widthPx: 112, heightPx: 64 };
  it.each([
    ['a tiger moves left', 3, 0, 1],
    ['a tiger moves left', -3, 0, 0],
    ['a tiger moves left', 0.1, 0, 0],
    ['a turtle falls', 0, -2, 1],
    ['a turtle falls', 0, 2, 0],
    ['a panda stands still', 3, 0, 0],
  ])('"%s" against a flow of %f, %f has %i warnings', (prompt, xPx, yPx, warnings) => {
    const found = findWrongWay([], flowOf(xPx, yPx), prompt, clip);
    expect(found.map(({ severity }) => severity)).toEqual(Array.from({ length: warnings }, () => 'warning'));
  });
});

describe('a picture in memory', () => {
  it.each([
    [112, 64, 64, 48],
    [320, 180, 160, 96],
    [1281, 721, 160, 88],
  ])('of %ix%i shrinks to %ix%i as one that is asked pixel by pixel', (widthPx, heightPx, toWidthPx, toHeightPx) => {
    const from = { widthPx, heightPx };
    const to = { widthPx: toWidthPx, heightPx: toHeightPx };
    const rgb = Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, i) => (i * 7919) >> 3);
    const asked = shrinkPicture(from, to, (x, y, colour) => rgb[(y * widthPx + x) * 3 + colour] as number);
    const { pixels } = shrinkRgb(rgb, from, to);
    expect(pixels.every((value, i) => Math.abs(value - (asked.pixels[i] as number)) < 1e-6)).toBe(true);
  });
});
