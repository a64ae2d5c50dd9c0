import { LUMA_SPAN } from './luma.ts';
import { reduce, type Plane } from './plane.ts';

/** How the whole picture moved, as a camera moves it, and what is left of the change then. */
export interface ShiftFigures {
  /** Of the picture's width and height, to the right and down. */
  readonly x: number;
  readonly y: number;
  /** Mean change, 0..1, when the frame is moved back. */
  readonly rest: number;
}

/** Width at which the movement is looked for: coarse enough to be cheap, fine enough for a pixel or two of the clip. */
const WIDTH_PX = 96;
const REACH_PX = 6;
/** Every so many pixels in both directions are enough to choose a shift by. */
const SAMPLE_STRIDE = 3;

export const shiftPlane = (plane: Plane): Plane => reduce(plane, WIDTH_PX);

/** @param now, before  both from `shiftPlane` */
export function measureShift(now: Plane, before: Plane): ShiftFigures {
  let best = { x: 0, y: 0, error: errorAt(now, before, 0, 0, SAMPLE_STRIDE) };
  const tryAt = (x: number, y: number): void => {
    const error = errorAt(now, before, x, y, SAMPLE_STRIDE);
    if (error < best.error) best = { x, y, error };
  };
  // Every second place first, then the neighbours of the best.
  for (let y = -REACH_PX; y <= REACH_PX; y += 2) for (let x = -REACH_PX; x <= REACH_PX; x += 2) tryAt(x, y);
  const { x: coarseX, y: coarseY } = best;
  for (let y = coarseY - 1; y <= coarseY + 1; y += 1) for (let x = coarseX - 1; x <= coarseX + 1; x += 1) tryAt(x, y);
  const rest = errorAt(now, before, best.x, best.y, 1) / LUMA_SPAN;
  return { x: best.x / now.widthPx, y: best.y / now.heightPx, rest };
}

/** Mean absolute difference in levels, over what every shift leaves in the picture. */
function errorAt(now: Plane, before: Plane, shiftX: number, shiftY: number, stride: number): number {
  const { widthPx, heightPx } = now;
  const marginX = Math.min(REACH_PX + 1, Math.floor(widthPx / 3));
  const marginY = Math.min(REACH_PX + 1, Math.floor(heightPx / 3));
  const offset = shiftY * widthPx + shiftX;
  if (Math.abs(shiftX) > marginX || Math.abs(shiftY) > marginY) return Infinity;
  let sum = 0;
  let count = 0;
  for (let y = marginY; y < heightPx - marginY; y += stride)
    for (let i = y * widthPx + marginX, end = (y + 1) * widthPx - marginX; i < end; i += stride) {
      const change = (now.pixels[i + offset] as number) - (before.pixels[i] as number);
      sum += change < 0 ? -change : change;
      count += 1;
    }
  return count === 0 ? 0 : sum / count;
}
