import type { Clip } from './clip.ts';

/** What a drawn clip shows; everything follows from these numbers, so the same picture comes every time. */
export interface Scene {
  readonly name: string;
  readonly prompt?: string;
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly frameCount?: number;
  readonly fps?: number;
  readonly seed?: number;
  /** Brightness of the landscape and of the figure, 0..1. */
  readonly light?: number;
  readonly figureLight?: number;
  /** Grain of a real camera: standard deviation in levels. */
  readonly grainLevels?: number;
  /** How far the camera has moved right and down by this frame. */
  readonly camera?: (frame: number) => readonly [xPx: number, yPx: number];
  /** Where the figure's middle is, of width and height; null: it is not there. */
  readonly figure?: (frame: number) => readonly [x: number, y: number] | null;
  readonly radiusPx?: number;
}

const fraction = (value: number): number => value - Math.floor(value);
/** Chance that is always the same: a number 0..1 for three integers. */
const chance = (a: number, b: number, c: number): number =>
  fraction(Math.sin(a * 127.1 + b * 311.7 + c * 74.7) * 43_758.5453);

/** Hills and speckles that never repeat, smooth between whole numbers. */
function texture(x: number, y: number, seed: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const smooth = (t: number): number => t * t * (3 - 2 * t);
  const [u, v] = [smooth(x - left), smooth(y - top)];
  const at = (i: number, j: number): number => chance(left + i, top + j, seed);
  return (at(0, 0) * (1 - u) + at(1, 0) * u) * (1 - v) + (at(0, 1) * (1 - u) + at(1, 1) * u) * v;
}

/** A patterned ball before a landscape with sky, ground and some texture. */
export function drawClip(scene: Scene): Clip {
  const { name, prompt = null, widthPx = 160, heightPx = 96, frameCount = 24, fps = 16, seed = 1 } = scene;
  const {
    light = 0.8,
    figureLight = light,
    grainLevels = 0,
    radiusPx = 14,
    camera = () => [0, 0],
    figure = () => null,
  } = scene;
  const frames = Array.from({ length: frameCount }, (_, frame) => {
    const rgb = new Uint8Array(widthPx * heightPx * 3);
    const [panX, panY] = camera(frame);
    const middle = figure(frame);
    for (let y = 0, i = 0; y < heightPx; y += 1)
      for (let x = 0; x < widthPx; x += 1, i += 3) {
        const [worldX, worldY] = [x + panX, y + panY];
        const horizon = heightPx * (0.55 + 0.08 * Math.sin(worldX / 23 + seed));
        const rough = texture(worldX / 9, worldY / 9, seed) * 0.5 + texture(worldX / 3, worldY / 3, seed + 7) * 0.2;
        let colour =
          worldY < horizon
            ? [0.45 + 0.25 * rough, 0.6 + 0.2 * rough, 0.9]
            : [0.25 + 0.35 * rough, 0.5 + 0.35 * rough, 0.2 + 0.2 * rough];
        colour = colour.map((part) => part * light);
        if (middle) {
          const [dx, dy] = [x + 0.5 - middle[0] * widthPx, y + 0.5 - middle[1] * heightPx];
          const distance = Math.hypot(dx, dy);
          const cover = Math.max(0, Math.min(1, radiusPx - distance + 0.5));
          const isSpot = Math.hypot(dx - radiusPx * 0.3, dy + radiusPx * 0.3) < radiusPx * 0.35;
          const ball = isSpot ? [0.98, 0.95, 0.9] : [0.85, 0.2 + (0.2 * dy) / radiusPx, 0.15];
          colour = colour.map((part, c) => part * (1 - cover) + (ball[c] ?? 0) * figureLight * cover);
        }
        for (let c = 0; c < 3; c += 1) {
          const grain = grainLevels * 3.46 * (chance(x + frame * 31, y * 3 + c, seed + frame) - 0.5);
          rgb[i + c] = Math.max(0, Math.min(255, Math.round((colour[c] ?? 0) * 255 + grain)));
        }
      }
    return rgb;
  });
  return { name, kind: 'drawn', prompt, widthPx, heightPx, fps, frames };
}
