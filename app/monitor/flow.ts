/** How one frame became the next, as the optical flow tells it. Pixels are those of the clip. */
export interface FlowFigures {
  /** Mean length of the flow. */
  readonly magnitudePx: number;
  /** Entropy of the directions, 36 bins weighted by length: 0 where all goes one way, log2(36) = 5.17 where nothing agrees. */
  readonly entropyBits: number;
  /** Mean change, 0..1, that is left when the later frame is moved back along the flow. */
  readonly warpError: number;
  /** Mean flow of what moves, right and down; null where nothing does. */
  readonly mean: { readonly xPx: number; readonly yPx: number } | null;
  /** Mean flow of coarse cells, for arrows over the picture: [rows, columns, 2]. */
  readonly arrows: { readonly rows: number; readonly columns: number; readonly vectorsPx: Float32Array };
}

/** A small picture as the flow model takes it: [3, height, width] of 0..1. */
export interface FlowPicture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pixels: Float32Array;
}

const BINS = 36;
/** Slower than this, in pixels of the small picture, nothing moves: its direction is chance. */
const MOVING_PX = 0.25;
const ARROW_COLUMNS = 16;

/** The size at which flow is measured: at most so many pixels, the same shape, sides that the model takes. */
export function flowSize(
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
  mostPixels: number,
  multiplePx: number,
): { readonly widthPx: number; readonly heightPx: number } {
  const scale = Math.min(1, Math.sqrt(mostPixels / (widthPx * heightPx)));
  const side = (px: number): number => Math.max(4, Math.round((px * scale) / multiplePx)) * multiplePx;
  return { widthPx: side(widthPx), heightPx: side(heightPx) };
}

/**
 * @param sample  the value 0..255 of one colour of one pixel of the clip
 */
export function shrinkPicture(
  from: { readonly widthPx: number; readonly heightPx: number },
  to: { readonly widthPx: number; readonly heightPx: number },
  sample: (x: number, y: number, colour: 0 | 1 | 2) => number,
): FlowPicture {
  const pixels = new Float32Array(3 * to.widthPx * to.heightPx);
  const taps = tapsOf(from, to);
  for (const colour of [0, 1, 2] as const)
    for (let y = 0; y < to.heightPx; y += 1)
      for (let x = 0; x < to.widthPx; x += 1) {
        let sum = 0;
        for (let v = 0; v < taps; v += 1)
          for (let u = 0; u < taps; u += 1) {
            const fromX = placeOf(x, u, taps, from.widthPx, to.widthPx);
            sum += sample(fromX, placeOf(y, v, taps, from.heightPx, to.heightPx), colour);
          }
        pixels[(colour * to.heightPx + y) * to.widthPx + x] = sum / (taps * taps) / 255;
      }
  return { ...to, pixels };
}

/** The same of a picture that lies in memory as [height, width, 3]: without a call for each sample. */
export function shrinkRgb(
  rgb: Uint8Array,
  from: { readonly widthPx: number; readonly heightPx: number },
  to: { readonly widthPx: number; readonly heightPx: number },
): FlowPicture {
  const count = to.widthPx * to.heightPx;
  const pixels = new Float32Array(3 * count);
  const taps = tapsOf(from, to);
  const scale = 1 / (taps * taps * 255);
  const columns = placesOf(from.widthPx, to.widthPx, taps);
  const rows = placesOf(from.heightPx, to.heightPx, taps);
  for (let y = 0, out = 0; y < to.heightPx; y += 1)
    for (let x = 0; x < to.widthPx; x += 1, out += 1) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let v = y * taps; v < (y + 1) * taps; v += 1)
        for (let u = x * taps; u < (x + 1) * taps; u += 1) {
          const i = ((rows[v] as number) * from.widthPx + (columns[u] as number)) * 3;
          red += rgb[i] as number;
          green += rgb[i + 1] as number;
          blue += rgb[i + 2] as number;
        }
      pixels[out] = red * scale;
      pixels[count + out] = green * scale;
      pixels[2 * count + out] = blue * scale;
    }
  return { ...to, pixels };
}

const placesOf = (fromPx: number, toPx: number, taps: number): Int32Array =>
  Int32Array.from({ length: toPx * taps }, (_, i) => placeOf(Math.floor(i / taps), i % taps, taps, fromPx, toPx));

