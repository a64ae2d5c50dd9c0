import { narrow, type Plane } from './plane.ts';

/** A part of one picture that lies sideways of where it was in another, while the rest stayed. Rows and columns of the planes. */
export interface Slip {
  /** First row of the lower part. */
  readonly rowPx: number;
  readonly isLower: boolean;
  /** To the right. */
  readonly shiftPx: number;
  /** How much better the slipped part fits where it was than where it is. */
  readonly movedRatio: number;
  /** How much more would be left unexplained if the rest had gone along: the whole picture is then elsewhere, and not torn. */
  readonly partRatio: number;
  /** Share of the slipped part's columns, by how much they tell, that say so. */
  readonly columnShare: number;
}

/** How the camera moved between two pictures, in pixels of their planes, to the right and down. */
export interface Motion {
  readonly xPx: number;
  readonly yPx: number;
}

export const stillness: Motion = { xPx: 0, yPx: 0 };

/** Slips are searched for up to this share of the width; what is as little as that of it may be motion. */
const REACH_SHARE = 0.36;
const LEAST_SHARE = 0.035;
const LEAST_PX = 4;
/** A part has at least this share of the rows. */
const LEAST_ROWS_SHARE = 0.08;
/** Levels of difference that are rounding, grain and an encoder's doing. */
export const LITTLE_LEVELS = 0.7;
const SEGMENTS = 8;
/** Half the width is enough to find a slip; the whole width places it. */
const FINE_PX = 2;

/** The two parts of the picture that a row divides, and how far one of them is moved. */
type Cut = Pick<Slip, 'rowPx' | 'isLower' | 'shiftPx'>;

/**
 * Row by row, how well each shift joins two pictures, and how well none does, but for what the camera moves: with sums over rows every place
 * at which one may be torn is tried. What is found explains the picture best; whether it does so well enough, its ratios say.
 *
 * @param motion  that went on before: what this very step does may be the slip
 */
export function seekSlip(now: Plane, sound: Plane, motion: Motion): Slip | null {
  const { widthPx } = now;
  const coarsePx = Math.ceil(widthPx / 2);
  const [small, smallSound] = [narrow(now, coarsePx), narrow(sound, coarsePx)];
  const scale = widthPx / small.widthPx;
  const scaled = { xPx: Math.round(motion.xPx / scale), yPx: Math.round(motion.yPx / scale) };
  const reach = Math.floor(small.widthPx * REACH_SHARE);
  const leastPx = Math.max(LEAST_PX, widthPx * LEAST_SHARE);
  const coarse = search(small, smallSound, scaled, { first: -reach, last: reach, leastPx: leastPx / scale });
  if (!coarse) return null;
  const near = Math.round(coarse.shiftPx * scale);
  const farPx = Math.floor(widthPx * REACH_SHARE);
  const [first, last] = [Math.max(-farPx, near - FINE_PX), Math.min(farPx, near + FINE_PX)];
  const fine = search(now, sound, motion, { first, last, leastPx });
  return fine && weighCut(now, sound, motion, fine);
}

function search(
  now: Plane,
  sound: Plane,
  motion: Motion,
  { first, last, leastPx }: { readonly first: number; readonly last: number; readonly leastPx: number },
): Cut | null {
  const { widthPx, heightPx } = now;
  const leastRows = Math.max(2, Math.round(heightPx * LEAST_ROWS_SHARE));
  const still = stillSums(now, sound, motion);
  const asIs = new Float64Array(heightPx + 1);
  const shifted = new Float64Array(heightPx + 1);
  let best: Cut | null = null;
  let bestRatio = 1;
  for (let shiftPx = first; shiftPx <= last; shiftPx += 1) {
    if (Math.abs(shiftPx - motion.xPx) < leastPx || Math.abs(shiftPx) < leastPx) continue;
    const from = Math.max(0, shiftPx);
    const to = widthPx + Math.min(0, shiftPx);
    for (let y = 0; y < heightPx; y += 1) {
      const before = rowBefore(y, motion, heightPx) * widthPx - shiftPx;
      let sum = 0;
      for (let x = from, row = y * widthPx; x < to; x += 1) {
        const change = (now.pixels[row + x] as number) - (sound.pixels[before + x] as number);
        sum += change < 0 ? -change : change;
      }
      shifted[y + 1] = (shifted[y] as number) + sum;
      const at = y * (widthPx + 1);
      asIs[y + 1] = (asIs[y] as number) + (still[at + to] as number) - (still[at + from] as number);
    }
    const little = LITTLE_LEVELS * heightPx * (to - from);
    const all = asIs[heightPx] as number;
    for (let rowPx = leastRows; rowPx <= heightPx - leastRows; rowPx += 1) {
      const upper = (asIs[rowPx] as number) - (shifted[rowPx] as number);
      const lower = all - (shifted[heightPx] as number) - upper;
      const ratio = (all + little) / (all - Math.max(lower, upper) + little);
      if (ratio <= bestRatio) continue;
      bestRatio = ratio;
      best = { rowPx, isLower: lower > upper, shiftPx };
    }
  }
  return best;
}

