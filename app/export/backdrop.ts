import type { SizePx } from './framing.ts';

type Rgb = readonly [number, number, number];

const TOP: Rgb = [13, 17, 30];
const BOTTOM: Rgb = [7, 9, 17];

/** Soft lights that drift on closed paths: centre and reach as ratios of the picture, turns per clip. */
const LIGHTS: readonly {
  readonly colour: Rgb;
  readonly x: number;
  readonly y: number;
  readonly swayX: number;
  readonly swayY: number;
  readonly reach: number;
  readonly phase: number;
}[] = [
  { colour: [22, 40, 78], x: 0.74, y: 0.3, swayX: 0.07, swayY: 0.06, reach: 0.24, phase: 0 },
  { colour: [10, 44, 50], x: 0.3, y: 0.2, swayX: 0.09, swayY: 0.05, reach: 0.2, phase: 2.1 },
  { colour: [52, 28, 22], x: 0.88, y: 0.78, swayX: 0.05, swayY: 0.07, reach: 0.18, phase: 4.2 },
];

/** 4 × 4 ordered dither in -0.5 .. 0.5: without it a dark gradient shows bands. */
const DITHER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5].map((rank) => (rank + 0.5) / 16 - 0.5);

/**
 * One frame of the calm dark card behind the fallback caption; the last frame leads back to the first.
 *
 * @returns [heightPx, widthPx, 3], full-range RGB
 */
export function paintBackdrop(frame: number, frameCount: number, { widthPx, heightPx }: SizePx): Uint8Array {
  const turn = (2 * Math.PI * frame) / Math.max(1, frameCount);
  const lights = LIGHTS.map(({ colour, x, y, swayX, swayY, reach, phase }) => ({
    colour,
    // A Gaussian parts into a row and a column factor: one product a pixel instead of one exponential.
    across: bell(widthPx, (x + swayX * Math.sin(turn + phase)) * widthPx, reach * widthPx),
    down: bell(heightPx, (y + swayY * Math.cos(turn + phase)) * heightPx, reach * widthPx),
  }));
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  let at = 0;
  for (let row = 0; row < heightPx; row += 1) {
    const depth = row / Math.max(1, heightPx - 1);
    for (let column = 0; column < widthPx; column += 1) {
      const dither = DITHER[(row % 4) * 4 + (column % 4)] ?? 0;
      for (let channel = 0; channel < 3; channel += 1) {
        let value = (TOP[channel] ?? 0) * (1 - depth) + (BOTTOM[channel] ?? 0) * depth + dither;
        for (const { colour, across, down } of lights)
          value += (colour[channel] ?? 0) * (across[column] ?? 0) * (down[row] ?? 0);
        rgb[at] = Math.max(0, Math.min(255, Math.round(value)));
        at += 1;
      }
    }
  }
  return rgb;
}

const bell = (length: number, centre: number, reach: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.exp(-0.5 * ((index - centre) / reach) ** 2));
