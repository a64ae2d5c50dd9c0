import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { JobEvent, JobId } from '../../app/contract/job.ts';
import type { HistoryHit, HistoryQuery } from '../../app/contract/telemetry.ts';
import { homePaths } from '../store/home.ts';
import { SearchIndex, type SearchDocument } from '../store/search-index.ts';
import { makeFolder } from '../base/make-folder.ts';
import type { JobWatcher } from '../job/job-watcher.ts';
import { logFiles } from './log-sink.ts';

/** What comes within this time goes into the index together. */
const GATHER_MS = 500;
const WAITING_LIMIT = 5_000;

const logRecord = z.object({
  '@timestamp': z.string(),
  message: z.string(),
  'event.action': z.string().default(''),
  'error.type': z.string().default(''),
  'error.message': z.string().default(''),
  'trace.id': z.string().default(''),
  'steadyframe.job.id': z.uuid().nullable().default(null),
});

/** Keeps the search index up to date, and answers from it. Without an index (no room, no right) nothing is found. */
export class History implements Disposable {
  readonly #index: SearchIndex | null;
  readonly #onBug: (cause: unknown) => void;
  #waiting: SearchDocument[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isTroubleTold = false;
  /** What is known of a run so far, for its one document. */
  readonly #runs = new Map<JobId, { readonly atMs: number; readonly text: string }>();

  private constructor(index: SearchIndex | null, onBug: (cause: unknown) => void) {
    this.#index = index;
    this.#onBug = onBug;
  }

  static async open(home: string, onBug: (cause: unknown) => void): Promise<History> {
    try {
      await makeFolder(home);
      const index = new SearchIndex(homePaths(home).search);
      const history = new History(index, onBug);
      if (index.isFresh) await history.#readLogs(homePaths(home).logs);
      return history;
    } catch (cause) {
      onBug(cause);
      return new History(null, onBug);
    }
  }

  get watcher(): JobWatcher {
    return {
      opened: (past) => {
        if (this.#index?.isFresh === true) for (const event of past()) this.#take(event);
      },
      job: (event) => this.#take(event),
    };
  }

  /** @param record  a line of the log, already redacted */
  takeLog(record: Readonly<Record<string, unknown>>): void {
    const parsed = logRecord.safeParse(record);
    if (!parsed.success) return;
    const {
      message,
      'event.action': action,
      'error.type': type,
      'error.message': detail,
      'trace.id': trace,
    } = parsed.data;
    this.#add({
      kind: 'log',
      jobId: parsed.data['steadyframe.job.id'],
      atMs: Date.parse(parsed.data['@timestamp']),
      text: [...new Set([message, action, type, detail, trace])].filter(Boolean).join(' · '),
    });
  }

  /** @param jobIds  the jobs that are looked into; null: all of them */
  search(query: HistoryQuery, jobIds: readonly JobId[] | null = null): readonly HistoryHit[] {
    this.#flush();
    return this.#index?.search(query, jobIds) ?? [];
  }

  [Symbol.dispose](): void {
    this.#flush();
    try {
      this.#index?.prune();
      this.#index?.[Symbol.dispose]();
    } catch (cause) {
      this.#onBug(cause);
    }
  }

  #take(event: JobEvent): void {
    const { jobId } = event;
    const atMs = Date.now();
    switch (event.kind) {
      case 'queued': {
        const { prompt, negative, packId, rung, seed } = event.request;
        this.#run(jobId, event.atMs, [prompt, negative, packId, rung, `seed ${seed}`].filter(Boolean).join(' · '));
        break;
      }
      case 'delivered': {
        const known = this.#runs.get(jobId);
        if (known) this.#run(jobId, known.atMs, `${known.text} · ${event.clip.grade}`);
        this.#runs.delete(jobId);
        break;
      }
      case 'fault-found': {
        const { kind, stage, step, evidence } = event.fault;
        const facts = Object.entries(evidence).map(([name, value]) => `${name} ${String(value)}`);
        const text = [kind, stage, step === null ? '' : `step ${step}`, ...facts].filter(Boolean).join(' · ');
        this.#add({ kind: 'fault', jobId, atMs, text });
        break;
      }
      case 'decided': {
        const { action, fault, branch, reason, by } = event.decision;
        this.#add({ kind: 'decision', jobId, atMs, text: [action, fault, branch, reason, by].join(' · ') });
        break;
      }
      case 'removed':
        this.#flush();
        this.#index?.removeJob(jobId);
        break;
      default:
        break;
    }
  }

  #run(jobId: JobId, atMs: number, text: string): void {
    this.#runs.set(jobId, { atMs, text });
    this.#add({ kind: 'run', jobId, atMs, text });
  }

  #add(document: SearchDocument): void {
    if (!this.#index) return;
    this.#waiting.push(document);
    if (this.#waiting.length > WAITING_LIMIT) this.#waiting.shift();
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS).unref();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    try {
      this.#index?.add(this.#waiting);
      this.#waiting = [];
    } catch (cause) {
      // Another program writes, or there is no room: they wait for the next time. Told once, as telling adds to them.
      if (!this.#isTroubleTold) this.#onBug(cause);
      this.#isTroubleTold = true;
    }
  }

  async #readLogs(folder: string): Promise<void> {
    for (const name of logFiles().toReversed()) {
      const text = await readFile(join(folder, name), 'utf8').catch(() => '');
      for (const line of text.split('\n')) {
        if (line === '') continue;
        try {
          this.takeLog(JSON.parse(line) as Record<string, unknown>);
        } catch {
          // Half a line of a program that was killed.
        }
      }
      this.#flush();
    }
  }
}
