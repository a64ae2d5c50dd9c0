import type { ExpertHealth } from '../../app/contract/health.ts';
import type { JobEvent } from '../../app/contract/job.ts';
import type { EngineStatus, FeedEvent } from '../../app/contract/route.ts';

/** What is told as it happens, and the latest of what can be asked later. */
export class Feed {
  readonly #listeners = new Set<(event: FeedEvent) => void>();
  engineStatus: EngineStatus = { phase: 'stopped' };
  expertHealth: readonly ExpertHealth[] = [];

  send(event: FeedEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
  job(event: JobEvent): void {
    this.send({ kind: 'job', event });
  }
  engine(status: EngineStatus): void {
    this.engineStatus = status;
    this.send({ kind: 'engine', status });
  }
  experts(experts: readonly ExpertHealth[]): void {
    this.expertHealth = experts;
    this.send({ kind: 'experts', experts });
  }
  subscribe(listener: (event: FeedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
