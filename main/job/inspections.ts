import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';

import type { FeedEvent } from '../../app/contract/route.ts';
import type { SpawnEngine } from '../host/engine-child.ts';
import { openFlowMeter } from '../monitor/flow-meter.ts';
import { inspectVideo, type InspectProgress } from '../monitor/inspect-video.ts';

type InspectionEvent = Extract<FeedEvent, { kind: 'inspection' }>;

/** Each frame is news to nobody: the page hears of progress this often. */
const TELL_EVERY_MS = 100;

/** Where the flow model lies, and how its process is started. */
interface FlowPlace {
  readonly root: string;
  readonly spawnEngine: SpawnEngine;
}

/** Videos that the user dropped onto the window, one at a time: a new one takes the place of the one before. */
export class Inspections implements AsyncDisposable {
  readonly #send: (event: FeedEvent) => void;
  readonly #place: FlowPlace;
  #current: { readonly id: string; readonly path: string; readonly abort: AbortController } | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(send: (event: FeedEvent) => void, place: FlowPlace) {
    this.#send = send;
    this.#place = place;
  }

  start(path: string): string {
    this.#current?.abort.abort();
    const id = randomUUID();
    const abort = new AbortController();
    this.#current = { id, path, abort };
    const tell = (state: InspectionEvent['state']): void =>
      this.#send({ kind: 'inspection', inspectionId: id, name: basename(path), state });
    tell({ phase: 'running', framesDone: 0, frameCount: null });
    this.#running = this.#run(path, abort.signal, tell);
    return id;
  }

  cancel(id: string): void {
    if (this.#current?.id === id) this.#current.abort.abort();
  }

  /** Where the page's player finds it; null for any other id. */
  pathOf(id: string): string | null {
    return this.#current?.id === id ? this.#current.path : null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#current?.abort.abort();
    await this.#running;
  }

  async #run(path: string, signal: AbortSignal, tell: (state: InspectionEvent['state']) => void): Promise<void> {
    let toldMs = 0;
    try {
      await using flow = await openFlowMeter(this.#place.root, this.#place.spawnEngine);
      const onProgress = (progress: InspectProgress): void => {
        if (performance.now() - toldMs < TELL_EVERY_MS) return;
        toldMs = performance.now();
        tell({ phase: 'running', ...progress });
      };
      const found = await inspectVideo(path, signal, onProgress, flow);
      tell(
        found.ok
          ? { phase: 'done', report: found.value }
          : { phase: 'failed', problem: found.error.kind, detail: found.error.detail },
      );
    } catch (cause) {
      tell({ phase: 'failed', problem: 'unreadable', detail: String(cause) });
    }
  }
}
