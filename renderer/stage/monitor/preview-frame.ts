import type { Preview } from '../../state/preview-bus.ts';

type Pixels = Pick<Preview, 'rgb' | 'widthPx' | 'heightPx' | 'frameCount'>;

/** One frame of a preview as a canvas wants it: with an opaque alpha. */
export function previewFrame(
  { rgb, widthPx, heightPx, frameCount }: Pixels,
  frame: number,
): Uint8ClampedArray<ArrayBuffer> {
  const count = widthPx * heightPx;
  const rgba = new Uint8ClampedArray(count * 4).fill(255);
  const start = (frame % frameCount) * count * 3;
  for (let pixel = 0; pixel < count; pixel += 1)
    rgba.set(rgb.subarray(start + pixel * 3, start + pixel * 3 + 3), pixel * 4);
  return rgba;
}
