import { blockKernel, SUM_PLACES, VECTOR_BYTES, type BlockKernel } from './block-kernel.ts';

/** Sums over the 4x4 blocks in four rows of pixels of two planes, one number a block: of a, of b, of a² + b², of ab. */
export interface BlockSums {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly squares: Int32Array;
  readonly product: Int32Array;
}

export type SumBlocks = (top: number) => BlockSums;

const ROWS = 4;

/**
 * What sums the blocks of two planes from any row on. The arrays are its own and hold until the next call.
 *
 * @param a, b  [height, width] of 8 bits
 */
export function blockSummer(a: Uint8Array, b: Uint8Array, widthPx: number): SumBlocks {
  const kernel = kernelFor(widthPx);
  return kernel ? byVectors(kernel, a, b, widthPx) : byPixels(a, b, widthPx);
}

interface Prepared {
  readonly bytes: Uint8Array;
  readonly run: () => void;
  readonly strideBytes: number;
  readonly sums: BlockSums;
}

/** One for the width in use: clips come one after the other. */
let kept: { readonly widthPx: number; readonly kernel: Prepared | null } | null = null;

function kernelFor(widthPx: number): Prepared | null {
  if (kept?.widthPx !== widthPx) {
    const strideBytes = Math.ceil(widthPx / VECTOR_BYTES) * VECTOR_BYTES;
    const kernel = blockKernel(strideBytes);
    kept = { widthPx, kernel: kernel && prepared(kernel, strideBytes, widthPx >> 2) };
  }
  return kept.kernel;
}

function prepared({ memory: { buffer }, run }: BlockKernel, strideBytes: number, columns: number): Prepared {
  const at = (place: number): Int32Array => new Int32Array(buffer, place * strideBytes, columns);
  const { a, b, squares, product } = SUM_PLACES;
  const sums = { a: at(a), b: at(b), squares: at(squares), product: at(product) };
  return { bytes: new Uint8Array(buffer), run, strideBytes, sums };
}

/** Two rows of blocks are looked at together, so the sums of the one are copied away before the next are made. */
function byVectors(
  { bytes, run, strideBytes, sums }: Prepared,
  a: Uint8Array,
  b: Uint8Array,
  widthPx: number,
): SumBlocks {
  // Where rows need no padding, four of them are one piece.
  const [pieces, pieceBytes] = strideBytes === widthPx ? [1, ROWS * widthPx] : [ROWS, widthPx];
  return (top) => {
    for (let piece = 0; piece < pieces; piece += 1) {
      const from = top * widthPx + piece * pieceBytes;
      bytes.set(a.subarray(from, from + pieceBytes), piece * strideBytes);
      bytes.set(b.subarray(from, from + pieceBytes), (ROWS + piece) * strideBytes);
    }
    run();
    return sums;
  };
}

/** The same without vectors; written out, as a loop over four pixels costs as much as what it does. */
export function byPixels(a: Uint8Array, b: Uint8Array, widthPx: number): SumBlocks {
  const columns = widthPx >> 2;
  const empty = (): Int32Array => new Int32Array(columns);
  const sums: BlockSums = { a: empty(), b: empty(), squares: empty(), product: empty() };
  return (top) => {
    for (let column = 0, left = top * widthPx; column < columns; column += 1, left += 4) {
      let sumA = 0;
      let sumB = 0;
      let squares = 0;
      let product = 0;
      for (let y = 0, i = left; y < ROWS; y += 1, i += widthPx) {
        const a0 = a[i] as number;
        const a1 = a[i + 1] as number;
        const a2 = a[i + 2] as number;
        const a3 = a[i + 3] as number;
        const b0 = b[i] as number;
        const b1 = b[i + 1] as number;
        const b2 = b[i + 2] as number;
        const b3 = b[i + 3] as number;
        sumA += a0 + a1 + a2 + a3;
        sumB += b0 + b1 + b2 + b3;
        squares += a0 * a0 + a1 * a1 + a2 * a2 + a3 * a3 + b0 * b0 + b1 * b1 + b2 * b2 + b3 * b3;
        product += a0 * b0 + a1 * b1 + a2 * b2 + a3 * b3;
      }
      sums.a[column] = sumA;
      sums.b[column] = sumB;
      sums.squares[column] = squares;
      sums.product[column] = product;
    }
    return sums;
  };
}
