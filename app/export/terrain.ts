import type { Work } from '../base/work.ts';
import type { SizePx } from './framing.ts';
import { lots, smooth } from './paint.ts';

/** Noise on a closed line of `length` points, 0..1: octaves of ever finer and fainter waves. */
export function closedNoise(
  length: number,
  waves: number,
  octaves: number,
  roughness: number,
  seed: number,
): Float32Array {
  const sum = new Float32Array(length);
  let weight = 1;
  let total = 0;
  for (let octave = 0, count = waves; octave < octaves; octave += 1, count *= 2, weight *= roughness) {
    const draw = lots(seed + octave * 101);
    const knots = Float32Array.from({ length: count }, draw);
    for (let i = 0; i < length; i += 1) {
      const at = (i / length) * count;
      const from = Math.floor(at);
      const [a, b] = [knots[from % count] as number, knots[(from + 1) % count] as number];
      sum[i] = (sum[i] as number) + weight * (a + (b - a) * smooth(at - from));
    }
    total += weight;
  }
  return sum.map((value) => value / total);
}

export const CLOUD_SIDE = 512;

/** A square of cloud density that joins at its edges, [CLOUD_SIDE, CLOUD_SIDE], 0..1. */
export function* cloudField(seed: number): Work<Float32Array> {
  const field = new Float32Array(CLOUD_SIDE * CLOUD_SIDE);
  let weight = 1;
  let total = 0;
  for (let count = 6; count <= 192; count *= 2, weight *= 0.55) {
    const draw = lots(seed + count);
    const knots = Float32Array.from({ length: count * count }, draw);
    const shares = Float32Array.from({ length: CLOUD_SIDE }, (_, i) => smooth(((i * count) / CLOUD_SIDE) % 1));
    for (let y = 0, at = 0; y < CLOUD_SIDE; y += 1) {
      const top = Math.floor((y * count) / CLOUD_SIDE);
      const [upper, lower, down] = [top * count, ((top + 1) % count) * count, shares[y] as number];
      for (let x = 0; x < CLOUD_SIDE; x += 1, at += 1) {
        const left = Math.floor((x * count) / CLOUD_SIDE);
        const right = left + 1 === count ? 0 : left + 1;
        const across = shares[x] as number;
        const above = (knots[upper + left] as number) * (1 - across) + (knots[upper + right] as number) * across;
        const below = (knots[lower + left] as number) * (1 - across) + (knots[lower + right] as number) * across;
        field[at] = (field[at] as number) + weight * (above * (1 - down) + below * down);
      }
      yield;
    }
    total += weight;
  }
  return field.map((value) => value / total);
}

/** One range of hills: the row of its ridge at each point of a closed line, which is longer than the picture is wide. */
export interface Range {
  readonly ridge: Float32Array;
  /** 0 at the horizon .. 1 before the viewer: how much haze is before it, and how far it moves when the view moves. */
  readonly nearness: number;
}

/** Where the ground begins, as a ratio of the picture's height. */
export const HORIZON_RATIO = 0.6;
/** Where the lake begins: the ranges behind it stand on its shore. */
export const SHORE_RATIO = 0.72;

/** Hills from the farthest to the nearest; the last one is the bank before the lake, with trees on it. */
export function hillRanges({ widthPx, heightPx }: SizePx, seed: number): readonly Range[] {
  const length = Math.ceil(widthPx * 1.6);
  const specs = [
    { waves: 5, octaves: 6, roughness: 0.5, base: HORIZON_RATIO + 0.045, rise: 0.24, nearness: 0.08 },
    { waves: 6, octaves: 5, roughness: 0.46, base: HORIZON_RATIO + 0.075, rise: 0.17, nearness: 0.22 },
    { waves: 7, octaves: 5, roughness: 0.42, base: SHORE_RATIO - 0.005, rise: 0.13, nearness: 0.42 },
    { waves: 4, octaves: 4, roughness: 0.35, base: 1.0, rise: 0.17, nearness: 1 },
  ];
  return specs.map(({ waves, octaves, roughness, base, rise, nearness }, i) => {
    const noise = closedNoise(length, waves, octaves, roughness, seed + 977 * i);
    const ridge = noise.map((value) => (base - rise * (value - 0.18) * 1.25) * heightPx);
    return { ridge: nearness === 1 ? withTrees(ridge, heightPx, seed) : ridge, nearness };
  });
}

/** Firs along a ridge: each a narrow spire of a few tiers. */
function withTrees(ridge: Float32Array, heightPx: number, seed: number): Float32Array {
  const draw = lots(seed + 5);
  const wooded = ridge.slice();
  const density = closedNoise(ridge.length, 6, 3, 0.6, seed + 6);
  for (let x = 0; x < ridge.length; x += 1) {
    if (draw() > 0.22 * (density[x] as number) ** 3) continue;
    const tallPx = heightPx * (0.035 + 0.06 * draw());
    const halfPx = tallPx * 0.22;
    for (let dx = -Math.ceil(halfPx); dx <= halfPx; dx += 1) {
      const at = (x + dx + ridge.length) % ridge.length;
      const out = Math.abs(dx) / halfPx;
      const tier = 0.06 * (1 - Math.abs(((out * 4) % 1) - 0.5) * 2);
      const top = (ridge[x] as number) + 0.02 * heightPx - tallPx * Math.max(0, 1 - out + tier);
      if (top < (wooded[at] as number)) wooded[at] = top;
    }
  }
  return wooded;
}
