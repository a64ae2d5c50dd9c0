import type { Work } from '../base/work.ts';

/**
 * Where each pixel of one picture has gone in another, found by comparing blocks on a pyramid of sizes. For pictures that a
 * flow model has not measured; it is exact enough to draw the frames between two others.
 */
export interface MotionField {
  readonly widthPx: number;
  readonly heightPx: number;
  /** [height, width]: what is at (x, y) in the first picture is at (x + dx, y + dy) in the second. */
  readonly dx: Float32Array;
  readonly dy: Float32Array;
}

export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  /** [height, width, 3], full range */
  readonly rgb: Uint8Array;
}

const BLOCK_PX = 8;
const GRID_PX = 4;
/** The smallest picture of the pyramid still holds a few blocks. */
const COARSEST_PX = 24;
const COARSE_REACH_PX = 4;
/** Levels of difference that a vector of its own must save for each pixel by which it leaves its neighbours. */
const SMOOTHNESS = 4;
const PIXEL_REACH = 2;

interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly dx: Float32Array;
  readonly dy: Float32Array;
}

/** @throws RangeError  the two are of different size: a bug in the caller */
export function* estimateMotion(from: Picture, to: Picture): Work<MotionField> {
  if (from.rgb.length !== to.rgb.length || from.widthPx !== to.widthPx)
    throw new RangeError('bug: motion between pictures of different size');
  const pyramid: [Picture, Picture][] = [[from, to]];
  for (let [a, b] = [from, to]; Math.min(a.widthPx, a.heightPx) >= 2 * COARSEST_PX;) {
    [a, b] = [halve(a), halve(b)];
    pyramid.push([a, b]);
    yield;
  }
  let grid: Grid | null = null;
  for (const [level, [a, b]] of [...pyramid.entries()].toReversed()) {
    const next = begin(a, grid);
    const reach = grid === null ? COARSE_REACH_PX : 1;
    for (const backwards of [false, true, false]) yield* sweep(a, b, next, reach, backwards);
    if (level === 0) yield* refine(a, b, next);
    grid = next;
  }
  return yield* dense(from, to, grid ?? begin(from, null));
}

/** Mean of each two by two pixels. */
export function halve({ widthPx, heightPx, rgb }: Picture): Picture {
  const width = Math.max(1, widthPx >> 1);
  const height = Math.max(1, heightPx >> 1);
  const out = new Uint8Array(width * height * 3);
  const right = widthPx > 1 ? 3 : 0;
  const down = heightPx > 1 ? widthPx * 3 : 0;
  for (let y = 0, at = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const i = (2 * y * widthPx + 2 * x) * 3;
      for (let colour = 0; colour < 3; colour += 1, at += 1) {
        const j = i + colour;
        const sum = (rgb[j] as number) + (rgb[j + right] as number) + (rgb[j + down] as number);
        out[at] = (sum + (rgb[j + down + right] as number) + 2) >> 2;
      }
    }
  return { widthPx: width, heightPx: height, rgb: out };
}

/** A grid for this size, begun from the coarser one. */
function begin({ widthPx, heightPx }: Picture, coarser: Grid | null): Grid {
  const columns = Math.ceil(widthPx / GRID_PX);
  const rows = Math.ceil(heightPx / GRID_PX);
  const grid = { columns, rows, dx: new Float32Array(columns * rows), dy: new Float32Array(columns * rows) };
  if (!coarser) return grid;
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      const from = Math.min(coarser.rows - 1, row >> 1) * coarser.columns + Math.min(coarser.columns - 1, column >> 1);
      grid.dx[row * columns + column] = 2 * (coarser.dx[from] as number);
      grid.dy[row * columns + column] = 2 * (coarser.dy[from] as number);
    }
  return grid;
}

/** Mean difference of one block moved by whole pixels, in levels; beyond the edge the picture goes on as at the edge. */
function blockCost(a: Picture, b: Picture, left: number, top: number, dx: number, dy: number, limit: number): number {
  const { widthPx, heightPx } = a;
  const right = Math.min(widthPx, left + BLOCK_PX);
  const bottom = Math.min(heightPx, top + BLOCK_PX);
  const from = { x: Math.max(0, left), y: Math.max(0, top) };
  const values = (right - from.x) * (bottom - from.y) * 3;
  const stop = limit * values;
  let sum = 0;
  for (let y = from.y; y < bottom && sum < stop; y += 1) {
    const other = Math.max(0, Math.min(heightPx - 1, y + dy)) * widthPx;
    for (let x = from.x; x < right; x += 1) {
      const i = (y * widthPx + x) * 3;
      const j = (other + Math.max(0, Math.min(widthPx - 1, x + dx))) * 3;
      const red = (a.rgb[i] as number) - (b.rgb[j] as number);
      const green = (a.rgb[i + 1] as number) - (b.rgb[j + 1] as number);
      const blue = (a.rgb[i + 2] as number) - (b.rgb[j + 2] as number);
      sum += (red < 0 ? -red : red) + (green < 0 ? -green : green) + (blue < 0 ? -blue : blue);
    }
  }
  return sum / values;
}

