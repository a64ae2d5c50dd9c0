import type { MotionField, Picture } from './motion.ts';

/** Two pictures of one clip and the motion between them, both ways. */
export interface Pair {
  readonly before: Picture;
  readonly after: Picture;
  readonly forward: MotionField;
  readonly backward: MotionField;
}

/** Two fields that lead back to the same place within this many pixels agree; else something covers the pixel in one picture. */
const AGREE_PX = 1.5;
/** Levels by which motion must explain a pixel better than standing still does. */
const STILL_LEVELS = 1;
const HOLE = -1;
/** Dearer than anything that leads somewhere. */
const FILLED = 1e30;

/**
 * The picture at time `t` between two others (0 the former, 1 the latter): everything is drawn where it is on its way. What can
 * be seen in only one of them is taken from that one alone, so nothing is faded where things move.
 */
export function pictureBetween(pair: Pair, t: number): Picture {
  const { before, after, forward, backward } = pair;
  const { widthPx, heightPx } = before;
  const way = new WayAtTime(widthPx, heightPx);
  for (let y = 0, i = 0; y < heightPx; y += 1)
    for (let x = 0; x < widthPx; x += 1, i += 1) {
      const [dx, dy] = [forward.dx[i] as number, forward.dy[i] as number];
      way.offer(x + t * dx, y + t * dy, dx, dy, difference(before, i, after, x + dx, y + dy));
      const [ux, uy] = [backward.dx[i] as number, backward.dy[i] as number];
      way.offer(x + (1 - t) * ux, y + (1 - t) * uy, -ux, -uy, difference(after, i, before, x + ux, y + uy));
    }
  way.fillHoles();

  way.calm();

  const shares = new Float32Array(widthPx * heightPx);
  for (let y = 0, i = 0; y < heightPx; y += 1)
    for (let x = 0; x < widthPx; x += 1, i += 1) {
      const [dx, dy] = [way.dx[i] as number, way.dy[i] as number];
      if (!movesRather(before, after, x, y, t, dx, dy)) way.dx[i] = way.dy[i] = 0;
      const isInBoth = agrees(forward, backward, x - t * dx, y - t * dy);
      const isInBothBack = agrees(backward, forward, x + (1 - t) * dx, y + (1 - t) * dy);
      // One that leads nowhere back is covered in the other picture, and only it knows what is there.
      const isStill = way.dx[i] === 0 && way.dy[i] === 0;
      shares[i] = isStill || isInBoth === isInBothBack ? t : isInBoth ? 1 : 0;
    }
  return drawn(pair, t, way, softened(shares, widthPx));
}

function drawn({ before, after }: Pair, t: number, way: WayAtTime, shares: Float32Array): Picture {
  const { widthPx, heightPx } = before;
  const rgb = new Uint8Array(before.rgb.length);
  const [a, b] = [new Float64Array(3), new Float64Array(3)];
  for (let y = 0, i = 0; y < heightPx; y += 1)
    for (let x = 0; x < widthPx; x += 1, i += 1) {
      const [dx, dy] = [way.dx[i] as number, way.dy[i] as number];
      sample(before, x - t * dx, y - t * dy, a);
      sample(after, x + (1 - t) * dx, y + (1 - t) * dy, b);
      const share = shares[i] as number;
      for (let colour = 0; colour < 3; colour += 1)
        rgb[i * 3 + colour] = (a[colour] as number) * (1 - share) + (b[colour] as number) * share + 0.5;
    }
  return { widthPx, heightPx, rgb };
}

/** Mean of each three by three, so that a single pixel does not stand out from those around it. */
function softened(values: Float32Array, widthPx: number): Float32Array {
  const heightPx = values.length / widthPx;
  return values.map((_, i) => {
    const x = i % widthPx;
    const y = (i - x) / widthPx;
    let sum = 0;
    for (let row = y - 1; row <= y + 1; row += 1)
      for (let column = x - 1; column <= x + 1; column += 1)
        sum += values[indexAt({ widthPx, heightPx }, column, row)] as number;
    return sum / 9;
  });
}

/**
 * The picture `steps` frames after the latter of two, if everything goes on as it went: for a clip's end, and, the pair turned
 * round, for its beginning.
 */
