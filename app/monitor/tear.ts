import { LUMA_SPAN } from './luma.ts';
import type { Plane } from './plane.ts';

/** A row at which the picture below goes on sideways of where the picture above ends. */
export interface Tear {
  /** First row below the tear. */
  readonly rowPx: number;
  /** How far the lower part has slipped to the right. */
  readonly shiftPx: number;
  /** Mean luma step across the row, 0..1: how plainly it can be seen. */
  readonly edge: number;
  /** That step against the one that is left when the slip is undone. */
  readonly undoneRatio: number;
  /** Against a sound frame: how much better the slipped part fits to where it was. */
  readonly fitRatio: number;
  /** `this` frame is torn; or it is sound again, and those `before` it were torn since the clip began. */
  readonly side: 'this' | 'before';
}

/** Tears in the small picture of one frame; rows and columns are those of that picture, as wide as `widthPx`. */
export interface TearFigures extends Tear {
  readonly direction: 'across' | 'along';
  readonly widthPx: number;
}

/** A thing may move by this many rows from frame to frame. */
const MOVED_ROWS = 1;
/** The step across a tear is so many times what the sound frame has in the same rows, and at least so many levels. */
const MIN_NOVELTY = 1.25;
const MIN_LEVELS = 1.5;
const CANDIDATE_COUNT = 8;
/** Slips are searched for up to this share of the width. */
const SHIFT_SHARE = 0.4;
/** Undoing the slip must take away a good part of the step; a shift of a pixel is how any slanted edge looks. */
export const MIN_UNDONE_RATIO = 1.5;
const MIN_SHIFT_SHARE = 0.025;
const MIN_SHIFT_PX = 3;
/** The slipped part fits that much better where it was than where it is. */
export const MIN_FIT_RATIO = 1.5;
/** Both together must be plain: each alone is now and then had by chance. */
const MIN_PROOF = 4;
/** Rows beside the tear by which that is judged. */
const BAND_ROWS = 12;
/** What moved between the two frames may be off by that much. */
const MOVED_PX = 6;
/** Frames may be torn for that long; what stays longer is how the picture is. */
const LONGEST_TEAR_FRAMES = 24;

interface Rows {
  readonly plane: Plane;
  /** [height − 1] mean step from each row to the next, in levels. */
  readonly steps: Float32Array;
}

/**
 * Looks for rows at which a frame is torn. Two things tell a tear from an edge in the picture: the frame before has no such
 * edge, and a shift of the part below (or above) both closes the edge and brings that part back to where it was.
 */
export class TearSeeker {
  #sound: Rows | null = null;
  #tornFrames = 0;

  see(plane: Plane): Tear | null {
    const now: Rows = { plane, steps: rowSteps(plane) };
    const sound = this.#sound;
    const tear = sound && seekTear(now, sound);
    if (tear && this.#tornFrames < LONGEST_TEAR_FRAMES) {
      this.#tornFrames += 1;
      return { ...tear, side: 'this' };
    }
    const healed = sound && !tear && this.#tornFrames === 0 ? seekTear(sound, now) : null;
    this.#sound = now;
    this.#tornFrames = 0;
    return healed && { ...healed, side: 'before' };
  }
}

export function rowSteps({ pixels, widthPx, heightPx }: Plane): Float32Array {
  const steps = new Float32Array(Math.max(0, heightPx - 1));
  for (let y = 0, at = 0; y < steps.length; y += 1) {
    let sum = 0;
    for (const end = at + widthPx; at < end; at += 1) {
      const step = (pixels[at] as number) - (pixels[at + widthPx] as number);
      sum += step < 0 ? -step : step;
    }
    steps[y] = sum / widthPx;
  }
  return steps;
}

function seekTear(torn: Rows, sound: Rows): Omit<Tear, 'side'> | null {
  const candidates: number[] = [];
  for (let y = 1; y + 1 < torn.steps.length; y += 1) {
    const step = torn.steps[y] as number;
    if (step > MIN_LEVELS && step > MIN_NOVELTY * largestNear(sound.steps, y) + 1) candidates.push(y);
  }
  const gainAt = (y: number): number => (torn.steps[y] as number) - (sound.steps[y] as number);
  let best: Omit<Tear, 'side'> | null = null;
  for (const y of candidates.toSorted((a, b) => gainAt(b) - gainAt(a)).slice(0, CANDIDATE_COUNT)) {
    const { shiftPx, ratio } = undo(torn.plane, y);
    const leastPx = Math.max(MIN_SHIFT_PX, torn.plane.widthPx * MIN_SHIFT_SHARE);
    if (Math.abs(shiftPx) < leastPx || ratio < MIN_UNDONE_RATIO) continue;
    const fitRatio = fit(torn.plane, sound.plane, y, shiftPx);
    if (fitRatio < MIN_FIT_RATIO || ratio * fitRatio < MIN_PROOF || (best && best.fitRatio > fitRatio)) continue;
    best = { rowPx: y + 1, shiftPx, edge: (torn.steps[y] as number) / LUMA_SPAN, undoneRatio: ratio, fitRatio };
  }
  return best;
}

