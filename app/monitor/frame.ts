import { blankBand, type BlankFigures } from './blank.ts';
import { colourOfRgb, type ColourFigures } from './colour.ts';
import { lightRest, measureDisplacement, type Displacement } from './displaced.ts';
import { median } from './found.ts';
import { quietGrain, type GrainFigures } from './grain.ts';
import { histogramDistance, histogramOf, levelFigures, type LevelFigures } from './level.ts';
import { likeness } from './likeness.ts';
import { LUMA_BLACK, LUMA_SPAN, lumaOfRgb } from './luma.ts';
import { narrow, planeOf, sketch, sketchDistance, transpose, type Plane, type Sketch } from './plane.ts';
import { measureShift, shiftPlane, type ShiftFigures } from './shift.ts';
import { TearSeeker, type TearFigures } from './tear.ts';

/** What can be said of one frame by itself and beside the frames before it. Levels are ratios of the luma range, 0..1. */
export interface FrameFigures extends LevelFigures, GrainFigures {
  /** A part of the picture that has slipped; null where none has. */
  readonly tear: TearFigures | null;
  /** A band of it in which there is nothing; null where there is none, and for the first frame. */
  readonly blank: BlankFigures | null;
  /** Null where only its luma is known. */
  readonly colour: ColourFigures | null;
  /** Against the frame before; null for the first. */
  readonly step: StepFigures | null;
  /** Mean change of the sketch against 1, 2, … frames before, as far as there are any, at most `LAG_COUNT`. */
  readonly lags: readonly number[];
}

/** `grain` is what is new in this frame, which no moving thing has in the still parts. */
export interface StepFigures extends GrainFigures {
  /** Null where the two frames are the same. */
  readonly psnrDb: number | null;
  /** Null where the picture is too small for it. */
  readonly ssim: number | null;
  /** Mean change of the cells of the sketch. */
  readonly change: number;
  /** How the camera moved, and what that leaves of the change. */
  readonly shift: ShiftFigures;
  /** Where the whole picture went; null where it changed no more than before, so that nothing can have jumped. */
  readonly displaced: Displacement | null;
  /** Width of the picture by its height. */
  readonly aspect: number;
  /** Mean change that is left when the light's own is taken off. */
  readonly lightRest: number;
  /** Change of the cell that changed most. */
  readonly peakChange: number;
  /** Share of cells that changed so much that it can be seen. */
  readonly movedShare: number;
  /** Middle of what changed, of the picture's width and height; null where nothing did. */
  readonly moved: { readonly x: number; readonly y: number } | null;
  /** How much brighter the picture is, as a factor: the one that explains the change best. */
  readonly gain: number;
  /** Mean change that no gain explains. */
  readonly gainRest: number;
  /** 0 where both are made of the same levels, 1 where of none. */
  readonly histogramDistance: number;
}

export const LAG_COUNT = 8;
/** Width at which tears are looked for. */
const TEAR_WIDTH_PX = 160;
/** A part that slipped makes a step this much larger than the steps before it; only then is it searched for. */
const STIRRED_RATIO = 1.15;
const FEWEST_CHANGES = 4;
/** A change of the whole picture as small as this shows nothing that could have slipped. */
const SEEN_CHANGE = 0.0025;
/** So much of the picture's sides the camera's motion may change from step to step. */
const STEADY_SHARE = 0.035;
const KEPT_CHANGES = 8;
/** Levels by which a cell must change to be seen. */
const VISIBLE_LEVELS = 2;

interface Seen {
  readonly plane: Plane;
  readonly histogram: Uint32Array;
  readonly coarse: Plane;
}

/** Measures the frames of a clip one by one in their order; it keeps one of them, and small sketches of eight. */
export class FrameMeter {
  readonly #widthPx: number;
  #before: Seen | null = null;
  /** Of the frames before, the newest first. */
  #sketches: readonly Sketch[] = [];
  /** Of the steps before. */
  #changes: readonly number[] = [];
  #motion: Pick<ShiftFigures, 'x' | 'y'> = { x: 0, y: 0 };
  readonly #across = new TearSeeker();
  readonly #along = new TearSeeker();

  constructor(widthPx: number) {
    this.#widthPx = widthPx;
  }

  /** @param rgb  [height, width, 3], full range */
  measureRgb(rgb: Uint8Array): FrameFigures {
    return this.measure(lumaOfRgb(rgb), colourOfRgb(rgb));
  }

