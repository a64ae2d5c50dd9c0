import { isAtDisk, ranNs } from '../device/process-life.ts';

/** What main waits for; the keys under which latencies are learned. */
export type UnitName = 'starting' | 'loading' | 'warming' | 'text' | 'denoise' | 'decode';

/** Generous before anything is known: a cold disk and a busy machine are no hang. */
const FIRST_LIMIT_MS: Readonly<Record<UnitName, number>> = {
  // Until the child says its first word: a program and its libraries, whatever the pack.
  starting: 60_000,
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
/** A part of a pack against the time in which the whole of it was read: to load takes longer than to read, on a busy machine too. */
const READ_FACTOR = 10;
const READ_GRACE_MS = 20_000;
/** What has hung once is given this share of the time that nobody measured. */
const HUNG_SHARE = 1 / 4;

/**
 * Deadline per unit of work, learned from the host's own history. A hang can't be seen from inside the engine, because
 * a native call blocks its thread; so main waits for the unit's end, and no longer than this.
 */
export class DeadlineBook {
  readonly #slowestMs = new Map<UnitName, number>();
  readonly #readMs: number | null;
  readonly #hangs = new Map<UnitName, number>();
  #warmMs: number | null = null;

  /** @param readMs  in which all of the pack was read here; null where nobody measured it, or where loading is far more than reading */
  constructor(readMs: number | null = null) {
    this.#readMs = readMs;
  }

  limitMs(unit: UnitName): number {
    const share = HUNG_SHARE ** (this.#hangs.get(unit) ?? 0);
    if (unit === 'loading' && this.#readMs !== null) return this.#readMs * READ_FACTOR + READ_GRACE_MS * share;
    if (unit === 'starting' || unit === 'loading') return FIRST_LIMIT_MS[unit] * share;
    const slowest = this.#slowestMs.get(unit);
    if (slowest !== undefined) return Math.min(FIRST_LIMIT_MS[unit] * 2, slowest * SAFETY_FACTOR + GRACE_MS);
    if (this.#warmMs === null || unit === 'warming') return FIRST_LIMIT_MS[unit];
    return Math.min(FIRST_LIMIT_MS[unit], this.#warmMs * WARM_FACTOR + GRACE_MS);
  }

  /** One run of the warm-up: until real work has been seen, it tells how fast this machine is. */
  warmed(latencyMs: number): void {
    this.#warmMs = Math.max(latencyMs, this.#warmMs ?? 0);
  }

  learn(unit: UnitName, tookMs: number): void {
    this.#slowestMs.set(unit, Math.max(tookMs, this.#slowestMs.get(unit) ?? 0));
  }

  /** It was not done in its time: the next one has less, down to what was measured. */
  hung(unit: UnitName): void {
    this.#hangs.set(unit, (this.#hangs.get(unit) ?? 0) + 1);
  }

  /** An engine came up: what hung before it was no habit. */
  cameUp(): void {
    this.#hangs.clear();
  }

  /** A new plan may be larger: what was learned of denoising and decoding no longer holds. */
  forgetWork(): void {
    for (const unit of ['text', 'denoise', 'decode'] as const) this.#slowestMs.delete(unit);
  }
}

/** Why a unit was given up. */
export interface Late {
  readonly unit: UnitName;
  readonly limitMs: number;
  /** For so long not one thread of the process ran or waited for a disk; absent where it merely took too long. */
  readonly idleMs?: number;
}

/** Whoever computes or reads is never this still, however slow the machine. */
export const IDLE_LIMIT_MS = 10_000;
const TICK_MS = 1_000;

/**
 * A deadline for the unit of work that is under way. What counts is time in which this process ran as well: neither a machine that slept
 * nor a program that was stopped and continued makes its engine late.
 */
export class UnitWatch {
  readonly #onLate: (late: Late) => void;
  readonly #pid: () => number | undefined;
  readonly #idleLimitMs: number;
  #timer: NodeJS.Timeout | undefined;

  /** @param pid  of the process whose stillness is a hang; undefined where it may wait for a card, which nobody sees */
  constructor(onLate: (late: Late) => void, pid: () => number | undefined, idleLimitMs = IDLE_LIMIT_MS) {
    this.#onLate = onLate;
    this.#pid = pid;
    this.#idleLimitMs = idleLimitMs;
  }

  start(unit: UnitName, limitMs: number): void {
    this.stop();
    this.#wait({ unit, limitMs }, 0, { ms: 0, ranNs: null });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(late: Late, waitedMs: number, still: { readonly ms: number; readonly ranNs: number | null }): void {
    const tickMs = Math.min(TICK_MS, late.limitMs - waitedMs);
    this.#timer = setTimeout(() => {
      const pid = this.#pid();
      const now = ranNs(pid);
      const isStill = now !== null && now === still.ranNs && !isAtDisk(pid);
      const next = { ms: isStill ? still.ms + tickMs : 0, ranNs: now };
      if (next.ms >= this.#idleLimitMs) this.#onLate({ ...late, idleMs: next.ms });
      else if (waitedMs + tickMs >= late.limitMs) this.#onLate(late);
      else this.#wait(late, waitedMs + tickMs, next);
    }, tickMs);
  }
}