export function pictureBeyond({ after, backward }: Pair, steps: number): Picture {
  const { widthPx, heightPx } = after;
  const way = new WayAtTime(widthPx, heightPx);
  for (let y = 0, i = 0; y < heightPx; y += 1)
    for (let x = 0; x < widthPx; x += 1, i += 1) {
      const [dx, dy] = [-(backward.dx[i] as number), -(backward.dy[i] as number)];
      // What moves hides what stands still: the ground is uncovered, the figure is not.
      way.offer(x + steps * dx, y + steps * dy, dx, dy, -(dx * dx + dy * dy));
    }
  way.fillHoles();
  way.calm();
  const rgb = new Uint8Array(after.rgb.length);
  const colours = new Float64Array(3);
  for (let y = 0, i = 0; y < heightPx; y += 1)
    for (let x = 0; x < widthPx; x += 1, i += 1) {
      sample(after, x - steps * (way.dx[i] as number), y - steps * (way.dy[i] as number), colours);
      for (let colour = 0; colour < 3; colour += 1) rgb[i * 3 + colour] = (colours[colour] as number) + 0.5;
    }
  return { widthPx, heightPx, rgb };
}

/** Mean difference in levels that is left when the latter picture is drawn from the former by its motion. */
export function motionResidual({ before, after, backward }: Pair): number {
  const { widthPx, heightPx } = after;
  let sum = 0;
  for (let y = 0, i = 0; y < heightPx; y += 1)
    for (let x = 0; x < widthPx; x += 1, i += 1)
      sum += difference(after, i, before, x + (backward.dx[i] as number), y + (backward.dy[i] as number));
  return sum / (3 * widthPx * heightPx);
}

/** A fade from one picture to the other: where no motion explains the change. */
export function fadeBetween({ before, after }: Pick<Pair, 'before' | 'after'>, t: number): Picture {
  const rgb = before.rgb.map((value, i) => value * (1 - t) + (after.rgb[i] as number) * t + 0.5);
  return { ...before, rgb };
}

/** Which way each pixel of a picture in between is going; where several claim a pixel, the one that fits best has it. */
class WayAtTime {
  readonly dx: Float32Array;
  readonly dy: Float32Array;
  readonly #cost: Float32Array;
  readonly #widthPx: number;
  readonly #heightPx: number;

  constructor(widthPx: number, heightPx: number) {
    this.#widthPx = widthPx;
    this.#heightPx = heightPx;
    this.dx = new Float32Array(widthPx * heightPx);
    this.dy = new Float32Array(widthPx * heightPx);
    this.#cost = new Float32Array(widthPx * heightPx).fill(Infinity);
  }

