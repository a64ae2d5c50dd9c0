/** Limited range, as video keeps it: 16 is black, 235 is white. */
export const LUMA_BLACK = 16;
export const LUMA_SPAN = 219;

/**
 * The luma plane of RGB frames, bit for bit as ffmpeg's scaler makes it for yuv420p (BT.601, limited range, 15-bit weights, 6 bits kept below the point):
 * its psnr and ssim filters then see the same numbers as ours.
 *
 * @param rgb  [height, width, 3], full range
 * @returns    [height, width]
 */
export function lumaOfRgb(rgb: Uint8Array): Uint8Array {
  const luma = new Uint8Array(rgb.length / 3);
  for (let px = 0, i = 0; px < luma.length; px += 1, i += 3) {
    const fine =
      (8414 * (rgb[i] as number) + 16519 * (rgb[i + 1] as number) + 3208 * (rgb[i + 2] as number) + 524_544) >> 9;
    luma[px] = (fine + 32) >> 6;
  }
  return luma;
}

/** Of a limited-range level: 0 black .. 1 white. */
export const lumaRatio = (level: number): number => (level - LUMA_BLACK) / LUMA_SPAN;
