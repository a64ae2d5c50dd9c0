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

/** Steps below this many levels can't be seen. */
const MIN_LEVELS = 1.5;
/** The step across a tear is so many times what the sound frame has in the same rows. */
const MIN_NOVELTY = 1.25;
const CANDIDATE_COUNT = 6;
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
/** That a clip was torn from its beginning on is said of many frames at once, so it takes more. */
const MIN_PROOF_BEFORE = 12;
/** Errors below it are rounding. */
const LITTLE = 0.25;
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
  #sound: Plane | null = null;
  #tornFrames = 0;

  /** @param isCalm  it changed no more than the frames before it, so nothing can have slipped: the search is spared */
  see(plane: Plane, isCalm: boolean): Tear | null {
    if (isCalm && this.#tornFrames === 0) {
      this.#sound = plane;
      return null;
    }
    const now = rowsOf(plane);
    const sound = this.#sound && rowsOf(this.#sound);
    const tear = sound && seekTear(now, sound);
    if (tear && this.#tornFrames < LONGEST_TEAR_FRAMES) {
      this.#tornFrames += 1;
      return { ...tear, side: 'this' };
    }
    const before = sound && !tear && this.#tornFrames === 0 ? seekTear(sound, now) : null;
    const healed = before && before.undoneRatio * before.fitRatio > MIN_PROOF_BEFORE ? before : null;
    this.#sound = plane;
    this.#tornFrames = 0;
    return healed && { ...healed, side: 'before' };
  }
}

const rowsOf = (plane: Plane): Rows => ({ plane, steps: rowSteps(plane) });

function rowSteps({ pixels, widthPx, heightPx }: Plane): Float32Array {
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
  let best: Omit<Tear, 'side'> | null = null;
  for (const y of newEdges(torn, sound)) {
    const step = torn.steps[y] as number;
    const { shiftPx, ratio } = undo(torn.plane, y);
    const leastPx = Math.max(MIN_SHIFT_PX, torn.plane.widthPx * MIN_SHIFT_SHARE);
    if (step < MIN_LEVELS || Math.abs(shiftPx) < leastPx || ratio < MIN_UNDONE_RATIO) continue;
    const fitRatio = fit(torn.plane, sound.plane, y, shiftPx);
    if (fitRatio < MIN_FIT_RATIO || ratio * fitRatio < MIN_PROOF || (best && best.fitRatio > fitRatio)) continue;
    best = { rowPx: y + 1, shiftPx, edge: step / LUMA_SPAN, undoneRatio: ratio, fitRatio };
  }
  return best;
}

/**
 * Rows that may have been torn: the step to the next one is stronger than any near it in the sound frame; or, in a row that had
 * an edge already, it has another course, which a shift of the rows below gives to the first of them more than to the rest.
 */
function newEdges(torn: Rows, sound: Rows): readonly number[] {
  const stronger: { readonly y: number; readonly gain: number }[] = [];
  const other: { readonly y: number; readonly gain: number }[] = [];
  for (let y = 1; y + 1 < torn.steps.length; y += 1) {
    const step = torn.steps[y] as number;
    if (step < MIN_LEVELS) continue;
    const near = Math.max(...[y - 1, y, y + 1].map((row) => sound.steps[row] ?? 0));
    if (step > MIN_NOVELTY * near + 1) stronger.push({ y, gain: step - near });
    else
      other.push({ y, gain: courseChange(torn.plane, sound.plane, y) - Math.abs(step - (sound.steps[y] as number)) });
  }
  const most = (list: readonly { readonly y: number; readonly gain: number }[]): readonly number[] =>
    list
      .toSorted((a, b) => b.gain - a.gain)
      .slice(0, CANDIDATE_COUNT)
      .map(({ y }) => y);
  return [...most(stronger), ...most(other)];
}

/** How much the step from one row to the next has changed, place for place, in levels. */
function courseChange({ pixels, widthPx }: Plane, sound: Plane, y: number): number {
  let sum = 0;
  for (let i = y * widthPx, end = i + widthPx; i < end; i += 1) {
    const now = (pixels[i] as number) - (pixels[i + widthPx] as number);
    const before = (sound.pixels[i] as number) - (sound.pixels[i + widthPx] as number);
    sum += now > before ? now - before : before - now;
  }
  return sum / widthPx;
}

/** The shift that joins two rows best, and how much smaller the step is then, over the same columns. */
function undo({ pixels, widthPx }: Plane, y: number): { readonly shiftPx: number; readonly ratio: number } {
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

/** What stays where it was has no more than this part of the error of what was moved. */
const STAYED_SHARE = 0.8;

/** How much better one of the two parts fits the sound frame when it is moved back, while the other stayed; 0 where none did. */
function fit(torn: Plane, sound: Plane, y: number, shiftPx: number): number {
  const below: Band = { from: y + 1, to: Math.min(torn.heightPx, y + 1 + BAND_ROWS) };
  const above: Band = { from: Math.max(0, y + 1 - BAND_ROWS), to: y + 1 };
  return Math.max(
    movedFit(torn, sound, { moved: below, stayed: above }, shiftPx),
    movedFit(torn, sound, { moved: above, stayed: below }, -shiftPx),
  );
}

interface Band {
  readonly from: number;
  readonly to: number;
}

function movedFit(
  torn: Plane,
  sound: Plane,
  { moved, stayed }: { readonly moved: Band; readonly stayed: Band },
  shiftPx: number,
): number {
  const errorOf = (band: Band, shift: number): number => bestError(torn, sound, band, shift, shiftPx) + LITTLE;
  const [asItIs, stayedError] = [errorOf(moved, 0), errorOf(stayed, 0)];
  if (stayedError > STAYED_SHARE * asItIs) return 0;
  return Math.min(asItIs / errorOf(moved, shiftPx), errorOf(stayed, shiftPx) / stayedError);
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
