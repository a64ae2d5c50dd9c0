import { existsSync } from 'node:fs';

import type { DeliveredClip, JobId, JobRequest } from '../../app/contract/job.ts';
import type { RawFrames } from '../../app/contract/ledger.ts';
import type { PastSlice } from '../../app/contract/past.ts';
import type { RunReport } from '../../app/contract/report.ts';
import { inTurns } from '../base/in-turns.ts';
import type { RunStore } from '../store/run-store.ts';
import { pastReports } from './foresee.ts';

/** What was asked for, as a request and in the user's own words. */
export interface AskedFor {
  readonly request: JobRequest;
  readonly typedPrompt: string;
}

/** What is asked of earlier jobs: of one of them, or of a few at a time, as all of them can be many. */
export class Past {
  readonly #store: RunStore;

  constructor(store: RunStore) {
    this.#store = store;
  }

  /** The newest jobs before a place, or of all; others get their turn while it is read. */
  async slice(olderThan: number | null): Promise<PastSlice> {
    return inTurns(this.#store.slice(olderThan));
  }

  /** Oldest first. */
  reports(count: number): readonly RunReport[] {
    return pastReports(this.#store, count);
  }

  /** Null for an unknown job. */
  askedFor(id: JobId): AskedFor | null {
    const queued = this.#store.eventsOf(id).find((event) => event.kind === 'queued');
    const job = this.#store.job(id);
    return queued && job ? { request: queued.request, typedPrompt: job.typedPrompt } : null;
  }

  /** As it was delivered last. */
  clipOf(id: JobId): DeliveredClip | null {
    return this.#store.eventsOf(id).findLast((event) => event.kind === 'delivered')?.clip ?? null;
  }

  /** Frames as rendered, if they are still there. */
  framesOf(id: JobId): RawFrames | null {
    const frames = this.#store.ledger(id).findLast((line) => line.kind === 'export-begun')?.frames;
    return frames && existsSync(frames.framesPath) ? frames : null;
  }
}
