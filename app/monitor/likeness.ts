/** Peak of an 8-bit plane, as ffmpeg's psnr filter counts it. */
const PEAK = 255;
/** Constants of Wang et al. 2004 for sums over 8x8 pixels of 8 bits, rounded as ffmpeg's ssim filter rounds them. */
const C1 = Math.floor(0.01 * 0.01 * PEAK * PEAK * 64 + 0.5);
const C2 = Math.floor(0.03 * 0.03 * PEAK * PEAK * 64 * 63 + 0.5);

/** Sums over one 4x4 block: a, b, a² + b², ab. */
const SUMS = 4;

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
  let above = new Int32Array(columns * SUMS);
  let below = new Int32Array(columns * SUMS);
  let squares = restSquares(a, b, widthPx, columns * 4, rows * 4);
  let windows = 0;
  for (let row = 0; row < rows; row += 1) {
    blockSums(a, b, widthPx, row * 4, below);
    for (let i = 2; i < below.length; i += SUMS) squares += (below[i] as number) - 2 * (below[i + 1] as number);
    if (row > 0) windows += windowsOfRow(above, below, columns);
    [above, below] = [below, above];
  }
  return {
    psnrDb: 10 * Math.log10((PEAK * PEAK * a.length) / squares),
    ssim: rows < 2 || columns < 2 ? null : windows / ((rows - 1) * (columns - 1)),
  };
}

/** The four sums of every 4x4 block in the four pixel rows from `top`. */
function blockSums(a: Uint8Array, b: Uint8Array, widthPx: number, top: number, sums: Int32Array): void {
  for (let out = 0, left = top * widthPx; out < sums.length; out += SUMS, left += 4) {
    let sumA = 0;
    let sumB = 0;
    let squares = 0;
    let product = 0;
    for (let y = 0, i = left; y < 4; y += 1, i += widthPx) {
      // Written out: a loop over four pixels costs as much as what it does.
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
    sums[out] = sumA;
    sums[out + 1] = sumB;
    sums[out + 2] = squares;
    sums[out + 3] = product;
  }
}

/** Sum over the windows that two rows of blocks make: two by two blocks each, of which the right half is the left of the next. */
function windowsOfRow(above: Int32Array, below: Int32Array, columns: number): number {
  let total = 0;
  let leftA = (above[0] as number) + (below[0] as number);
  let leftB = (above[1] as number) + (below[1] as number);
  let leftSquares = (above[2] as number) + (below[2] as number);
  let leftProduct = (above[3] as number) + (below[3] as number);
  for (let i = SUMS; i < columns * SUMS; i += SUMS) {
    const rightA = (above[i] as number) + (below[i] as number);
    const rightB = (above[i + 1] as number) + (below[i + 1] as number);
    const rightSquares = (above[i + 2] as number) + (below[i + 2] as number);
    const rightProduct = (above[i + 3] as number) + (below[i + 3] as number);
    const a = leftA + rightA;
    const b = leftB + rightB;
    const ab = a * b;
    const means = a * a + b * b;
    const variances = (leftSquares + rightSquares) * 64 - means;
    const covariance = (leftProduct + rightProduct) * 64 - ab;
    total += ((2 * ab + C1) * (2 * covariance + C2)) / ((means + C1) * (variances + C2));
    leftA = rightA;
    leftB = rightB;
    leftSquares = rightSquares;
    leftProduct = rightProduct;
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
