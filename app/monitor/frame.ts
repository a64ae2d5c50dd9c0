import { likeness } from './likeness.ts';
import { LUMA_SPAN, lumaRatio } from './luma.ts';
import { measureRows, type RowFigures } from './tear.ts';

/** What can be said of one frame by itself and beside its neighbours. Levels are ratios of the luma range, 0..1. */
export interface FrameFigures {
  readonly luma: number;
  /** Standard deviation over the picture: near 0 for an empty one. */
  readonly contrast: number;
  /** Grain of the quiet parts of the picture: the standard deviation that white noise of this strength would have. */
  readonly grain: number;
  readonly rows: RowFigures;
  /** Against the frame before; null for the first. */
  readonly step: StepFigures | null;
  /** Mean absolute change against the frame two before; null for the first two. */
  readonly changeOverTwo: number | null;
}

export interface StepFigures {
  readonly psnrDb: number;
  readonly ssim: number;
  /** Mean absolute change. */
  readonly change: number;
  /** Grain of the change: noise that is new in every frame, which no moving thing has in the still parts. */
  readonly grain: number;
}

/** Measures frames one by one in the order of the clip; it keeps two of them. */
export class FrameMeter {
  readonly #widthPx: number;
  #previous: Uint8Array | null = null;
  #beforePrevious: Uint8Array | null = null;

  constructor(widthPx: number) {
    this.#widthPx = widthPx;
  }

  /** @param luma  [height, width], limited range; kept, so it must not be written to afterwards */
  measure(luma: Uint8Array): FrameFigures {
    const previous = this.#previous;
    const beforePrevious = this.#beforePrevious;
    this.#beforePrevious = previous;
    this.#previous = luma;
    return {
      ...levels(luma),
      grain: quietGrain(luma, this.#widthPx),
      rows: measureRows(luma, this.#widthPx),
      step: previous && this.#step(luma, previous),
      changeOverTwo: beforePrevious && meanChange(luma, beforePrevious),
    };
  }

  #step(luma: Uint8Array, previous: Uint8Array): StepFigures {
    const difference = new Int16Array(luma.length);
    let sum = 0;
    for (let i = 0; i < luma.length; i += 1) {
      const change = (luma[i] as number) - (previous[i] as number);
      difference[i] = change;
      sum += change < 0 ? -change : change;
    }
    return {
      ...likeness(luma, previous, this.#widthPx),
      change: sum / luma.length / LUMA_SPAN,
      grain: quietGrain(difference, this.#widthPx),
    };
  }
}

function levels(luma: Uint8Array): { readonly luma: number; readonly contrast: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < luma.length; i += 1) {
    const level = luma[i] as number;
    sum += level;
    squares += level * level;
  }
  const mean = sum / luma.length;
  const variance = Math.max(0, squares / luma.length - mean * mean);
  return { luma: Math.min(1, Math.max(0, lumaRatio(mean))), contrast: Math.sqrt(variance) / LUMA_SPAN };
}

function meanChange(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += Math.abs((a[i] as number) - (b[i] as number));
  return sum / a.length / LUMA_SPAN;
}

/** Side of the squares over which grain is averaged. */
const BLOCK_PX = 8;
/** Squares with more grain than this share of them may hold texture and edges: they don't count. */
const QUIET_SHARE = 0.25;
/** Of Immerkær's operator: mean |L| = 6 σ √(2/π) for white noise of standard deviation σ. */
const IMMERKAER = Math.sqrt(Math.PI / 2) / 6;

/**
 * Fast noise estimate (Immerkær 1996) over squares of 8x8, of which the quiet quarter decides, so that a textured thing
 * in the picture is not taken for noise.
 */
function quietGrain(plane: Uint8Array | Int16Array, widthPx: number): number {
  const heightPx = Math.floor(plane.length / widthPx);
  const grains: number[] = [];
  for (let top = 1; top + BLOCK_PX < heightPx; top += BLOCK_PX)
    for (let left = 1; left + BLOCK_PX < widthPx; left += BLOCK_PX) grains.push(blockGrain(plane, widthPx, top, left));
  grains.sort((a, b) => a - b);
  return ((grains[Math.floor(grains.length * QUIET_SHARE)] ?? 0) * IMMERKAER) / (BLOCK_PX * BLOCK_PX) / LUMA_SPAN;
}

/** Sum of |1 −2 1; −2 4 −2; 1 −2 1| over one square. */
function blockGrain(plane: Uint8Array | Int16Array, widthPx: number, top: number, left: number): number {
  let sum = 0;
  for (let y = top; y < top + BLOCK_PX; y += 1) {
    const at = y * widthPx + left;
    for (let i = at; i < at + BLOCK_PX; i += 1) {
      const up = i - widthPx;
      const down = i + widthPx;
      const value =
        (plane[up - 1] as number) +
        (plane[up + 1] as number) +
        (plane[down - 1] as number) +
        (plane[down + 1] as number) -
        2 * ((plane[up] as number) + (plane[i - 1] as number) + (plane[i + 1] as number) + (plane[down] as number)) +
        4 * (plane[i] as number);
      sum += value < 0 ? -value : value;
    }
  }
  return sum;
}
