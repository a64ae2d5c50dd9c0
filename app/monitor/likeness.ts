import { blockSummer, type BlockSums } from './block-sums.ts';

/** Peak of an 8-bit plane, as ffmpeg's psnr filter counts it. */
const PEAK = 255;
/** Constants of Wang et al. 2004 for sums over 8x8 pixels of 8 bits, rounded as ffmpeg's ssim filter rounds them. */
const C1 = Math.floor(0.01 * 0.01 * PEAK * PEAK * 64 + 0.5);
const C2 = Math.floor(0.03 * 0.03 * PEAK * PEAK * 64 * 63 + 0.5);

export interface Likeness {
  /** Peak signal-to-noise ratio: ffmpeg's `psnr_y`. Infinity where the planes are equal. */
  readonly psnrDb: number;
  /** Structural similarity over windows of 8x8 at every fourth pixel: ffmpeg's `Y`. 1 where the planes are equal, null where no window fits. */
  readonly ssim: number | null;
}

/**
 * How alike two planes are. Both figures come from one pass: Σ(a−b)² is Σ(a²+b²) − 2Σab, which SSIM needs anyway.
 *
 * @param a, b  [height, width] of 8 bits
 */
export function likeness(a: Uint8Array, b: Uint8Array, widthPx: number): Likeness {
  const columns = widthPx >> 2;
  const rows = Math.floor(a.length / widthPx) >> 2;
  const sumsFrom = blockSummer(a, b, widthPx);
  const pairs = { above: rowOfPairs(columns), below: rowOfPairs(columns) };
  let squares = restSquares(a, b, widthPx, columns * 4, rows * 4);
  let windows = 0;
  for (let row = 0; row < rows; row += 1) {
    squares += pairUp(sumsFrom(row * 4), pairs.below);
    if (row > 0) windows += windowsOfRow(pairs.above, pairs.below, columns - 1);
    [pairs.above, pairs.below] = [pairs.below, pairs.above];
  }
  return {
    psnrDb: 10 * Math.log10((PEAK * PEAK * a.length) / squares),
    ssim: rows < 2 || columns < 2 ? null : windows / ((rows - 1) * (columns - 1)),
  };
}

const rowOfPairs = (columns: number): BlockSums => {
  const empty = (): Int32Array => new Int32Array(columns);
  return { a: empty(), b: empty(), squares: empty(), product: empty() };
};

/** Each block together with its right neighbour: the upper or lower half of a window. Returns Σ(a−b)² over the row. */
function pairUp({ a, b, squares, product }: BlockSums, out: BlockSums): number {
  const last = a.length - 1;
  if (last < 0) return 0;
  let difference = (squares[last] as number) - 2 * (product[last] as number);
  for (let i = 0; i < last; i += 1) {
    const ownSquares = squares[i] as number;
    const ownProduct = product[i] as number;
    difference += ownSquares - 2 * ownProduct;
    out.a[i] = (a[i] as number) + (a[i + 1] as number);
    out.b[i] = (b[i] as number) + (b[i + 1] as number);
    out.squares[i] = ownSquares + (squares[i + 1] as number);
    out.product[i] = ownProduct + (product[i + 1] as number);
  }
  return difference;
}

/** Sum over the windows of 8x8 that two rows of block pairs make. */
function windowsOfRow(above: BlockSums, below: BlockSums, count: number): number {
  let total = 0;
  for (let i = 0; i < count; i += 1) {
    const a = (above.a[i] as number) + (below.a[i] as number);
    const b = (above.b[i] as number) + (below.b[i] as number);
    const ab = a * b;
    const means = a * a + b * b;
    const variances = ((above.squares[i] as number) + (below.squares[i] as number)) * 64 - means;
    const covariance = ((above.product[i] as number) + (below.product[i] as number)) * 64 - ab;
    total += ((2 * ab + C1) * (2 * covariance + C2)) / ((means + C1) * (variances + C2));
  }
  return total;
}

/** Squared differences of the pixels beyond the last whole block, which SSIM leaves out and PSNR does not. */
function restSquares(a: Uint8Array, b: Uint8Array, widthPx: number, right: number, bottom: number): number {
  let squares = 0;
  for (let at = 0, y = 0; at < a.length; at += widthPx, y += 1)
    for (let x = y < bottom ? right : 0; x < widthPx; x += 1)
      squares += ((a[at + x] as number) - (b[at + x] as number)) ** 2;
  return squares;
}
