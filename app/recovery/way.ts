import type { Work } from '../base/work.ts';

const HOLE = -1;
/** Dearer than anything that leads somewhere. */
const FILLED = 1e30;
/** Pixels after which others may have their turn. */
const PIECE = 1024;

/** Which way each pixel of a picture in between is going; where several claim a pixel, the one that fits best has it. */
export class WayAtTime {
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
  *calm(): Work<void> {
    const widthPx = this.#widthPx;
    const around = new Float32Array(9);
    for (const field of [this.dx, this.dy]) {
      const former = field.slice();
      for (let y = 1; y + 1 < this.#heightPx; y += 1) {
        for (let x = 1, at = y * widthPx + 1; x + 1 < widthPx; x += 1, at += 1) {
          let isUniform = true;
          for (let row = -1, n = 0; row <= 1; row += 1)
            for (let column = -1; column <= 1; column += 1, n += 1) {
              around[n] = former[at + row * widthPx + column] as number;
              isUniform &&= around[n] === around[0];
            }
          if (!isUniform) field[at] = middle(around);
        }
        yield;
      }
    }
  }

  /** A pixel to which nothing leads goes the way of the pixels around it. */
  *fillHoles(): Work<void> {
    const widthPx = this.#widthPx;
    let holes: number[] = [];
    for (let i = 0; i < this.#cost.length; i += 1) {
      if (this.#cost[i] === Infinity) holes.push(i);
      if (i % PIECE === 0) yield;
    }
    while (holes.length > 0) {
      const filled: (readonly [number, number, number])[] = [];
      for (const [count, i] of holes.entries()) {
        if (count % PIECE === 0) yield;
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

/** Sorts in place: a few numbers are done before a library's sort has begun. */
function middle(values: Float32Array): number {
  for (let i = 1; i < values.length; i += 1) {
    const value = values[i] as number;
    let at = i;
    for (; at > 0 && (values[at - 1] as number) > value; at -= 1) values[at] = values[at - 1] as number;
    values[at] = value;
  }
  return values[values.length >> 1] as number;
}
