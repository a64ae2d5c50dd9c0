import { lumaRatio, LUMA_SPAN } from './luma.ts';

/** How bright a picture is, and how much of it there is to see. All of the luma range, 0..1. */
export interface LevelFigures {
  readonly luma: number;
  /** Standard deviation over the picture: near 0 for an empty one. */
  readonly contrast: number;
  /** What lies between the darkest and the brightest hundredth: a single lamp in the night is not lost in it. */
  readonly range: number;
}

export const HISTOGRAM_BINS = 256;

export function histogramOf(pixels: Uint8Array): Uint32Array {
  const histogram = new Uint32Array(HISTOGRAM_BINS);
  for (let i = 0; i < pixels.length; i += 1) {
    const level = pixels[i] as number;
    histogram[level] = (histogram[level] as number) + 1;
  }
  return histogram;
}

/** Share of pixels below and above which a level no longer counts. */
const TAIL_SHARE = 0.002;

export function levelFigures(histogram: Uint32Array): LevelFigures {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let level = 0; level < HISTOGRAM_BINS; level += 1) {
    const pixels = histogram[level] as number;
    count += pixels;
    sum += pixels * level;
    squares += pixels * level * level;
  }
  const mean = sum / count;
  return {
    luma: Math.min(1, Math.max(0, lumaRatio(mean))),
    contrast: Math.sqrt(Math.max(0, squares / count - mean * mean)) / LUMA_SPAN,
    range: (quantileOf(histogram, count, 1 - TAIL_SHARE) - quantileOf(histogram, count, TAIL_SHARE)) / LUMA_SPAN,
  };
}

function quantileOf(histogram: Uint32Array, count: number, share: number): number {
  let seen = 0;
  for (let level = 0; level < HISTOGRAM_BINS; level += 1) {
    seen += histogram[level] as number;
    if (seen > count * share) return level;
  }
  return HISTOGRAM_BINS - 1;
}

/** Levels that count as the same when two pictures are compared by what they are made of. */
const SAME_LEVELS = 8;

/** 0 where two pictures are made of the same levels, 1 where of none. */
export function histogramDistance(a: Uint32Array, b: Uint32Array): number {
  let sum = 0;
  let count = 0;
  for (let bin = 0; bin < HISTOGRAM_BINS; bin += SAME_LEVELS) {
    let inA = 0;
    let inB = 0;
    for (let level = bin; level < bin + SAME_LEVELS; level += 1) {
      inA += a[level] as number;
      inB += b[level] as number;
    }
    count += inA;
    sum += Math.abs(inA - inB);
  }
  return sum / count / 2;
}
