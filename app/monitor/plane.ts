/** One 8-bit plane of a picture, [height, width]. */
export interface Plane {
  readonly pixels: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

export const planeOf = (pixels: Uint8Array, widthPx: number): Plane => ({
  pixels,
  widthPx,
  heightPx: Math.floor(pixels.length / widthPx),
});

/**
 * Fewer columns by the mean of neighbours, fewer rows by leaving some out: what lies above an edge is never mixed with what
 * lies below it, so a torn row stays as sharp as it was.
 */
export function narrow({ pixels, widthPx, heightPx }: Plane, maxWidthPx: number): Plane {
  const stride = Math.ceil(widthPx / maxWidthPx);
  if (stride <= 1) return { pixels, widthPx, heightPx };
  const columns = Math.floor(widthPx / stride);
  const rows = Math.floor(heightPx / stride);
  const out = new Uint8Array(columns * rows);
  for (let y = 0, to = 0; y < rows; y += 1)
    for (let x = 0, from = y * stride * widthPx; x < columns; x += 1, to += 1) {
      let sum = 0;
      for (const end = from + stride; from < end; from += 1) sum += pixels[from] as number;
      out[to] = Math.round(sum / stride);
    }
  return { pixels: out, widthPx: columns, heightPx: rows };
}

/** A smaller picture by the mean of squares. */
export function reduce(plane: Plane, maxWidthPx: number): Plane {
  const { pixels, widthPx, heightPx } = plane;
  const stride = Math.ceil(widthPx / maxWidthPx);
  if (stride <= 1) return plane;
  const columns = Math.floor(widthPx / stride);
  const rows = Math.floor(heightPx / stride);
  const out = new Uint8Array(columns * rows);
  const sums = new Uint32Array(columns);
  for (let row = 0; row < rows; row += 1) {
    sums.fill(0);
    for (let y = row * stride; y < (row + 1) * stride; y += 1)
      for (let column = 0, from = y * widthPx; column < columns; column += 1) {
        let sum = 0;
        for (const end = from + stride; from < end; from += 1) sum += pixels[from] as number;
        sums[column] = (sums[column] as number) + sum;
      }
    for (let column = 0; column < columns; column += 1)
      out[row * columns + column] = Math.round((sums[column] as number) / (stride * stride));
  }
  return { pixels: out, widthPx: columns, heightPx: rows };
}

/** Light that differs so much between two pictures is worth taking off. */
const LIGHT_LEVELS = 2;
const LIGHT_RATIO = 1.04;
const MOST_LIGHT_RATIO = 3;

/** The picture in the light of another: of the same mean and spread, wherever things are in it. A fade is then no difference between them. */
export function inLightOf(plane: Plane, other: Plane): Plane {
  const [own, wanted] = [lightOf(plane), lightOf(other)];
  const gain = own.spread > 0 ? wanted.spread / own.spread : 1;
  const ratio = Math.max(gain, 1 / gain);
  const isAlike = ratio < LIGHT_RATIO && Math.abs(own.mean - wanted.mean) < LIGHT_LEVELS;
  if (isAlike || ratio > MOST_LIGHT_RATIO) return plane;
  const pixels = plane.pixels.map((level) =>
    Math.max(0, Math.min(255, Math.round((level - own.mean) * gain + wanted.mean))),
  );
  return { ...plane, pixels };
}

function lightOf({ pixels }: Plane): { readonly mean: number; readonly spread: number } {
  let sum = 0;
  let squares = 0;
  for (const level of pixels) {
    sum += level;
    squares += level * level;
  }
  const mean = sum / pixels.length;
  return { mean, spread: Math.sqrt(Math.max(0, squares / pixels.length - mean * mean)) };
}

export function transpose({ pixels, widthPx, heightPx }: Plane): Plane {
  const out = new Uint8Array(widthPx * heightPx);
  for (let y = 0, from = 0; y < heightPx; y += 1)
    for (let x = 0; x < widthPx; x += 1, from += 1) out[x * heightPx + y] = pixels[from] as number;
  return { pixels: out, widthPx: heightPx, heightPx: widthPx };
}

/** Means over square cells: small enough to be kept for many frames, fine enough to tell where something moved. */
export interface Sketch {
  /** [rows, columns], in levels of the plane. */
  readonly cells: Float32Array;
  readonly columns: number;
  readonly rows: number;
  readonly cellPx: number;
}

export const SKETCH_COLUMNS = 48;

export function sketch({ pixels, widthPx, heightPx }: Plane): Sketch {
  const cellPx = Math.max(1, Math.ceil(Math.max(widthPx, heightPx) / SKETCH_COLUMNS));
  const columns = Math.max(1, Math.floor(widthPx / cellPx));
  const rows = Math.max(1, Math.floor(heightPx / cellPx));
  const cells = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row += 1)
    for (let y = row * cellPx; y < (row + 1) * cellPx; y += 1)
      for (let column = 0, from = y * widthPx; column < columns; column += 1) {
        let sum = 0;
        for (const end = from + cellPx; from < end; from += 1) sum += pixels[from] as number;
        cells[row * columns + column] = (cells[row * columns + column] as number) + sum;
      }
  for (let i = 0; i < cells.length; i += 1) cells[i] = (cells[i] as number) / (cellPx * cellPx);
  return { cells, columns, rows, cellPx };
}

/** Mean absolute difference of two sketches of one size, in levels. */
export function sketchDistance(a: Sketch, b: Sketch): number {
  let sum = 0;
  for (let i = 0; i < a.cells.length; i += 1) sum += Math.abs((a.cells[i] as number) - (b.cells[i] as number));
  return sum / a.cells.length;
}