const leftOf = (cell: number): number => cell * GRID_PX - (BLOCK_PX - GRID_PX) / 2;

/** Each block takes the best of what it has, what its neighbours have, and a few steps around; in one order or the other. */
function* sweep(a: Picture, b: Picture, grid: Grid, reach: number, isBackwards: boolean): Work<void> {
  const { columns, rows, dx, dy } = grid;
  const cells = columns * rows;
  for (let n = 0; n < cells; n += 1) {
    const at = isBackwards ? cells - 1 - n : n;
    const column = at % columns;
    const row = (at - column) / columns;
    const around = [
      ...(column > 0 ? [at - 1] : []),
      ...(column + 1 < columns ? [at + 1] : []),
      ...(row > 0 ? [at - columns] : []),
      ...(row + 1 < rows ? [at + columns] : []),
    ];
    const meanX = around.reduce((sum, i) => sum + (dx[i] as number), 0) / Math.max(1, around.length);
    const meanY = around.reduce((sum, i) => sum + (dy[i] as number), 0) / Math.max(1, around.length);
    let best = { x: dx[at] as number, y: dy[at] as number, cost: Infinity };
    const seen = new Set<number>();
    const offer = (x: number, y: number): void => {
      const key = (x + 4096) * 8192 + y;
      if (seen.has(key)) return;
      seen.add(key);
      const bend = SMOOTHNESS * Math.min(4, Math.abs(x - meanX) + Math.abs(y - meanY));
      if (bend >= best.cost) return;
      const cost = blockCost(a, b, leftOf(column), leftOf(row), x, y, best.cost - bend) + bend;
      if (cost < best.cost) best = { x, y, cost };
    };
    offer(best.x, best.y);
    offer(0, 0);
    for (const i of around) offer(dx[i] as number, dy[i] as number);
    const { x, y } = best;
    for (let stepY = -reach; stepY <= reach; stepY += 1)
      for (let stepX = -reach; stepX <= reach; stepX += 1) offer(x + stepX, y + stepY);
    dx[at] = best.x;
    dy[at] = best.y;
    if (n % columns === 0) yield;
  }
}

/** To fractions of a pixel: where a parabola through the costs of three neighbouring shifts is lowest. */
function* refine(a: Picture, b: Picture, { columns, rows, dx, dy }: Grid): Work<void> {
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      const [x, y] = [dx[at] as number, dy[at] as number];
      const cost = (stepX: number, stepY: number): number =>
        blockCost(a, b, leftOf(column), leftOf(row), x + stepX, y + stepY, Infinity);
      const middle = cost(0, 0);
      dx[at] = x + valley(cost(-1, 0), middle, cost(1, 0));
      dy[at] = y + valley(cost(0, -1), middle, cost(0, 1));
    }
    yield;
  }
}

function valley(before: number, middle: number, after: number): number {
  const bend = before - 2 * middle + after;
  // A difference of absolute values has a sharp valley: its bottom lies half as far off as a parabola says only for a flat one.
  return bend <= 0.05 ? 0 : Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend)));
}

/** A vector for each pixel: of the blocks around it the one that fits its own small surroundings best. */
function* dense(a: Picture, b: Picture, grid: Grid): Work<MotionField> {
  const { widthPx, heightPx } = a;
  const field = {
    widthPx,
    heightPx,
    dx: new Float32Array(widthPx * heightPx),
    dy: new Float32Array(widthPx * heightPx),
  };
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const row = Math.min(grid.rows - 1, Math.floor(y / GRID_PX));
      const column = Math.min(grid.columns - 1, Math.floor(x / GRID_PX));
      const besideRow = Math.max(0, Math.min(grid.rows - 1, y % GRID_PX < GRID_PX / 2 ? row - 1 : row + 1));
      const besideColumn = Math.max(0, Math.min(grid.columns - 1, x % GRID_PX < GRID_PX / 2 ? column - 1 : column + 1));
      const own = row * grid.columns + column;
      const others = [row * grid.columns + besideColumn, besideRow * grid.columns + column];
      let best = own;
      const isUniform = [...others, besideRow * grid.columns + besideColumn].every(
        (i) => grid.dx[i] === grid.dx[own] && grid.dy[i] === grid.dy[own],
      );
      if (!isUniform) {
        let bestCost = Infinity;
        for (const i of [own, ...others, besideRow * grid.columns + besideColumn]) {
          const cost = pixelCost(a, b, x, y, Math.round(grid.dx[i] as number), Math.round(grid.dy[i] as number));
          if (cost >= bestCost) continue;
          bestCost = cost;
          best = i;
        }
      }
      field.dx[y * widthPx + x] = grid.dx[best] as number;
      field.dy[y * widthPx + x] = grid.dy[best] as number;
    }
    yield;
  }
  return field;
}

