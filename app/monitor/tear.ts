import { LUMA_SPAN } from './luma.ts';

/** A row at which the picture below goes on sideways of where the picture above ends. */
export interface Tear {
  /** First row below the tear. */
  readonly rowPx: number;
  /** How far the lower part has slipped to the right. */
  readonly shiftPx: number;
  /** Mean luma step across the row, 0..1: how plainly it can be seen. */
  readonly height: number;
  /** That step against the one that is left when the slip is undone. */
  readonly gain: number;
}

/** How a picture changes from row to row, and where it may be torn. */
export interface RowFigures {
  /** [height − 1] mean luma step from each row to the next, 0..1. */
  readonly steps: Float32Array;
  /** Rows that stand out from those around them, the plainest first. */
  readonly candidates: readonly Tear[];
}

/** Rows around a row that say how much neighbouring rows differ here anyway. */
const AROUND_ROWS = 6;
const CANDIDATE_COUNT = 6;
/** Steps below this many levels can't be seen. */
const CANDIDATE_LEVELS = 1;
/** Slips are searched for up to this share of the width. */
const SHIFT_SHARE = 0.45;
/** Undoing the slip must take away a good part of the step; a shift of a pixel is how any slanted edge looks. */
const MIN_GAIN = 1.5;
const MIN_SHIFT_PX = 2;
/** As many samples of a row are enough to find a shift by. */
const SAMPLES_PER_ROW = 320;

/**
 * Rows at which one frame may be torn. A horizon or the edge of a thing is a step as well, but no shift of the rows below makes
 * it vanish; that is the first half of what tells a tear from a picture, the second is `findTears`.
 *
 * @param luma  [height, width]
 */
export function measureRows(luma: Uint8Array, widthPx: number): RowFigures {
  const heightPx = Math.floor(luma.length / widthPx);
  const steps = Float32Array.from({ length: heightPx - 1 }, (_, y) => rowStep(luma, widthPx, y, 0, 1));
  const stride = Math.ceil(widthPx / SAMPLES_PER_ROW);
  const candidates = Array.from(steps, (step, y) => ({ y, step, excess: step / (medianAround(steps, y) + 1) }))
    .filter(({ step }) => step > CANDIDATE_LEVELS)
    .toSorted((a, b) => b.excess - a.excess)
    .slice(0, CANDIDATE_COUNT)
    .flatMap(({ y, step }) => {
      const { shiftPx, left } = undo(luma, widthPx, y, stride);
      const gain = step / (left + 0.5);
      return Math.abs(shiftPx) < MIN_SHIFT_PX || gain < MIN_GAIN
        ? []
        : [{ rowPx: y + 1, shiftPx, height: step / LUMA_SPAN, gain }];
    });
  return { steps: steps.map((step) => step / LUMA_SPAN), candidates };
}

/** Frames before and after a frame that say how its rows look when they are whole. */
const AROUND_FRAMES = 4;
/** A thing may move by this many rows from frame to frame. */
const MOVED_ROWS = 3;
/** A tear's step is this many times what the same rows show in the frames around it. */
const MIN_NOVELTY = 2;

/**
 * The tear of each frame, or null. Besides being undone by a shift, a tear is new: the same rows of the frames around show no
 * such step.
 */
export function findTears(frames: readonly RowFigures[]): readonly (Tear | null)[] {
  return frames.map(({ candidates }, i) => {
    const around = frames.filter((_, j) => j !== i && Math.abs(j - i) <= AROUND_FRAMES);
    if (around.length === 0) return null;
    const isNew = ({ rowPx, height }: Tear): boolean =>
      height > MIN_NOVELTY * (median(around.map(({ steps }) => largestNear(steps, rowPx - 1))) + 1 / LUMA_SPAN);
    return candidates.filter(isNew).toSorted((a, b) => b.gain - a.gain)[0] ?? null;
  });
}

function largestNear(steps: Float32Array, y: number): number {
  return Math.max(...steps.subarray(Math.max(0, y - MOVED_ROWS), y + MOVED_ROWS + 1));
}

/** Mean step from row y to row y+1, the lower one taken `shiftPx` further right; in levels. */
function rowStep(luma: Uint8Array, widthPx: number, y: number, shiftPx: number, stride: number): number {
  const above = y * widthPx;
  const below = above + widthPx + shiftPx;
  const to = Math.min(widthPx, widthPx - shiftPx);
  let sum = 0;
  let count = 0;
  for (let x = Math.max(0, -shiftPx); x < to; x += stride) {
    const step = (luma[above + x] as number) - (luma[below + x] as number);
    sum += step < 0 ? -step : step;
    count += 1;
  }
  return sum / count;
}

/** The shift that joins two rows best, and the step that is left then. */
function undo(
  luma: Uint8Array,
  widthPx: number,
  y: number,
  stride: number,
): { readonly shiftPx: number; readonly left: number } {
  const reach = Math.floor(widthPx * SHIFT_SHARE);
  let best = { shiftPx: 0, left: Infinity };
  for (let shiftPx = -reach; shiftPx <= reach; shiftPx += 1) {
    const left = rowStep(luma, widthPx, y, shiftPx, stride);
    if (left < best.left) best = { shiftPx, left };
  }
  return best;
}

function medianAround(steps: Float32Array, y: number): number {
  return median([...steps.subarray(Math.max(0, y - AROUND_ROWS), y), ...steps.subarray(y + 1, y + 1 + AROUND_ROWS)]);
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
