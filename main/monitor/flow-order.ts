import type { Rung } from '../../app/contract/pack.ts';
import { flowSize, shrinkRgb, type FlowFigures, type FlowPicture } from '../../app/monitor/flow.ts';
import type { FlowMeter } from './flow-meter.ts';

/** Who measures the flow, and at how many pixels. */
export interface FlowOrder {
  readonly meter: FlowMeter;
  readonly mostPixels: number;
}

/** Monitors may cost a twentieth of a run: the flow gets that share of a frame's time, … */
const FLOW_SHARE = 0.05;
/** Measured of raft-mini on one core: 13 ms for 160x96 pixels (models/raft-mini/card.md). */
const FLOW_MS_PER_PIXEL = 13 / (160 * 96);
const LEAST_FLOW_PIXELS = 64 * 48;
const MOST_FLOW_PIXELS = 160 * 96;
/** … and this part of the run's time is waited for the last ones, once before the frames are judged and once before they are delivered. */
const WAIT_SHARE = 0.02;
const LEAST_WAIT_MS = 40;

export function flowOrder(meter: FlowMeter | null, rung: Rung | undefined): FlowOrder | null {
  if (!meter) return null;
  const frameMs = ((rung?.expectedSeconds ?? 0) * 1_000) / Math.max(1, rung?.frameCount ?? 1);
  const affordable = (frameMs * FLOW_SHARE) / FLOW_MS_PER_PIXEL;
  return { meter, mostPixels: Math.min(MOST_FLOW_PIXELS, Math.max(LEAST_FLOW_PIXELS, affordable)) };
}

export const flowWaitMs = (runMs: number): number => Math.max(LEAST_WAIT_MS, runMs * WAIT_SHARE);

interface FrameSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The flow of every frame against the one before, asked for as frames come; whoever waits says for how long. */
export class FlowTrail {
  readonly #order: FlowOrder;
  readonly #size: FrameSize;
  readonly #figures: (FlowFigures | null)[] = [];
  readonly #asked: Promise<void>[] = [];
  #last: FlowPicture | null = null;

  constructor(order: FlowOrder, size: FrameSize) {
    this.#order = order;
    this.#size = size;
  }

  /** @param rgb  [height, width, 3] */
  follow(rgb: Uint8Array): void {
    const { meter, mostPixels } = this.#order;
    const { widthPx, heightPx } = this.#size;
    const small = flowSize(this.#size, mostPixels, meter.multiplePx);
    const picture = shrinkRgb(rgb, this.#size, small);
    const before = this.#last;
    this.#last = picture;
    if (!before) return;
    const step = this.#figures.push(null) - 1;
    const scale = { x: widthPx / small.widthPx, y: heightPx / small.heightPx };
    this.#asked.push(
      meter.measure(before, picture, scale).then((figures) => {
        this.#figures[step] = figures;
      }),
    );
  }

  /**
   * The flow of each step as far as it is known by then; null where it isn't yet.
   *
   * @param limitMs  how long the last ones are waited for
   */
  async within(limitMs: number): Promise<readonly (FlowFigures | null)[]> {
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => late.resolve(undefined), limitMs);
    await Promise.race([Promise.all(this.#asked), late.promise]);
    clearTimeout(timer);
    return [...this.#figures];
  }
}

/** The flow of a whole clip, however long it takes. */
export async function flowOfClip(
  order: FlowOrder,
  frames: readonly Uint8Array[],
  size: FrameSize,
): Promise<readonly (FlowFigures | null)[]> {
  const trail = new FlowTrail(order, size);
  let figures: readonly (FlowFigures | null)[] = [];
  for (const frame of frames) {
    trail.follow(frame);
    // One by one: the meter takes only so many at a time.
    figures = await trail.within(FAR_OFF_MS);
  }
  return figures;
}

const FAR_OFF_MS = 60_000;
