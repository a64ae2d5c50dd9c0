import { useCallback, useSyncExternalStore } from 'react';

import type { HealthEvent, RunHealth } from '../../app/contract/health.ts';
import type { JobId } from '../../app/contract/job.ts';
import { emptyHealth, foldHealth } from '../../app/monitor/run-health.ts';
import { ask } from './ask.ts';

/** Figures come faster than anybody reads: who looks on is told at most this often. */
const TELL_EVERY_MS = 100;
/** Runs that are kept; an older one is asked for again. */
const KEPT_RUNS = 4;

interface Page {
  health: RunHealth;
  /** Events that came while main was asked for what went before. */
  waiting: HealthEvent[] | null;
}

/** Health of the runs that are looked at: figures on their way to gauges and canvases, beside the page's state. */
export class HealthBus {
  readonly #pages = new Map<JobId, Page>();
  readonly #listeners = new Set<() => void>();
  readonly #read: (jobId: JobId) => Promise<RunHealth | null>;
  #isTelling = false;

  constructor(read: (jobId: JobId) => Promise<RunHealth | null>) {
    this.#read = read;
  }

  publish(event: HealthEvent): void {
    const page = this.#pages.get(event.jobId);
    // Nobody has looked at this run yet; main keeps what happens.
    if (!page) return;
    if (page.waiting) page.waiting.push(event);
    else this.#set(page, foldHealth(page.health, event));
  }

  /** Asks main for what went before when the run is looked at for the first time. Returns the undo. */
  readonly subscribe = (jobId: JobId, listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (!this.#pages.has(jobId)) void this.#open(jobId);
    return () => void this.#listeners.delete(listener);
  };

  readonly latest = (jobId: JobId): RunHealth | null => this.#pages.get(jobId)?.health ?? null;

  async #open(jobId: JobId): Promise<void> {
    for (const old of [...this.#pages.keys()].slice(0, 1 - KEPT_RUNS)) this.#pages.delete(old);
    const page: Page = { health: emptyHealth(jobId), waiting: [] };
    this.#pages.set(jobId, page);
    const past = (await this.#read(jobId)) ?? page.health;
    const waiting = page.waiting ?? [];
    page.waiting = null;
    this.#set(page, waiting.filter((event) => !isOutdated(past, event)).reduce(foldHealth, past));
  }

  #set(page: Page, health: RunHealth): void {
    page.health = health;
    if (this.#isTelling) return;
    this.#isTelling = true;
    setTimeout(() => {
      this.#isTelling = false;
      for (const listener of this.#listeners) listener();
    }, TELL_EVERY_MS);
  }
}

/** Figures of an attempt that is over say nothing of the one that the past ends with. */
const isOutdated = (past: RunHealth, event: HealthEvent): boolean =>
  event.attempt < past.attempt && event.kind !== 'logged';

export const healthBus = new HealthBus(async (jobId) => (await ask('health.read', { jobId }))?.value ?? null);

/** How a run is doing, as of a moment ago; null before it is known. */
export function useHealth(jobId: JobId | null): RunHealth | null {
  return useSyncExternalStore(
    useCallback((listener) => (jobId === null ? () => undefined : healthBus.subscribe(jobId, listener)), [jobId]),
    () => (jobId === null ? null : healthBus.latest(jobId)),
  );
}
