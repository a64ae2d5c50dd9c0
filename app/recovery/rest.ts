/** How long something that failed is left alone: each further time twice as long, up to a limit. */
export interface Rest {
  readonly firstMs: number;
  readonly limitMs: number;
}

/** @param times  how often it has failed; the first time counts 1 */
export const restMsOf = ({ firstMs, limitMs }: Rest, times: number): number =>
  Math.min(limitMs, firstMs * 2 ** Math.max(0, times - 1));

/** Whether the rest is over; a clock that was set back leaves nothing alone for ever. */
export const hasRested = (sinceMs: number, restMs: number, nowMs: number): boolean =>
  nowMs < sinceMs || nowMs - sinceMs >= restMs;
