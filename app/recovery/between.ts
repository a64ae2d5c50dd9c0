import type { Work } from '../base/work.ts';
import type { MotionField, Picture } from './motion.ts';
import { WayAtTime } from './way.ts';

/** How things moved from one picture to another, and from the other back to it. */
export interface Motion {
  readonly forward: MotionField;
  readonly backward: MotionField;
}

/** Two pictures of one clip and the motion between them, as one or several ways of measuring it have it. */
export interface Pair {
  readonly before: Picture;
  readonly after: Picture;
  readonly motions: readonly Motion[];
}

/** Two fields that lead back to the same place within this many pixels agree; else something covers the pixel in one picture. */
const AGREE_PX = 1.5;
/** Surroundings by which a pixel's motion is judged: five by five. */
const REACH = 2;
const SURROUNDING_PX = (2 * REACH + 1) ** 2;
/** Motion must leave less than this share of the difference that is there without it, and then so many levels less: else nothing moves. */
const STILL_SHARE = 0.8;
const STILL_LEVELS = 0.7;
/** What another motion must leave of the difference that is left by the one before it. */
const OTHER_SHARE = 0.9;

/**
 * The picture at time `t` between two others (0 the former, 1 the latter): everything is drawn where it is on its way, by
 * whichever motion fits its surroundings best. What can be seen in only one of them is taken from that one alone, so nothing is faded
 * where things move.
 */
export function* pictureBetween(pair: Pair, t: number): Work<Picture> {
  const { before, after, motions } = pair;
  const { widthPx, heightPx } = before;
  const ways: (Motion & { readonly way: WayAtTime })[] = [];
  for (const motion of motions) ways.push({ ...motion, way: yield* wayAt(pair, motion, t) });
  const [light, lightAfter] = [lumaOf(before), lumaOf(after)];
  const dx = new Float32Array(widthPx * heightPx);
  const dy = new Float32Array(widthPx * heightPx);
  const shares = new Float32Array(widthPx * heightPx).fill(t);
  for (let y = 0, i = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1, i += 1) {
      let least = unlikeness(light, lightAfter, widthPx, x, y, t, 0, 0, Infinity) * STILL_SHARE - STILL_LEVELS;
      for (const { way, forward, backward } of ways) {
        const [wayX, wayY] = [way.dx[i] as number, way.dy[i] as number];
        if (least <= 0 || (wayX === 0 && wayY === 0)) continue;
        const left = unlikeness(light, lightAfter, widthPx, x, y, t, wayX, wayY, least);
        if (left >= least) continue;
        least = left * OTHER_SHARE;
        dx[i] = wayX;
        dy[i] = wayY;
        const isInBoth = agrees(forward, backward, x - t * wayX, y - t * wayY);
        const isInBothBack = agrees(backward, forward, x + (1 - t) * wayX, y + (1 - t) * wayY);
        // One that leads nowhere back is covered in the other picture, and only it knows what is there.
        shares[i] = isInBoth === isInBothBack ? t : isInBoth ? 1 : 0;
      }
    }
    yield;
  }
  return yield* drawn(pair, t, { dx, dy }, yield* softened(shares, widthPx));
}

/** Where each pixel at time `t` is going, by this motion. */
function* wayAt({ before, after }: Pair, { forward, backward }: Motion, t: number): Work<WayAtTime> {
  const { widthPx, heightPx } = before;
  const way = new WayAtTime(widthPx, heightPx);
  for (let y = 0, i = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1, i += 1) {
      const [dx, dy] = [forward.dx[i] as number, forward.dy[i] as number];
      way.offer(x + t * dx, y + t * dy, dx, dy, difference(before, i, after, x + dx, y + dy));
      const [ux, uy] = [backward.dx[i] as number, backward.dy[i] as number];
      way.offer(x + (1 - t) * ux, y + (1 - t) * uy, -ux, -uy, difference(after, i, before, x + ux, y + uy));
    }
    yield;
  }
  yield* way.fillHoles();
  yield* way.calm();
  return way;
}

function* drawn(
  { before, after }: Pair,
  t: number,
  way: { readonly dx: Float32Array; readonly dy: Float32Array },
  shares: Float32Array,
): Work<Picture> {
  const { widthPx, heightPx } = before;
  const rgb = new Uint8Array(before.rgb.length);
  const [a, b] = [new Float64Array(3), new Float64Array(3)];
  for (let y = 0, i = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1, i += 1) {
      const [dx, dy] = [way.dx[i] as number, way.dy[i] as number];
      sample(before, x - t * dx, y - t * dy, a);
      sample(after, x + (1 - t) * dx, y + (1 - t) * dy, b);
      const share = shares[i] as number;
      for (let colour = 0; colour < 3; colour += 1)
        rgb[i * 3 + colour] = (a[colour] as number) * (1 - share) + (b[colour] as number) * share + 0.5;
    }
    yield;
  }
  return { widthPx, heightPx, rgb };
}

/** Mean of each three by three, so that a single pixel does not stand out from those around it. */
function* softened(values: Float32Array, widthPx: number): Work<Float32Array> {
  const heightPx = values.length / widthPx;
  const soft = new Float32Array(values.length);
  for (let y = 0, i = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1, i += 1) {
      let sum = 0;
      for (let row = y - 1; row <= y + 1; row += 1)
        for (let column = x - 1; column <= x + 1; column += 1)
          sum += values[indexAt({ widthPx, heightPx }, column, row)] as number;
      soft[i] = sum / 9;
    }
    yield;
  }
  return soft;
}

