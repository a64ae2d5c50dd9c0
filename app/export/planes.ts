import type { Work } from '../base/work.ts';
import type { Framing, SizePx } from './framing.ts';
import { blocksOf, type Planes } from './h264-pcm.ts';

/** Limited range: what black and no colour are. */
const BLACK = 16;
const NO_COLOUR = 128;
const AMBER = [255, 200, 120] as const;

/**
 * One rendered picture as the planes of the delivered one: scaled between its pixels, cut or padded, in BT.709 limited range, with
 * a bar at the upper left where it is marked.
 *
 * @param rgb  [height, width, 3]
 */
export function* deliveredPlanes(rgb: Uint8Array, rendered: SizePx, framing: Framing, isMarked: boolean): Work<Planes> {
  const { scaled, delivered } = framing;
  const { columns, rows } = blocksOf(delivered);
  const [width, height] = [columns * 16, rows * 16];
  const luma = new Uint8Array(width * height).fill(BLACK);
  const blue = new Uint8Array((width * height) / 4).fill(NO_COLOUR);
  const red = new Uint8Array((width * height) / 4).fill(NO_COLOUR);
  const left = Math.floor((delivered.widthPx - scaled.widthPx) / 2);
  const top = Math.floor((delivered.heightPx - scaled.heightPx) / 2);
  const across = places(delivered.widthPx, left, scaled.widthPx, rendered.widthPx);
  const down = places(delivered.heightPx, top, scaled.heightPx, rendered.heightPx);
  const bar = barOf(delivered);
  for (let y = 0; y < delivered.heightPx; y += 1) {
    const upper = down.from[y] as number;
    if (upper < 0) continue;
    const below = Math.min(rendered.heightPx - 1, upper + 1);
    const downShare = down.share[y] as number;
    for (let x = 0; x < delivered.widthPx; x += 1) {
      const before = across.from[x] as number;
      if (before < 0) continue;
      const after = Math.min(rendered.widthPx - 1, before + 1);
      const acrossShare = across.share[x] as number;
      const value = (colour: number): number => {
        const a = rgb[(upper * rendered.widthPx + before) * 3 + colour] as number;
        const b = rgb[(upper * rendered.widthPx + after) * 3 + colour] as number;
        const c = rgb[(below * rendered.widthPx + before) * 3 + colour] as number;
        const d = rgb[(below * rendered.widthPx + after) * 3 + colour] as number;
        const line = a + (b - a) * acrossShare;
        return line + (c + (d - c) * acrossShare - line) * downShare;
      };
      const isBar = isMarked && x >= bar.left && x < bar.right && y >= bar.top && y < bar.bottom;
      const [r, g, b] = isBar ? AMBER : [value(0), value(1), value(2)];
      const bright = 0.2126 * r + 0.7152 * g + 0.0722 * b;
      luma[y * width + x] = BLACK + bright * (219 / 255) + 0.5;
      if (x % 2 !== 0 || y % 2 !== 0) continue;
      const at = (y / 2) * (width / 2) + x / 2;
      blue[at] = NO_COLOUR + ((b - bright) / 1.8556) * (224 / 255) + 0.5;
      red[at] = NO_COLOUR + ((r - bright) / 1.5748) * (224 / 255) + 0.5;
    }
    yield;
  }
  return { luma, blue, red };
}

/** Between which rendered pixels each delivered one lies; -1 where there is no picture. */
function places(
  lengthPx: number,
  offsetPx: number,
  scaledPx: number,
  renderedPx: number,
): { readonly from: Int32Array; readonly share: Float32Array } {
  const from = new Int32Array(lengthPx).fill(-1);
  const share = new Float32Array(lengthPx);
  for (let i = 0; i < lengthPx; i += 1) {
    const inside = i - offsetPx;
    if (inside < 0 || inside >= scaledPx) continue;
    const at = Math.max(0, Math.min(renderedPx - 1, ((inside + 0.5) * renderedPx) / scaledPx - 0.5));
    from[i] = Math.floor(at);
    share[i] = at - Math.floor(at);
  }
  return { from, share };
}

function barOf({ heightPx }: SizePx): {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
} {
  const px = (design: number): number => Math.max(2, Math.round((design * heightPx) / 720));
  return { left: px(28), top: px(28), right: px(148), bottom: px(42) };
}
