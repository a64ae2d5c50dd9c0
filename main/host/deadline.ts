/** What main waits for; the keys under which latencies are learned. */
export type UnitName = 'loading' | 'warming' | 'text' | 'denoise' | 'decode';

/** Generous before anything is known: a cold disk and a busy machine are no hang. */
const FIRST_LIMIT_MS: Readonly<Record<UnitName, number>> = {
  loading: 120_000,
  warming: 60_000,
  text: 30_000,
  denoise: 60_000,
  decode: 60_000,
};
const SAFETY_FACTOR = 5;
/** A real step has up to ten times the cells of a warm-up, and attention grows with their square. */
const WARM_FACTOR = 100;
/** Health page: 5 s without progress beyond the expected time of the unit. */
const GRACE_MS = 5_000;

/**
 * Deadline per unit of work, learned from the host's own history. A hang can't be seen from inside the engine, because
 * a native call blocks its thread; so main waits for the unit's end, and no longer than this.
 */
export class DeadlineBook {
  readonly #slowestMs = new Map<UnitName, number>();
  #warmMs: number | null = null;

  limitMs(unit: UnitName): number {
    const slowest = this.#slowestMs.get(unit);
    if (slowest !== undefined) return Math.min(FIRST_LIMIT_MS[unit] * 2, slowest * SAFETY_FACTOR + GRACE_MS);
    const isWork = unit !== 'loading' && unit !== 'warming';
    if (this.#warmMs === null || !isWork) return FIRST_LIMIT_MS[unit];
    return Math.min(FIRST_LIMIT_MS[unit], this.#warmMs * WARM_FACTOR + GRACE_MS);
  }

  /** One run of the warm-up: until real work has been seen, it tells how fast this machine is. */
  warmed(latencyMs: number): void {
    this.#warmMs = Math.max(latencyMs, this.#warmMs ?? 0);
  }

  learn(unit: UnitName, tookMs: number): void {
    this.#slowestMs.set(unit, Math.max(tookMs, this.#slowestMs.get(unit) ?? 0));
  }

  /** A new plan may be larger: what was learned of denoising and decoding no longer holds. */
  forgetWork(): void {
    for (const unit of ['text', 'denoise', 'decode'] as const) this.#slowestMs.delete(unit);
  }
}

/** A deadline for the unit of work that is under way. */
export class UnitWatch {
  readonly #onLate: (unit: UnitName, limitMs: number) => void;
  #timer: NodeJS.Timeout | undefined;
  constructor(onLate: (unit: UnitName, limitMs: number) => void) {
    this.#onLate = onLate;
  }
  start(unit: UnitName, limitMs: number): void {
    this.stop();
    this.#timer = setTimeout(() => this.#onLate(unit, limitMs), limitMs);
  }
  stop(): void {
    clearTimeout(this.#timer);
  }
}