  /** @param luma  [height, width], limited range; kept until the next frame, so it must not be written to */
  measure(luma: Uint8Array, colour: ColourFigures | null = null): FrameFigures {
    const plane = planeOf(luma, this.#widthPx);
    const histogram = histogramOf(luma);
    const cells = sketch(plane);
    const now = { plane, histogram, coarse: shiftPlane(plane) };
    const small = narrow(plane, TEAR_WIDTH_PX);
    const [newest] = this.#sketches;
    const steady = this.#before && newest ? stepFigures(now, this.#before, cells, newest) : null;
    const isCalm = this.#isCalm(steady);
    const displaced =
      this.#before && newest && !isCalm
        ? measureDisplacement({ sketch: cells, coarse: now.coarse }, { sketch: newest, coarse: this.#before.coarse })
        : null;
    const step = steady && { ...steady, displaced };
    const figures: FrameFigures = {
      ...levelFigures(histogram),
      ...quietGrain(plane),
      tear: this.#seekTear(small, step, isCalm),
      blank: newest ? blankBand(cells, newest) : null,
      colour,
      step,
      lags: this.#sketches.map((earlier) => sketchDistance(cells, earlier) / LUMA_SPAN),
    };
    this.#before = now;
    this.#sketches = [cells, ...this.#sketches.slice(0, LAG_COUNT - 1)];
    return figures;
  }

  /** Whether a frame changed no more than those before it: then nothing has slipped or jumped, and the search for it is spared. */
  #isCalm(step: Pick<StepFigures, 'shift' | 'change'> | null): boolean {
    const change = step?.shift.rest ?? 0;
    const { x = 0, y = 0 } = step?.shift ?? {};
    // A leap may be short enough to be taken for the camera's motion.
    const isSteady = Math.hypot(x - this.#motion.x, y - this.#motion.y) < STEADY_SHARE;
    const isUnseen = step !== null && step.change < SEEN_CHANGE;
    const isUsual = this.#changes.length >= FEWEST_CHANGES && change < median(this.#changes) * STIRRED_RATIO;
    this.#changes = [...this.#changes.slice(1 - KEPT_CHANGES), change];
    return isUnseen || (isSteady && isUsual);
  }

  #seekTear(small: Plane, step: StepFigures | null, isCalm: boolean): TearFigures | null {
    const { widthPx, heightPx } = small;
    const [xPx, yPx] = [Math.round(this.#motion.x * widthPx), Math.round(this.#motion.y * heightPx)];
    this.#motion = step?.shift ?? this.#motion;
    const across = this.#across.see(small, isCalm, { xPx, yPx });
    const along = this.#along.see(transpose(small), isCalm, { xPx: yPx, yPx: xPx });
    if (across && (!along || across.proof >= along.proof)) return { ...across, direction: 'across', widthPx };
    return along && { ...along, direction: 'along', widthPx };
  }
}

/** All frames of a clip at once, each [height, width, 3]. */
export function measureFrames(frames: readonly Uint8Array[], widthPx: number): readonly FrameFigures[] {
  const meter = new FrameMeter(widthPx);
  return frames.map((frame) => meter.measureRgb(frame));
}

function stepFigures(now: Seen, before: Seen, cells: Sketch, cellsBefore: Sketch): Omit<StepFigures, 'displaced'> {
  const { psnrDb, ssim } = likeness(now.plane.pixels, before.plane.pixels, now.plane.widthPx);
  return {
    psnrDb: Number.isFinite(psnrDb) ? psnrDb : null,
    ssim,
    ...changeFigures(cells, cellsBefore),
    shift: measureShift(now.coarse, before.coarse),
    aspect: now.plane.widthPx / now.plane.heightPx,
    lightRest: lightRest(cells, cellsBefore),
    ...quietGrain(now.plane, before.plane),
    ...gainFigures(cells, cellsBefore),
    histogramDistance: histogramDistance(now.histogram, before.histogram),
  };
}

function changeFigures(
  now: Sketch,
  before: Sketch,
): Pick<StepFigures, 'change' | 'peakChange' | 'movedShare' | 'moved'> {
  let sum = 0;
  let peak = 0;
  let visible = 0;
  let weight = 0;
  let x = 0;
  let y = 0;
  for (let i = 0; i < now.cells.length; i += 1) {
    const change = Math.abs((now.cells[i] as number) - (before.cells[i] as number));
    sum += change;
    if (change > peak) peak = change;
    if (change <= VISIBLE_LEVELS) continue;
    visible += 1;
    weight += change;
    x += change * ((i % now.columns) + 0.5);
    y += change * (Math.floor(i / now.columns) + 0.5);
  }
  return {
    change: sum / now.cells.length / LUMA_SPAN,
    peakChange: peak / LUMA_SPAN,
    movedShare: visible / now.cells.length,
    moved: weight === 0 ? null : { x: x / weight / now.columns, y: y / weight / now.rows },
  };
}

function gainFigures(now: Sketch, before: Sketch): Pick<StepFigures, 'gain' | 'gainRest'> {
  let products = 0;
  let squares = 0;
  for (let i = 0; i < now.cells.length; i += 1) {
    const level = (before.cells[i] as number) - LUMA_BLACK;
    products += ((now.cells[i] as number) - LUMA_BLACK) * level;
    squares += level * level;
  }
  const gain = squares === 0 ? 1 : products / squares;
  let rest = 0;
  for (let i = 0; i < now.cells.length; i += 1)
    rest += Math.abs((now.cells[i] as number) - LUMA_BLACK - gain * ((before.cells[i] as number) - LUMA_BLACK));
  return { gain, gainRest: rest / now.cells.length / LUMA_SPAN };
}