/** Difference of the small surroundings of one pixel, moved; the middle counts most. */
function pixelCost(a: Picture, b: Picture, x: number, y: number, dx: number, dy: number): number {
  const { widthPx, heightPx } = a;
  let sum = 0;
  for (let stepY = -PIXEL_REACH; stepY <= PIXEL_REACH; stepY += 1) {
    const row = Math.max(0, Math.min(heightPx - 1, y + stepY)) * widthPx;
    const other = Math.max(0, Math.min(heightPx - 1, y + stepY + dy)) * widthPx;
    for (let stepX = -PIXEL_REACH; stepX <= PIXEL_REACH; stepX += 1) {
      const i = (row + Math.max(0, Math.min(widthPx - 1, x + stepX))) * 3;
      const j = (other + Math.max(0, Math.min(widthPx - 1, x + stepX + dx))) * 3;
      const weight = stepX === 0 && stepY === 0 ? 4 : 1;
      sum +=
        weight *
        (Math.abs((a.rgb[i] as number) - (b.rgb[j] as number)) +
          Math.abs((a.rgb[i + 1] as number) - (b.rgb[j + 1] as number)) +
          Math.abs((a.rgb[i + 2] as number) - (b.rgb[j + 2] as number)));
    }
  }
  return sum;
}

/** The same motion for a picture of another size. */
export function* scaleMotion(field: MotionField, widthPx: number, heightPx: number): Work<MotionField> {
  if (field.widthPx === widthPx && field.heightPx === heightPx) return field;
  const [across, down] = [widthPx / field.widthPx, heightPx / field.heightPx];
  const scaled = {
    widthPx,
    heightPx,
    dx: new Float32Array(widthPx * heightPx),
    dy: new Float32Array(widthPx * heightPx),
  };
  for (let y = 0, at = 0; y < heightPx; y += 1) {
    const row = Math.min(field.heightPx - 1, Math.floor(y / down)) * field.widthPx;
    for (let x = 0; x < widthPx; x += 1, at += 1) {
      const from = row + Math.min(field.widthPx - 1, Math.floor(x / across));
      scaled.dx[at] = (field.dx[from] as number) * across;
      scaled.dy[at] = (field.dy[from] as number) * down;
    }
    yield;
  }
  return scaled;
}

/**
 * A flow model's field for a picture of another size, smooth between its pixels.
 *
 * @param field  [2, height, width] of a picture of size `from`: right, down
 */
export function* smoothMotion(
  field: Float32Array,
  from: { readonly widthPx: number; readonly heightPx: number },
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): Work<MotionField> {
  const [across, down] = [widthPx / from.widthPx, heightPx / from.heightPx];
  const plane = from.widthPx * from.heightPx;
  const dx = new Float32Array(widthPx * heightPx);
  const dy = new Float32Array(widthPx * heightPx);
  for (let y = 0, at = 0; y < heightPx; y += 1) {
    const top = Math.max(0, Math.min(from.heightPx - 1, (y + 0.5) / down - 0.5));
    const row = Math.min(from.heightPx - 2, Math.floor(top));
    for (let x = 0; x < widthPx; x += 1, at += 1) {
      const left = Math.max(0, Math.min(from.widthPx - 1, (x + 0.5) / across - 0.5));
      const column = Math.min(from.widthPx - 2, Math.floor(left));
      const [u, v] = [left - column, top - row];
      const first = row * from.widthPx + column;
      const between = (i: number): number => {
        const upper = (field[i] as number) * (1 - u) + (field[i + 1] as number) * u;
        const lower = (field[i + from.widthPx] as number) * (1 - u) + (field[i + from.widthPx + 1] as number) * u;
        return upper * (1 - v) + lower * v;
      };
      dx[at] = between(first) * across;
      dy[at] = between(plane + first) * down;
    }
    yield;
  }
  return { widthPx, heightPx, dx, dy };
}