/** A few samples of each cell are enough to keep the grain of large pictures out of it. */
const tapsOf = (from: { readonly widthPx: number }, to: { readonly widthPx: number }): number =>
  Math.max(1, Math.min(3, Math.round(from.widthPx / to.widthPx)));

const placeOf = (cell: number, tap: number, taps: number, fromPx: number, toPx: number): number =>
  Math.min(fromPx - 1, Math.floor(((cell + (tap + 0.5) / taps) * fromPx) / toPx));

/**
 * @param field    [2, height, width] of the small pictures: right, down
 * @param scale    clip pixels per pixel of the small pictures, across and down
 */
export function flowFigures(
  field: Float32Array,
  earlier: FlowPicture,
  later: FlowPicture,
  scale: { readonly x: number; readonly y: number },
): FlowFigures {
  const { widthPx, heightPx } = earlier;
  const count = widthPx * heightPx;
  const bins = new Float64Array(BINS);
  const columns = Math.min(ARROW_COLUMNS, widthPx);
  const rows = Math.max(1, Math.round((columns * heightPx) / widthPx));
  const vectorsPx = new Float32Array(rows * columns * 2);
  const cellSizes = new Uint32Array(rows * columns);
  let length = 0;
  let weight = 0;
  let sumX = 0;
  let sumY = 0;
  let moving = 0;
  let error = 0;
  for (let i = 0; i < count; i += 1) {
    const dx = field[i] as number;
    const dy = field[count + i] as number;
    const [x, y] = [i % widthPx, Math.floor(i / widthPx)];
    const lengthPx = Math.hypot(dx * scale.x, dy * scale.y);
    length += lengthPx;
    if (Math.hypot(dx, dy) > MOVING_PX) {
      const bin = Math.floor(((Math.atan2(dy * scale.y, dx * scale.x) / (2 * Math.PI) + 1) % 1) * BINS);
      bins[Math.min(BINS - 1, bin)] = (bins[Math.min(BINS - 1, bin)] as number) + lengthPx;
      weight += lengthPx;
      sumX += dx * scale.x;
      sumY += dy * scale.y;
      moving += 1;
    }
    const cell = Math.floor((y * rows) / heightPx) * columns + Math.floor((x * columns) / widthPx);
    vectorsPx[cell * 2] = (vectorsPx[cell * 2] as number) + dx * scale.x;
    vectorsPx[cell * 2 + 1] = (vectorsPx[cell * 2 + 1] as number) + dy * scale.y;
    cellSizes[cell] = (cellSizes[cell] as number) + 1;
    error += Math.abs(greenAt(later, x + dx, y + dy) - (earlier.pixels[count + i] as number));
  }
  for (let cell = 0; cell < cellSizes.length; cell += 1)
    for (const part of [0, 1])
      vectorsPx[cell * 2 + part] = (vectorsPx[cell * 2 + part] as number) / Math.max(1, cellSizes[cell] as number);
  let entropyBits = 0;
  for (const share of bins) if (share > 0) entropyBits -= (share / weight) * Math.log2(share / weight);
  return {
    magnitudePx: length / count,
    entropyBits,
    warpError: error / count,
    mean: moving === 0 ? null : { xPx: sumX / moving, yPx: sumY / moving },
    arrows: { rows, columns, vectorsPx },
  };
}

/** Green stands for luma, of which it is the largest part; between pixels by the mean of the four around. */
function greenAt({ pixels, widthPx, heightPx }: FlowPicture, x: number, y: number): number {
  const right = Math.max(0, Math.min(widthPx - 1, x));
  const down = Math.max(0, Math.min(heightPx - 1, y));
  const [left, top] = [Math.floor(right), Math.floor(down)];
  const [u, v] = [right - left, down - top];
  const plane = widthPx * heightPx;
  const at = (column: number, row: number): number =>
    pixels[plane + Math.min(heightPx - 1, row) * widthPx + Math.min(widthPx - 1, column)] as number;
  return (
    (at(left, top) * (1 - u) + at(left + 1, top) * u) * (1 - v) +
    (at(left, top + 1) * (1 - u) + at(left + 1, top + 1) * u) * v
  );
}
