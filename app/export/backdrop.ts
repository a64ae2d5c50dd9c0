import type { Work } from '../base/work.ts';
import type { SizePx } from './framing.ts';
import { bell, ditherOfRow, mixRgb, type Rgb } from './paint.ts';

/** What the ground fades from and to, and the colours of its lights. */
export interface Palette {
  readonly top: Rgb;
  readonly bottom: Rgb;
  readonly lights: readonly [Rgb, Rgb, Rgb];
}

export const HOUSE_PALETTE: Palette = {
  top: [13, 17, 30],
  bottom: [7, 9, 17],
  lights: [
    [22, 40, 78],
    [10, 44, 50],
    [52, 28, 22],
  ],
};

/** A dark ground of one colour's shade, lit by that colour: whatever the colour, light words can be read on it. */
export function paletteOf(colour: Rgb): Palette {
  const luma = Math.max(24, 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]);
  const shade = (level: number): Rgb => {
    const factor = level / luma;
    return [Math.min(90, colour[0] * factor), Math.min(90, colour[1] * factor), Math.min(90, colour[2] * factor)];
  };
  return { top: shade(20), bottom: shade(9), lights: [shade(44), shade(26), shade(32)] };
}

/** Soft lights that drift on closed paths: centre and reach as ratios of the picture, turns per clip. */
const LIGHTS: readonly {
  readonly x: number;
  readonly y: number;
  readonly swayX: number;
  readonly swayY: number;
  readonly reach: number;
  readonly phase: number;
}[] = [
  { x: 0.74, y: 0.3, swayX: 0.07, swayY: 0.06, reach: 0.24, phase: 0 },
  { x: 0.3, y: 0.2, swayX: 0.09, swayY: 0.05, reach: 0.2, phase: 2.1 },
  { x: 0.88, y: 0.78, swayX: 0.05, swayY: 0.07, reach: 0.18, phase: 4.2 },
];

/**
 * One frame of a calm dark ground; the last frame leads back to the first.
 *
 * @returns [heightPx, widthPx, 3], full-range RGB
 */
export function* paintBackdrop(
  frame: number,
  frameCount: number,
  { widthPx, heightPx }: SizePx,
  { top, bottom, lights: colours }: Palette = HOUSE_PALETTE,
): Work<Uint8Array> {
  const turn = (2 * Math.PI * frame) / Math.max(1, frameCount);
  const lights = LIGHTS.map(({ x, y, swayX, swayY, reach, phase }, i) => ({
    colour: colours[i] ?? colours[0],
    across: bell(widthPx, (x + swayX * Math.sin(turn + phase)) * widthPx, reach * widthPx),
    down: bell(heightPx, (y + swayY * Math.cos(turn + phase)) * heightPx, reach * widthPx),
  }));
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  const line = new Float32Array(widthPx * 3);
  for (let row = 0, at = 0; row < heightPx; row += 1) {
    const depth = row / Math.max(1, heightPx - 1);
    const ground = mixRgb(top, bottom, depth);
    for (let i = 0; i < line.length; i += 1) line[i] = ground[(i % 3) as 0 | 1 | 2];
    for (const { colour, across, down } of lights) {
      const strength = down[row] as number;
      if (strength < 0.002) continue;
      const [red, green, blue] = [colour[0] * strength, colour[1] * strength, colour[2] * strength];
      for (let column = 0, i = 0; column < widthPx; column += 1, i += 3) {
        const share = across[column] as number;
        line[i] = (line[i] as number) + red * share;
        line[i + 1] = (line[i + 1] as number) + green * share;
        line[i + 2] = (line[i + 2] as number) + blue * share;
      }
    }
    const dither = ditherOfRow(row);
    for (let i = 0; i < line.length; i += 1, at += 1)
      rgb[at] = Math.min(255, (line[i] as number) + dither[(Math.floor(i / 3) & 3) as 0 | 1 | 2 | 3]);
    yield;
  }
  return rgb;
}