/**
 * The picture `steps` frames after the latter of two, if everything goes on as it went: for a clip's end, and, the pair turned
 * round, for its beginning.
 */
export function* pictureBeyond(pair: Pair, steps: number): Work<Picture> {
  const { after } = pair;
  const { backward } = yield* bestMotion(pair);
  const { widthPx, heightPx } = after;
  const way = new WayAtTime(widthPx, heightPx);
  for (let y = 0, i = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1, i += 1) {
      const [dx, dy] = [-(backward.dx[i] as number), -(backward.dy[i] as number)];
      // What moves hides what stands still: the ground is uncovered, the figure is not.
      way.offer(x + steps * dx, y + steps * dy, dx, dy, -(dx * dx + dy * dy));
    }
    yield;
  }
  yield* way.fillHoles();
  yield* way.calm();
  const rgb = new Uint8Array(after.rgb.length);
  const colours = new Float64Array(3);
  for (let y = 0, i = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1, i += 1) {
      sample(after, x - steps * (way.dx[i] as number), y - steps * (way.dy[i] as number), colours);
      for (let colour = 0; colour < 3; colour += 1) rgb[i * 3 + colour] = (colours[colour] as number) + 0.5;
    }
    yield;
  }
  return { widthPx, heightPx, rgb };
}

/** The motion by which the former picture leads best to the latter. */
function* bestMotion(pair: Pair): Work<Motion> {
  let best: { readonly motion: Motion; readonly residual: number } | null = null;
  for (const motion of pair.motions) {
    const residual = yield* residualOf(pair, motion);
    if (best === null || residual < best.residual) best = { motion, residual };
  }
  if (!best) throw new Error('bug: a pair without any motion');
  return best.motion;
}

/** Mean difference in levels that is left when the latter picture is drawn from the former by the best of its motions. */
export function* motionResidual(pair: Pair): Work<number> {
  let least = Infinity;
  for (const motion of pair.motions) least = Math.min(least, yield* residualOf(pair, motion));
  return least;
}

/** As `motionResidual`, if nothing had moved. */
export function* stillResidual({ before, after }: Pair): Work<number> {
  let sum = 0;
  for (let i = 0; i < after.rgb.length; i += 1) {
    sum += Math.abs((after.rgb[i] as number) - (before.rgb[i] as number));
    if (i % (3 * after.widthPx) === 0) yield;
  }
  return sum / after.rgb.length;
}

function* residualOf({ before, after }: Pair, { backward }: Motion): Work<number> {
  const { widthPx, heightPx } = after;
  let sum = 0;
  for (let y = 0, i = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1, i += 1)
      sum += difference(after, i, before, x + (backward.dx[i] as number), y + (backward.dy[i] as number));
    yield;
  }
  return sum / (3 * widthPx * heightPx);
}

/** A fade from one picture to the other: where no motion explains the change. */
export function* fadeBetween({ before, after }: Pick<Pair, 'before' | 'after'>, t: number): Work<Picture> {
  const rgb = new Uint8Array(before.rgb.length);
  for (let i = 0; i < rgb.length; i += 1) {
    rgb[i] = (before.rgb[i] as number) * (1 - t) + (after.rgb[i] as number) * t + 0.5;
    if (i % (3 * before.widthPx) === 0) yield;
  }
  return { ...before, rgb };
}

function lumaOf({ rgb }: Picture): Float32Array {
  const luma = new Float32Array(rgb.length / 3);
  for (let i = 0; i < luma.length; i += 1)
    luma[i] = 0.3 * (rgb[i * 3] as number) + 0.59 * (rgb[i * 3 + 1] as number) + 0.11 * (rgb[i * 3 + 2] as number);
  return luma;
}

/**
 * Mean difference of the surroundings of a pixel at time `t` in both pictures, when they move by (dx, dy) in between; beyond the
 * edge a picture goes on as at the edge.
 *
 * @param limit  from here on it need not be exact
 */
function unlikeness(
  before: Float32Array,
  after: Float32Array,
  widthPx: number,
  x: number,
  y: number,
  t: number,
  dx: number,
  dy: number,
  limit: number,
): number {
  const lastRow = before.length / widthPx - 1;
  const stop = limit * SURROUNDING_PX;
  const formerAt = { x: x - t * dx, y: y - t * dy };
  const latterAt = { x: x + (1 - t) * dx, y: y + (1 - t) * dy };
  let sum = 0;
  for (let row = -REACH; row <= REACH && sum < stop; row += 1)
    for (let column = -REACH; column <= REACH; column += 1) {
      const former = lightAt(before, widthPx, lastRow, formerAt.x + column, formerAt.y + row);
      const latter = lightAt(after, widthPx, lastRow, latterAt.x + column, latterAt.y + row);
      sum += former > latter ? former - latter : latter - former;
    }
  return sum / SURROUNDING_PX;
}

/** Between four pixels. */
function lightAt(luma: Float32Array, widthPx: number, lastRow: number, x: number, y: number): number {
  const left = x < 0 ? 0 : x > widthPx - 1 ? widthPx - 1 : x;
  const top = y < 0 ? 0 : y > lastRow ? lastRow : y;
  const column = left >= widthPx - 1 ? widthPx - 2 : left | 0;
  const row = top >= lastRow ? lastRow - 1 : top | 0;
  const across = left - column;
  const i = row * widthPx + column;
  const upper = (luma[i] as number) * (1 - across) + (luma[i + 1] as number) * across;
  const below = i + widthPx;
  const lower = (luma[below] as number) * (1 - across) + (luma[below + 1] as number) * across;
  return upper + (lower - upper) * (top - row);
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
