import { LUMA_SPAN } from './luma.ts';
import { inLightOf, type Plane } from './plane.ts';
import { LITTLE_LEVELS, seekSlip, stillness, weighCut, type Motion, type Slip } from './slip.ts';

/** A row at which the picture below goes on sideways of where the picture above ends. */
export interface Tear {
  /** First row below the tear. */
  readonly rowPx: number;
  /** How far the part has slipped to the right. */
  readonly shiftPx: number;
  /** Mean luma step across the row, 0..1: how plainly it can be seen. */
  readonly edge: number;
  /** That step against the one that is left when the slip is undone, and against the one that a sound frame has there. */
  readonly undoneRatio: number;
  readonly noveltyRatio: number;
  /** Against a sound frame: how much better the slipped part fits to where it was. */
  readonly fitRatio: number;
  /** How plainly the parts lie apart: how much more would be left unexplained if the rest had gone along, times what the edge shows. */
  readonly apart: number;
  /** The three ratios together. */
  readonly proof: number;
  /** `this` frame is torn; or it is sound again, and those `before` it were torn since the clip began. */
  readonly side: 'this' | 'before';
}

/** Tears in the small picture of one frame; rows and columns are those of that picture, as wide as `widthPx`. */
export interface TearFigures extends Tear {
  readonly direction: 'across' | 'along';
  readonly widthPx: number;
}

/** Ratios multiply, as independent signs do: so many times likelier torn than sound. */
export const MIN_PROOF = 2.6;
/** Where nothing came before that could tell a tear from motion that goes on, its edge must. */
const MIN_EDGE_PROOF_FIRST = 2.2;
/** That a clip was torn from its beginning on is said of many frames at once. */
const MIN_PROOF_BEFORE = 12;
const MOST_RATIO = 8;
const LEAST_RATIO = 0.5;
/** The part itself must fit plainly better. */
const MIN_FIT_RATIO = 1.25;
/** A picture tears along its whole width; a thing that moves does not fill it. Each power makes that stricter. */
const COLUMN_POWER = 4;
const MIN_COLUMN_SHARE = 0.75;
/** The rest plainly stayed, or the edge between the two plainly shows, both together so much: else the whole picture moved, … */
const MIN_APART = 1.5;
/** … all the more where the whole explains the picture nearly as well as the part. */
const MIN_PART_RATIO = 1.1;
const MIN_APART_WHOLE = 2;
/** The same where one displacement of the whole explains the step by itself. */
export const MIN_APART_LEAP = 1.6;
const MOST_EDGE_RATIO = 3;
/** In the first step, and where a clip was torn from its beginning on, nearly all of the width must say so. */
const MIN_COLUMN_SHARE_PLAIN = 0.9;
/** A part that moved as far in the step before goes on moving. */
const GOING_ON_RATIO = 1.15;
/** Frames may be torn for that long; what stays longer is how the picture is. */
const LONGEST_TEAR_FRAMES = 24;

/**
 * Looks for rows at which a frame is torn: a part of it lies sideways of where it was in the last sound frame, along the whole width, while the
 * rest stayed. What moved that way before goes on moving, as the near ground does beside a road.
 */
export class TearSeeker {
  #sound: Plane | null = null;
  #beforeSound: Plane | null = null;
  #tornFrames = 0;

