import type { SizePx } from './framing.ts';
import { clamp01, smooth, type Rgb } from './paint.ts';

const DESIGN_HEIGHT_PX = 720;
/** One turn of the ring lasts about so long; a clip holds whole turns, so that it can be played in a loop. */
const TURN_SECONDS = 1.6;

export interface Moment {
  readonly frame: number;
  readonly frameCount: number;
  readonly fps: number;
}

function turnsOf({ frame, frameCount, fps }: Moment): number {
  const turns = Math.max(1, Math.round(frameCount / fps / TURN_SECONDS));
  return (turns * frame) / Math.max(1, frameCount);
}

/** A ring on which a light runs round with a fading tail: something is being worked on. Painted onto `rgb`. */
export function paintRing(rgb: Uint8Array, { widthPx, heightPx }: SizePx, moment: Moment, colour: Rgb): void {
  const unit = Math.min(heightPx / DESIGN_HEIGHT_PX, widthPx / 960);
  const [centreX, centreY] = [widthPx / 2, heightPx * 0.42];
  const radiusPx = 62 * unit;
  const thickPx = 4.5 * unit;
  const head = (turnsOf(moment) % 1) * 2 * Math.PI;
  const reachPx = radiusPx + thickPx * 5;
  forBox(widthPx, heightPx, centreX - reachPx, centreY - reachPx, centreX + reachPx, centreY + reachPx, (x, y, at) => {
    const [dx, dy] = [x + 0.5 - centreX, y + 0.5 - centreY];
    const offPx = Math.abs(Math.hypot(dx, dy) - radiusPx);
    if (offPx > thickPx * 5) return;
    // Angle from the head back along the tail, 0..1 of a turn.
    const back = ((((head - Math.atan2(dx, -dy)) / (2 * Math.PI)) % 1) + 1) % 1;
    const tail = (1 - back) ** 2.2 * smooth(back * 60 + 0.4);
    const line = clamp01(thickPx / 2 - offPx + 0.5);
    const glow = Math.exp(-((offPx / (thickPx * 1.6)) ** 2)) * 0.35;
    const share = Math.max(line * (0.1 + 0.9 * tail), glow * tail);
    lay(rgb, at, colour, share);
  });
  const headX = centreX + Math.sin(head) * radiusPx;
  const headY = centreY - Math.cos(head) * radiusPx;
  const dotPx = thickPx * 0.95;
  forBox(widthPx, heightPx, headX - dotPx - 1, headY - dotPx - 1, headX + dotPx + 1, headY + dotPx + 1, (x, y, at) =>
    lay(rgb, at, [255, 255, 255], clamp01(dotPx - Math.hypot(x + 0.5 - headX, y + 0.5 - headY) + 0.5)),
  );
}

/** A thin line on which a light goes from left to right, over and over: it goes on, nobody knows how long. */
export function paintSweep(rgb: Uint8Array, { widthPx, heightPx }: SizePx, moment: Moment, colour: Rgb): void {
  const unit = Math.min(heightPx / DESIGN_HEIGHT_PX, widthPx / 960);
  const [lengthPx, thickPx] = [260 * unit, Math.max(1, 3 * unit)];
  const left = (widthPx - lengthPx) / 2;
  const top = heightPx * 0.78;
  const head = (turnsOf(moment) % 1) * 1.6 - 0.3;
  forBox(widthPx, heightPx, left - 1, top - 1, left + lengthPx + 1, top + thickPx + 1, (x, y, at) => {
    const inside =
      clamp01(x + 1 - left) * clamp01(left + lengthPx - x) * clamp01(y + 1 - top) * clamp01(top + thickPx - y);
    const along = (x + 0.5 - left) / lengthPx;
    const light = Math.exp(-(((along - head) / 0.13) ** 2));
    lay(rgb, at, colour, inside * (0.16 + 0.84 * light));
  });
}

/** Decoded pixels of a logo, [heightPx, widthPx, 4], with its cover in the last channel. */
export interface Logo extends SizePx {
  readonly rgba: Uint8Array;
}

/** The box a logo is fitted into, in the middle of the upper part. */
export const logoBox = ({ widthPx, heightPx }: SizePx): SizePx => ({
  widthPx: Math.max(2, Math.round(widthPx * 0.34)),
  heightPx: Math.max(2, Math.round(heightPx * 0.3)),
});

export function paintLogo(rgb: Uint8Array, { widthPx, heightPx }: SizePx, logo: Logo): void {
  const left = Math.round((widthPx - logo.widthPx) / 2);
  const top = Math.round(heightPx * 0.36 - logo.heightPx / 2);
  for (let y = 0; y < logo.heightPx; y += 1)
    for (let x = 0; x < logo.widthPx; x += 1) {
      const [column, row] = [left + x, top + y];
      if (column < 0 || column >= widthPx || row < 0 || row >= heightPx) continue;
      const from = (y * logo.widthPx + x) * 4;
      const colour: Rgb = [logo.rgba[from] as number, logo.rgba[from + 1] as number, logo.rgba[from + 2] as number];
      lay(rgb, (row * widthPx + column) * 3, colour, (logo.rgba[from + 3] as number) / 255);
    }
}

function lay(rgb: Uint8Array, at: number, colour: Rgb, share: number): void {
  if (share <= 0) return;
  for (let i = 0; i < 3; i += 1)
    rgb[at + i] = (rgb[at + i] as number) * (1 - share) + (colour[i] as number) * share + 0.5;
}

function forBox(
  widthPx: number,
  heightPx: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
  visit: (x: number, y: number, at: number) => void,
): void {
  for (let y = Math.max(0, Math.floor(top)); y <= Math.min(heightPx - 1, bottom); y += 1)
    for (let x = Math.max(0, Math.floor(left)); x <= Math.min(widthPx - 1, right); x += 1)
      visit(x, y, (y * widthPx + x) * 3);
}
