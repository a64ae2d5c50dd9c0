import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CROP_LIMIT_RATIO, deliveredFrameCount, framePicture } from '../../../app/export/framing.ts';

const size = (widthPx: number, heightPx: number) => ({ widthPx, heightPx });

describe('framePicture', () => {
  it.each<[string, [number, number], [number, number], string, [number, number]]>([
    ['leaves a picture of the right size alone', [1280, 720], [1280, 720], 'same', [1280, 720]],
    ['only scales the same shape', [256, 144], [1280, 720], 'scale', [1280, 720]],
    ['cuts a slightly different shape', [832, 480], [1280, 720], 'crop', [1280, 740]],
    ['cuts off what is within the limit', [256, 146], [1280, 720], 'crop', [1280, 730]],
    ['cuts 5:3 to 16:9', [160, 96], [1280, 720], 'crop', [1280, 768]],
    ['pads a square into a wide picture', [256, 256], [1280, 720], 'pad', [720, 720]],
    ['pads an upright picture', [144, 256], [1280, 720], 'pad', [404, 720]],
  ])('%s', (_name, rendered, delivered, mode, scaled) => {
    const framing = framePicture(size(...rendered), size(...delivered));
    expect(framing.mode).toBe(mode);
    expect(framing.scaled).toEqual(size(...scaled));
  });

  it('always gives even sides that the next filter can take', () => {
    const px = fc.integer({ min: 16, max: 4_000 });
    const evenPx = fc.integer({ min: 8, max: 2_000 }).map((half) => half * 2);
    fc.assert(
      fc.property(px, px, evenPx, evenPx, (width, height, toWidth, toHeight) => {
        const { mode, scaled, delivered } = framePicture(size(width, height), size(toWidth, toHeight));
        expect([scaled.widthPx % 2, scaled.heightPx % 2]).toEqual([0, 0]);
        if (mode === 'crop') {
          expect(scaled.widthPx).toBeGreaterThanOrEqual(delivered.widthPx);
          expect(scaled.heightPx).toBeGreaterThanOrEqual(delivered.heightPx);
        } else {
          expect(scaled.widthPx).toBeLessThanOrEqual(delivered.widthPx);
          expect(scaled.heightPx).toBeLessThanOrEqual(delivered.heightPx);
        }
      }),
    );
  });

  it('never cuts off more than the limit', () => {
    const { scaled, delivered } = framePicture(size(1000, 970), size(1000, 1000));
    expect(scaled.widthPx / delivered.widthPx).toBeLessThanOrEqual(1 + CROP_LIMIT_RATIO + 0.002);
  });

  it.each([
    [size(0, 10), size(10, 10)],
    [size(10, 10), size(11, 10)],
    [size(10.5, 10), size(10, 10)],
  ])('refuses a size that is no size', (rendered, delivered) => {
    expect(() => framePicture(rendered, delivered)).toThrow(RangeError);
  });
});

it('counts frames at another rate', () => {
  expect(deliveredFrameCount(33, 16, 16)).toBe(33);
  expect(deliveredFrameCount(32, 16, 24)).toBe(48);
  expect(deliveredFrameCount(1, 16, 1)).toBe(1);
});