function largestNear(steps: Float32Array, y: number): number {
  let largest = 0;
  const to = Math.min(steps.length - 1, y + MOVED_ROWS);
  for (let i = Math.max(0, y - MOVED_ROWS); i <= to; i += 1) largest = Math.max(largest, steps[i] as number);
  return largest;
}

/** The shift that joins two rows best, and how much smaller the step is then, over the same columns. */
export function undo({ pixels, widthPx }: Plane, y: number): { readonly shiftPx: number; readonly ratio: number } {
  const above = y * widthPx;
  const below = above + widthPx;
  const reach = Math.floor(widthPx * SHIFT_SHARE);
  let best = { shiftPx: 0, ratio: 1 };
  for (let shiftPx = -reach; shiftPx <= reach; shiftPx += 1) {
    const to = Math.min(widthPx, widthPx - shiftPx);
    let moved = 0;
    let asIs = 0;
    let count = 0;
    for (let x = Math.max(0, -shiftPx); x < to; x += 1) {
      const level = pixels[above + x] as number;
      moved += Math.abs(level - (pixels[below + x + shiftPx] as number));
      asIs += Math.abs(level - (pixels[below + x] as number));
      count += 1;
    }
    const ratio = (asIs / count + 0.5) / (moved / count + 0.5);
    if (ratio > best.ratio) best = { shiftPx, ratio };
  }
  return best;
}

/** How much better one of the two parts fits the sound frame when it is moved back, while the other fits as it is. */
export function fit(torn: Plane, sound: Plane, y: number, shiftPx: number): number {
  const below: Band = { from: y + 1, to: Math.min(torn.heightPx, y + 1 + BAND_ROWS) };
  const above: Band = { from: Math.max(0, y + 1 - BAND_ROWS), to: y + 1 };
  return Math.max(
    Math.min(movedFit(torn, sound, below, shiftPx), 1 / movedFit(torn, sound, above, shiftPx)),
    Math.min(movedFit(torn, sound, above, -shiftPx), 1 / movedFit(torn, sound, below, -shiftPx)),
  );
}

interface Band {
  readonly from: number;
  readonly to: number;
}

/** Error of a band as it is against its error when it is moved back by about `shiftPx`; above 1 where it was moved. */
function movedFit(torn: Plane, sound: Plane, band: Band, shiftPx: number): number {
  return (bestError(torn, sound, band, 0, shiftPx) + 0.25) / (bestError(torn, sound, band, shiftPx, shiftPx) + 0.25);
}

/** Least error within a few pixels of a shift, but never half the way to no shift at all. */
function bestError(torn: Plane, sound: Plane, band: Band, shiftPx: number, whole: number): number {
  const reach = Math.min(MOVED_PX, Math.floor((Math.abs(whole) - 1) / 2));
  let least = Infinity;
  for (let shift = shiftPx - reach; shift <= shiftPx + reach; shift += 1)
    least = Math.min(least, bandError(torn, sound, band, shift, whole));
  return least;
}

/** Over the columns that every shift up to `whole` leaves in the picture, so that errors can be compared. */
function bandError(torn: Plane, sound: Plane, { from, to }: Band, shiftPx: number, whole: number): number {
  const { widthPx } = torn;
  const margin = Math.abs(whole) + MOVED_PX;
  const left = whole < 0 ? margin : MOVED_PX;
  const right = widthPx - (whole > 0 ? margin : MOVED_PX);
  let sum = 0;
  let count = 0;
  for (let y = from; y < to; y += 1)
    for (let x = left; x < right; x += 1) {
      const at = y * widthPx + x;
      sum += Math.abs((torn.pixels[at + shiftPx] as number) - (sound.pixels[at] as number));
      count += 1;
    }
  return count === 0 ? 0 : sum / count;
}