  offer(x: number, y: number, dx: number, dy: number, cost: number): void {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    for (let row = Math.max(0, top); row <= Math.min(this.#heightPx - 1, top + 1); row += 1)
      for (let column = Math.max(0, left); column <= Math.min(this.#widthPx - 1, left + 1); column += 1) {
        const i = row * this.#widthPx + column;
        if (cost >= (this.#cost[i] as number)) continue;
        this.#cost[i] = cost;
        this.dx[i] = dx;
        this.dy[i] = dy;
      }
  }

  /** The middle one of each three by three: a single stray vector is no motion. */
  calm(): void {
    for (const field of [this.dx, this.dy]) {
      const former = field.slice();
      const around = new Float32Array(9);
      for (let y = 1; y + 1 < this.#heightPx; y += 1)
        for (let x = 1; x + 1 < this.#widthPx; x += 1) {
          const at = y * this.#widthPx + x;
          for (let n = 0; n < 9; n += 1)
            around[n] = former[at + (Math.floor(n / 3) - 1) * this.#widthPx + (n % 3) - 1] as number;
          field[at] = around.toSorted()[4] as number;
        }
    }
  }

  /** A pixel to which nothing leads goes the way of the pixels around it. */
  fillHoles(): void {
    const widthPx = this.#widthPx;
    let holes = [...this.#cost.keys()].filter((i) => this.#cost[i] === Infinity);
    while (holes.length > 0) {
      const filled: (readonly [number, number, number])[] = [];
      for (const i of holes) {
        const x = i % widthPx;
        const around = [
          x > 0 ? i - 1 : HOLE,
          x + 1 < widthPx ? i + 1 : HOLE,
          i - widthPx,
          i + widthPx < this.dx.length ? i + widthPx : HOLE,
        ].filter((j) => j >= 0 && this.#cost[j] !== Infinity);
        if (around.length === 0) continue;
        const mean = (of: Float32Array): number =>
          around.reduce((sum, j) => sum + (of[j] as number), 0) / around.length;
        filled.push([i, mean(this.dx), mean(this.dy)]);
      }
      if (filled.length === 0) return;
      for (const [i, dx, dy] of filled) {
        this.dx[i] = dx;
        this.dy[i] = dy;
        this.#cost[i] = FILLED;
      }
      holes = holes.filter((i) => this.#cost[i] === Infinity);
    }
  }
}

/** Whether the surroundings of a pixel fit better when they have moved than when they stood still. */
function movesRather(a: Picture, b: Picture, x: number, y: number, t: number, dx: number, dy: number): boolean {
  if (dx === 0 && dy === 0) return false;
  const [ax, ay] = [Math.round(x - t * dx), Math.round(y - t * dy)];
  const [bx, by] = [Math.round(x + (1 - t) * dx), Math.round(y + (1 - t) * dy)];
  let moved = 0;
  let still = 0;
  for (let row = -1; row <= 1; row += 1)
    for (let column = -1; column <= 1; column += 1) {
      moved += difference(a, indexAt(a, ax + column, ay + row), b, bx + column, by + row);
      still += difference(a, indexAt(a, x + column, y + row), b, x + column, y + row);
    }
  return moved + STILL_LEVELS * 27 < still;
}

const indexAt = ({ widthPx, heightPx }: Pick<Picture, 'widthPx' | 'heightPx'>, x: number, y: number): number =>
  Math.max(0, Math.min(heightPx - 1, y)) * widthPx + Math.max(0, Math.min(widthPx - 1, x));

function agrees(there: MotionField, back: MotionField, x: number, y: number): boolean {
  const { widthPx, heightPx } = there;
  const [column, row] = [Math.round(x), Math.round(y)];
  if (column < 0 || column >= widthPx || row < 0 || row >= heightPx) return false;
  const i = row * widthPx + column;
  const [dx, dy] = [there.dx[i] as number, there.dy[i] as number];
  const toColumn = Math.round(column + dx);
  const toRow = Math.round(row + dy);
  if (toColumn < 0 || toColumn >= widthPx || toRow < 0 || toRow >= heightPx) return false;
  const j = toRow * widthPx + toColumn;
  return Math.abs(dx + (back.dx[j] as number)) + Math.abs(dy + (back.dy[j] as number)) <= AGREE_PX;
}

/** Sum over the colours, in levels, between pixel i of one picture and a place in another. */
function difference(a: Picture, i: number, b: Picture, x: number, y: number): number {
  const column = Math.max(0, Math.min(b.widthPx - 1, Math.round(x)));
  const row = Math.max(0, Math.min(b.heightPx - 1, Math.round(y)));
  const j = (row * b.widthPx + column) * 3;
  return (
    Math.abs((a.rgb[i * 3] as number) - (b.rgb[j] as number)) +
    Math.abs((a.rgb[i * 3 + 1] as number) - (b.rgb[j + 1] as number)) +
    Math.abs((a.rgb[i * 3 + 2] as number) - (b.rgb[j + 2] as number))
  );
}

/** The colour between four pixels; beyond the edge as at the edge. */
function sample({ widthPx, heightPx, rgb }: Picture, x: number, y: number, out: Float64Array): void {
  const left = Math.max(0, Math.min(widthPx - 1, x));
  const top = Math.max(0, Math.min(heightPx - 1, y));
  const column = Math.min(widthPx - 2, Math.floor(left));
  const row = Math.min(heightPx - 2, Math.floor(top));
  const [acrossShare, downShare] = [left - column, top - row];
  const i = (row * widthPx + column) * 3;
  const below = i + widthPx * 3;
  for (let colour = 0; colour < 3; colour += 1) {
    const upper = (rgb[i + colour] as number) * (1 - acrossShare) + (rgb[i + 3 + colour] as number) * acrossShare;
    const lower =
      (rgb[below + colour] as number) * (1 - acrossShare) + (rgb[below + 3 + colour] as number) * acrossShare;
    out[colour] = upper * (1 - downShare) + lower * downShare;
  }
}