const rowBefore = (y: number, { yPx }: Motion, heightPx: number): number =>
  Math.max(0, Math.min(heightPx - 1, y - yPx));

/** Sums along each row, [height, width + 1], of what the camera's motion leaves of the change, or none, where that leaves less. */
function stillSums(now: Plane, sound: Plane, motion: Motion): Float64Array {
  const { widthPx, heightPx } = now;
  const sums = new Float64Array(heightPx * (widthPx + 1));
  const moves = motion.xPx === 0 && motion.yPx === 0 ? [stillness] : [stillness, motion];
  const trial = new Float64Array(widthPx + 1);
  for (let y = 0; y < heightPx; y += 1) {
    let least = Infinity;
    for (const move of moves) {
      const before = rowBefore(y, move, heightPx) * widthPx;
      for (let x = 0, row = y * widthPx; x < widthPx; x += 1) {
        const from = Math.max(0, Math.min(widthPx - 1, x - move.xPx));
        const change = (now.pixels[row + x] as number) - (sound.pixels[before + from] as number);
        trial[x + 1] = (trial[x] as number) + (change < 0 ? -change : change);
      }
      const sum = trial[widthPx] as number;
      if (sum >= least) continue;
      least = sum;
      sums.set(trial, y * (widthPx + 1));
    }
  }
  return sums;
}

/** What speaks for one certain cut. */
export function weighCut(now: Plane, sound: Plane, motion: Motion, { rowPx, isLower, shiftPx }: Cut): Slip {
  const { widthPx, heightPx } = now;
  const still = stillSums(now, sound, motion);
  const from = Math.max(0, shiftPx);
  const to = widthPx + Math.min(0, shiftPx);
  const gains = new Float64Array(SEGMENTS);
  const moved = { asIs: 0, shifted: 0, rows: 0 };
  const stayed = { asIs: 0, shifted: 0, rows: 0 };
  for (let y = 0; y < heightPx; y += 1) {
    const isMoved = y >= rowPx === isLower;
    const part = isMoved ? moved : stayed;
    const before = rowBefore(y, motion, heightPx) * widthPx - shiftPx;
    part.rows += 1;
    for (let x = from; x < to; x += 1) {
      const shifted = Math.abs((now.pixels[y * widthPx + x] as number) - (sound.pixels[before + x] as number));
      const at = y * (widthPx + 1) + x;
      const asIs = (still[at + 1] as number) - (still[at] as number);
      part.asIs += asIs;
      part.shifted += shifted;
      if (!isMoved) continue;
      const segment = Math.floor((x * SEGMENTS) / widthPx);
      gains[segment] = (gains[segment] as number) + asIs - shifted;
    }
  }
  let forIt = 0;
  let all = 0;
  // Roots: one busy place must not speak for the whole width.
  for (const gain of gains) {
    forIt += Math.sqrt(Math.max(0, gain));
    all += Math.sqrt(Math.abs(gain));
  }
  const little = (rows: number): number => LITTLE_LEVELS * rows * (to - from);
  return {
    ...{ rowPx, isLower, shiftPx },
    movedRatio: (moved.asIs + little(moved.rows)) / (moved.shifted + little(moved.rows)),
    partRatio: (moved.shifted + stayed.shifted + little(heightPx)) / (moved.shifted + stayed.asIs + little(heightPx)),
    columnShare: all === 0 ? 0 : forIt / all,
  };
}
