import { expect, it } from 'vitest';

import { whole } from '../../../app/base/work.ts';
import { blockiness, BLOCKY_RATIO } from '../../../app/export/blockiness.ts';
import { Landscape } from '../../../app/export/landscape.ts';

const size = { widthPx: 96, heightPx: 64 };

it('tells pictures that are painted in squares from others', () => {
  const picture = whole(whole(Landscape.of(size, 3)).paint(3, 9));
  expect(blockiness(picture, size.widthPx)).toBeLessThan(BLOCKY_RATIO * 0.8);
  const squares = picture.map((_, i) => {
    const px = Math.floor(i / 3);
    const [x, y] = [px % size.widthPx, Math.floor(px / size.widthPx)];
    return picture[((y - (y % 8)) * size.widthPx + x - (x % 8)) * 3 + (i % 3)] ?? 0;
  });
  expect(blockiness(squares, size.widthPx)).toBeGreaterThan(BLOCKY_RATIO * 1.5);
});

it.each([
  ['one colour', new Uint8Array(96 * 64 * 3).fill(90), 96],
  ['a single row', new Uint8Array(12 * 3), 12],
  ['smaller than a square', new Uint8Array(4 * 4 * 3).map((_, i) => i), 4],
])('finds none in a picture of %s', (_, rgb, widthPx) => {
  expect(blockiness(rgb, widthPx)).toBeLessThanOrEqual(1);
});
