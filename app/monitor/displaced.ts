import { LUMA_SPAN } from './luma.ts';
import type { Plane, Sketch } from './plane.ts';

/** Where the whole picture is, beside where it was a frame before. */
export interface Displacement {
  /** Of the picture's width and height, to the right and down. */
  readonly x: number;
  readonly y: number;
  /** The change as it is, against what is left of it when the picture is moved back; what came into view counts as it is. */
  readonly ratio: number;
  /** The same for the best one of the size that a camera's motion has: a pattern that repeats has many that explain it. */
  readonly nearRatio: number;
}

/** Up to so much of the width and the height, both ways. */
const REACH_SHARE = 0.55;
/** Change that is rounding, grain and an encoder's doing, in levels. */
const LITTLE_LEVELS = 0.5;
/** A camera's motion within a frame, of the width. */
const NEAR_SHARE = 0.06;
/** The best of the coarse places is looked at once more with the finer planes, so many cells around. */
const REFINED_CELLS = 1;

type Place = Pick<Displacement, 'x' | 'y' | 'ratio'>;

interface Grid {
  readonly levels: ArrayLike<number>;
  readonly columns: number;
  readonly rows: number;
}

const gridOf = ({ pixels, widthPx, heightPx }: Plane): Grid => ({ levels: pixels, columns: widthPx, rows: heightPx });
const gridOfSketch = ({ cells, columns, rows }: Sketch): Grid => ({ levels: cells, columns, rows });

interface Seen {
  readonly sketch: Sketch;
  readonly coarse: Plane;
}

/** The one displacement of the whole picture that explains most of its change; a ratio of 1 where none explains any. */
export function measureDisplacement(now: Seen, before: Seen): Displacement {
  const [small, smallBefore] = [gridOfSketch(now.sketch), gridOfSketch(before.sketch)];
  const reachX = Math.floor(small.columns * REACH_SHARE);
  const reachY = Math.floor(small.rows * REACH_SHARE);
  const rough = search(small, smallBefore, { x: [-reachX, reachX], y: [-reachY, reachY] });
  const nearCells = Math.max(1, Math.round(small.columns * NEAR_SHARE));
  const near = search(small, smallBefore, { x: [-nearCells, nearCells], y: [-nearCells, nearCells] });
  const [fine, fineBefore] = [gridOf(now.coarse), gridOf(before.coarse)];
  const around = (cells: number, scale: number): readonly [number, number] => [
    Math.round((cells - REFINED_CELLS) * scale),
    Math.round((cells + REFINED_CELLS) * scale),
  ];
  const scale = { x: fine.columns / small.columns, y: fine.rows / small.rows };
  const refined = ({ x, y }: Place): Place =>
    search(fine, fineBefore, { x: around(x, scale.x), y: around(y, scale.y) });
  const best = refined(rough);
  // The same place is not looked at twice.
  const nearRatio = near.x === rough.x && near.y === rough.y ? best.ratio : refined(near).ratio;
  return { x: best.x / fine.columns, y: best.y / fine.rows, ratio: best.ratio, nearRatio };
}

function search(
  now: Grid,
  before: Grid,
  range: { readonly x: readonly [number, number]; readonly y: readonly [number, number] },
): Place {
  const { columns, rows } = now;
  const asIs = cumulated(now, before);
  const all = asIs[asIs.length - 1] as number;
  const little = LITTLE_LEVELS * columns * rows;
  let best: Place = { x: 0, y: 0, ratio: 1 };
  for (let y = range.y[0]; y <= range.y[1]; y += 1)
    for (let x = range.x[0]; x <= range.x[1]; x += 1) {
      const [left, right] = [Math.max(0, x), columns + Math.min(0, x)];
      const [top, bottom] = [Math.max(0, y), rows + Math.min(0, y)];
      if (right <= left || bottom <= top) continue;
      // More than the best one leaves can't become better.
      const kept = all - within(asIs, columns, { left, right, top, bottom });
      const limit = (all + little) / best.ratio - little - kept;
      let sum = 0;
      for (let row = top; row < bottom && sum < limit; row += 1)
        for (let i = row * columns + left, end = row * columns + right, shift = y * columns + x; i < end; i += 1)
          sum += Math.abs((now.levels[i] as number) - (before.levels[i - shift] as number));
      const ratio = (all + little) / (kept + sum + little);
      if (sum < limit && ratio > best.ratio) best = { x, y, ratio };
    }
  return best;
}

/** Sums of change over all that is above and left of each corner: [rows + 1, columns + 1]. */
function cumulated(now: Grid, before: Grid): Float64Array {
  const { columns, rows } = now;
  const sums = new Float64Array((columns + 1) * (rows + 1));
  for (let y = 0; y < rows; y += 1) {
    let row = 0;
    for (let x = 0; x < columns; x += 1) {
      row += Math.abs((now.levels[y * columns + x] as number) - (before.levels[y * columns + x] as number));
      sums[(y + 1) * (columns + 1) + x + 1] = (sums[y * (columns + 1) + x + 1] as number) + row;
    }
  }
  return sums;
}

function within(
  sums: Float64Array,
  columns: number,
  {
    left,
    right,
    top,
    bottom,
  }: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number },
): number {
  const at = (x: number, y: number): number => sums[y * (columns + 1) + x] as number;
  return at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top);
}

/** Change that an affine change of light leaves, 0..1: a lamp that goes out explains itself. */
export function lightRest(now: Sketch, before: Sketch): number {
  const count = now.cells.length;
  let [sumX, sumY, squares, products] = [0, 0, 0, 0];
  for (let i = 0; i < count; i += 1) {
    const [x, y] = [before.cells[i] as number, now.cells[i] as number];
    sumX += x;
    sumY += y;
    squares += x * x;
    products += x * y;
  }
  const spread = squares - (sumX * sumX) / count;
  const gain = spread > 0 ? (products - (sumX * sumY) / count) / spread : 1;
  const offset = (sumY - gain * sumX) / count;
  let rest = 0;
  for (let i = 0; i < count; i += 1)
    rest += Math.abs((now.cells[i] as number) - gain * (before.cells[i] as number) - offset);
  return rest / count / LUMA_SPAN;
}
