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

/** Cells of so many pixels on a side, in a square of so many cells, of which the inner ones have neighbours all around. */
export const CELL_PX = 4;
const CELLS = 4;

/** Standard deviations, 0..1, that white noise of this strength would have. */
export interface GrainFigures {
  /** From pixel to pixel. */
  readonly grain: number;
  /** From cell to cell, each the mean of 4x4 pixels: a quarter of `grain` where it is white, and as much where texture is all there is. */
  readonly cellGrain: number;
}

/**
 * Grain of the quiet parts of a picture. Fast noise estimate (Immerkær 1996) over squares of 8x8, of which the quiet quarter decides, so that a
 * textured thing in the picture is not taken for noise. With `before` it is the grain of the change: what is new in this frame.
 */
export function quietGrain(plane: Plane, before: Plane | null = null): GrainFigures {
  const { pixels, widthPx, heightPx } = plane;
  const columns = Math.floor((widthPx - 2) / BLOCK_PX);
  const rows = Math.floor((heightPx - 2) / BLOCK_PX);
  const blockCount = Math.max(0, columns) * Math.max(0, rows);
  if (blockCount === 0) return { grain: 0, cellGrain: 0 };
  // An odd stride walks through all columns instead of staying in some.
  const stride = Math.max(1, Math.floor(blockCount / BLOCKS_ENOUGH)) | 1;
  const blocks: { readonly from: number; readonly grain: number }[] = [];
  for (let block = 0; block < blockCount; block += stride) {
    const from = (1 + Math.floor(block / columns) * BLOCK_PX) * widthPx + 1 + (block % columns) * BLOCK_PX;
    const sum = before ? changeGrain(pixels, before.pixels, widthPx, from) : blockGrain(pixels, widthPx, from);
    blocks.push({ from, grain: sum / (BLOCK_PX * BLOCK_PX) });
  }
  blocks.sort((a, b) => a.grain - b.grain);
  const quietCount = Math.floor(blocks.length * QUIET_SHARE);
  const quiet = blocks.slice(0, quietCount + 1);
  const grain = quiet[quietCount]?.grain ?? 0;
  // Changes come from two frames, so their noise has twice the variance.
  const scale = ((before ? Math.SQRT1_2 : 1) * IMMERKAER) / LUMA_SPAN;
  return { grain: grain * scale, cellGrain: grain * cellShare(quiet, plane, before) * scale };
}

/** Grain of cells as a share of that of pixels, in the same squares. */
function cellShare(
  blocks: readonly { readonly from: number; readonly grain: number }[],
  plane: Plane,
  before: Plane | null,
): number {
  const { pixels, widthPx, heightPx } = plane;
  const sidePx = CELL_PX * CELLS;
  if (widthPx < sidePx || heightPx < sidePx) return 1 / CELL_PX;
  let [fine, coarse] = [0, 0];
  for (const { from, grain } of blocks) {
    fine += grain;
    const x = Math.min(from % widthPx, widthPx - sidePx);
    const y = Math.min(Math.floor(from / widthPx), heightPx - sidePx);
    coarse += cellGrain(pixels, before?.pixels ?? null, widthPx, y * widthPx + x);
  }
  return fine === 0 ? 1 / CELL_PX : coarse / fine;
}

/** Mean |1 −2 1; −2 4 −2; 1 −2 1| over the inner cells of one square, each cell the mean of its pixels. */
function cellGrain(pixels: Uint8Array, before: Uint8Array | null, widthPx: number, from: number): number {
  const cells = new Float64Array(CELLS * CELLS);
  for (let y = 0, at = from; y < CELLS * CELL_PX; y += 1, at += widthPx)
    for (let x = 0; x < CELLS * CELL_PX; x += 1) {
      const cell = Math.floor(y / CELL_PX) * CELLS + Math.floor(x / CELL_PX);
      const level = (pixels[at + x] as number) - (before ? (before[at + x] as number) : 0);
      cells[cell] = (cells[cell] as number) + level / (CELL_PX * CELL_PX);
    }
  let sum = 0;
  for (let y = 1; y < CELLS - 1; y += 1)
    for (let x = 1; x < CELLS - 1; x += 1) {
      const at = (down: number, right: number): number => cells[(y + down) * CELLS + x + right] as number;
      const corners = at(-1, -1) + at(-1, 1) + at(1, -1) + at(1, 1);
      sum += Math.abs(corners - 2 * (at(-1, 0) + at(0, -1) + at(0, 1) + at(1, 0)) + 4 * at(0, 0));
    }
  return sum / (CELLS - 2) ** 2;
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
