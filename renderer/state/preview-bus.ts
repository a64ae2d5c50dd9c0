import type { JobId } from '../../app/contract/job.ts';
import type { FeedEvent } from '../../app/contract/route.ts';

export type Preview = Extract<FeedEvent, { kind: 'preview' }>;
type Listener = (preview: Preview) => void;

/** Preview frames on their way to the canvas: they never enter the page's state, and only the newest is kept. */
export class PreviewBus {
  #latest: Preview | null = null;
  readonly #listeners = new Map<JobId, Set<Listener>>();

  publish(preview: Preview): void {
    this.#latest = preview;
    for (const listener of this.#listeners.get(preview.jobId) ?? []) listener(preview);
  }

  /** Tells the newest preview at once when there is one. Returns the undo. */
  subscribe(jobId: JobId, listener: Listener): () => void {
    const listeners = this.#listeners.get(jobId) ?? new Set<Listener>();
    this.#listeners.set(jobId, listeners.add(listener));
    if (this.#latest?.jobId === jobId) listener(this.#latest);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(jobId);
    };
  }

  forget(jobId: JobId): void {
    if (this.#latest?.jobId === jobId) this.#latest = null;
  }
}

export const previews = new PreviewBus();
