import { LUMA_SPAN } from './luma.ts';
import type { Plane } from './plane.ts';

/** Side of the squares over which grain is averaged. */
const BLOCK_PX = 8;
/** Squares with more grain than this share of them may hold texture and edges: they don't count. */
const QUIET_SHARE = 0.25;
/** As many squares are enough to tell the grain of a picture of any size. */
const BLOCKS_ENOUGH = 512;
/** Of Immerkær's operator: mean |L| = 6 σ √(2/π) for white noise of standard deviation σ. */
const IMMERKAER = Math.sqrt(Math.PI / 2) / 6;

/**
 * Grain of the quiet parts of a picture: the standard deviation, 0..1, that white noise of this strength would have. Fast noise estimate
 * (Immerkær 1996) over squares of 8x8, of which the quiet quarter decides, so that a textured thing in the picture is not
 * taken for noise. With `before` it is the grain of the change: noise that is new in this frame.
 */
export function quietGrain(plane: Plane, before: Plane | null = null): number {
  const { pixels, widthPx, heightPx } = plane;
  const columns = Math.floor((widthPx - 2) / BLOCK_PX);
  const rows = Math.floor((heightPx - 2) / BLOCK_PX);
  const blockCount = Math.max(0, columns) * Math.max(0, rows);
  if (blockCount === 0) return 0;
  // An odd stride walks through all columns instead of staying in some.
  const stride = Math.max(1, Math.floor(blockCount / BLOCKS_ENOUGH)) | 1;
  const grains: number[] = [];
  for (let block = 0; block < blockCount; block += stride) {
    const from = (1 + Math.floor(block / columns) * BLOCK_PX) * widthPx + 1 + (block % columns) * BLOCK_PX;
    grains.push(before ? changeGrain(pixels, before.pixels, widthPx, from) : blockGrain(pixels, widthPx, from));
  }
  grains.sort((a, b) => a - b);
  // Changes come from two frames, so their noise has twice the variance.
  const scale = before ? Math.SQRT1_2 : 1;
  const quiet = grains[Math.floor(grains.length * QUIET_SHARE)] ?? 0;
  return (quiet * scale * IMMERKAER) / (BLOCK_PX * BLOCK_PX) / LUMA_SPAN;
}

/** Sum of |1 −2 1; −2 4 −2; 1 −2 1| over one square. */
function blockGrain(pixels: Uint8Array, widthPx: number, from: number): number {
  let sum = 0;
  for (let y = 0, at = from; y < BLOCK_PX; y += 1, at += widthPx)
    for (let i = at; i < at + BLOCK_PX; i += 1) {
      const value = laplacian(pixels, widthPx, i);
      sum += value < 0 ? -value : value;
    }
  return sum;
}

function changeGrain(pixels: Uint8Array, before: Uint8Array, widthPx: number, from: number): number {
  let sum = 0;
  for (let y = 0, at = from; y < BLOCK_PX; y += 1, at += widthPx)
    for (let i = at; i < at + BLOCK_PX; i += 1) {
      const value = laplacian(pixels, widthPx, i) - laplacian(before, widthPx, i);
      sum += value < 0 ? -value : value;
    }
  return sum;
}

function laplacian(pixels: Uint8Array, widthPx: number, i: number): number {
  const up = i - widthPx;
  const down = i + widthPx;
  return (
    (pixels[up - 1] as number) +
    (pixels[up + 1] as number) +
    (pixels[down - 1] as number) +
    (pixels[down + 1] as number) -
    2 * ((pixels[up] as number) + (pixels[i - 1] as number) + (pixels[i + 1] as number) + (pixels[down] as number)) +
    4 * (pixels[i] as number)
  );
}