  /**
   * @param isCalm  it changed no more than the frames before it, so nothing can have slipped: the search is spared
   * @param motion  of the camera in the step before this one
   */
  see(plane: Plane, isCalm: boolean, motion: Motion): Tear | null {
    if (!this.#sound || (isCalm && this.#tornFrames === 0)) return this.#keep(plane, null);
    const sound = inLightOf(this.#sound, plane);
    const steps = this.#tornFrames + 1;
    const slip = seekSlip(plane, sound, { xPx: motion.xPx * steps, yPx: motion.yPx * steps });
    if (!slip || !this.#isSudden(slip, sound)) return this.#keep(plane, null);
    const now = tearOf(slip, edgeAt(plane, sound, slip));
    const contrary = { ...slip, shiftPx: -slip.shiftPx };
    const then = tearOf(contrary, edgeAt(sound, plane, contrary));
    // Both pictures differ by the same slip: the one that has the edge is the torn one.
    const isPlain = slip.columnShare > MIN_COLUMN_SHARE_PLAIN;
    if (!this.#beforeSound && !(isPlain && Math.max(edgeProof(now), edgeProof(then)) > MIN_EDGE_PROOF_FIRST))
      return this.#keep(plane, null);
    if (this.#tornFrames === 0 && isPlain && then.proof > MIN_PROOF_BEFORE && then.proof > 2 * now.proof)
      return this.#keep(plane, { ...then, side: 'before' });
    if (now.proof < MIN_PROOF || this.#tornFrames >= LONGEST_TEAR_FRAMES) return this.#keep(plane, null);
    this.#tornFrames += 1;
    return { ...now, side: 'this' };
  }

  #keep(plane: Plane, tear: Tear | null): Tear | null {
    this.#beforeSound = this.#sound;
    this.#sound = plane;
    this.#tornFrames = 0;
    return tear;
  }

  #isSudden(slip: Slip, sound: Plane): boolean {
    if (!this.#beforeSound) return true;
    const { movedRatio } = weighCut(sound, this.#beforeSound, stillness, slip);
    return movedRatio < GOING_ON_RATIO || movedRatio * movedRatio < slip.movedRatio;
  }
}

function tearOf(slip: Slip, edge: Edge): Omit<Tear, 'side'> {
  const { rowPx, shiftPx, movedRatio, partRatio, columnShare } = slip;
  const shown = edgeProof(edge);
  const apart = partRatio * Math.min(edge.undoneRatio, edge.noveltyRatio, MOST_EDGE_RATIO);
  const isPart =
    movedRatio > MIN_FIT_RATIO &&
    columnShare > MIN_COLUMN_SHARE &&
    apart > (partRatio > MIN_PART_RATIO ? MIN_APART : MIN_APART_WHOLE);
  const proof = isPart ? limited(movedRatio) * shown * columnShare ** COLUMN_POWER : 0;
  return { rowPx, shiftPx, ...edge, fitRatio: movedRatio, apart, proof };
}

const limited = (ratio: number): number => Math.max(LEAST_RATIO, Math.min(MOST_RATIO, ratio));

const edgeProof = ({ undoneRatio, noveltyRatio }: Edge): number => limited(undoneRatio) * limited(noveltyRatio);

type Edge = Pick<Tear, 'edge' | 'undoneRatio' | 'noveltyRatio'>;

/** The step between the rows beside a tear, which may lie a row off. */
function edgeAt(torn: Plane, sound: Plane, { rowPx, isLower, shiftPx }: Slip): Edge {
  const { widthPx, heightPx } = torn;
  const undoPx = isLower ? shiftPx : -shiftPx;
  const from = Math.max(0, -undoPx);
  const to = widthPx + Math.min(0, -undoPx);
  const little = LITTLE_LEVELS * (to - from);
  let best: Edge = { edge: 0, undoneRatio: 0, noveltyRatio: 0 };
  for (let y = Math.max(1, rowPx - 1); y <= Math.min(heightPx - 1, rowPx + 1); y += 1) {
    let step = little;
    let undone = little;
    let usual = little;
    for (let x = from, above = (y - 1) * widthPx + from; x < to; x += 1, above += 1) {
      const level = torn.pixels[above] as number;
      step += Math.abs(level - (torn.pixels[above + widthPx] as number));
      undone += Math.abs(level - (torn.pixels[above + widthPx + undoPx] as number));
      usual += Math.abs((sound.pixels[above] as number) - (sound.pixels[above + widthPx] as number));
    }
    const found = {
      edge: step / (to - from) / LUMA_SPAN,
      undoneRatio: step / undone,
      noveltyRatio: step / usual,
    };
    if (found.undoneRatio * found.noveltyRatio > best.undoneRatio * best.noveltyRatio) best = found;
  }
  return best;
}
