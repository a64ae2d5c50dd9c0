import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { JobEvent, JobId } from '../../app/contract/job.ts';
import type { HistoryHit, HistoryQuery } from '../../app/contract/telemetry.ts';
import { homePaths } from '../store/home.ts';
import { SearchIndex, type SearchDocument } from '../store/search-index.ts';
import { oneTurn } from '../base/in-turns.ts';
import { makeFolder } from '../base/make-folder.ts';
import type { JobWatcher, PastEvents } from '../job/job-watcher.ts';
import { logFiles } from './log-sink.ts';

/** What comes within this time goes into the index together. */
const GATHER_MS = 500;
/** What is written together: so little that it fits a turn many times. */
const BATCH_COUNT = 20;
const WAITING_LIMIT = 50_000;
/** Old lines that make room at once. */
const PRUNED_COUNT = 50;

const logRecord = z.object({
  '@timestamp': z.string(),
  message: z.string(),
  'event.action': z.string().default(''),
  'error.type': z.string().default(''),
  'error.message': z.string().default(''),
  'trace.id': z.string().default(''),
  'steadyframe.job.id': z.uuid().nullable().default(null),
});

/** Something that the index has to be told of; `atMs` is when it happened, null where that was not written down. */
type News =
  | { readonly event: JobEvent; readonly atMs: number | null }
  | { readonly line: string }
  | { readonly document: SearchDocument };

/** @returns whether it was all of it */
type Past = Generator<News, boolean>;

/** Keeps the search index up to date, and answers from it. Without an index (no room, no right) nothing is found. */
export class History implements Disposable {
  readonly #index: SearchIndex | null;
  readonly #onBug: (cause: unknown) => void;
  /** Of a new index: log and runs from before this program, in the order in which they are read. */
  #past: Past | null = null;
  /** What `#past` will have told when it is through is all there is. */
  #isPastKnown = false;
  /** What has happened since; it waits until the past is written. */
  #waiting: News[] = [];
  /** Taken out of the past, not yet written. */
  #taken: News[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isTroubleTold = false;

  private constructor(index: SearchIndex | null, onBug: (cause: unknown) => void) {
    this.#index = index;
    this.#onBug = onBug;
  }

  static async open(home: string, onBug: (cause: unknown) => void): Promise<History> {
    try {
      await makeFolder(home);
      const index = new SearchIndex(homePaths(home).search);
      const history = new History(index, onBug);
      if (index.isFresh) history.#fill(linesOf(await readLogs(homePaths(home).logs)));
      return history;
    } catch (cause) {
      onBug(cause);
      return new History(null, onBug);
    }
  }

  get watcher(): JobWatcher {
    return {
      opened: (past) => {
        this.#isPastKnown = true;
        if (this.#index?.isFresh === true) this.#fill(eventsOf(past()));
      },
      job: (event) => this.#hear({ event, atMs: Date.now() }),
    };
  }

  /** @param record  a line of the log, already redacted */
  takeLog(record: Readonly<Record<string, unknown>>): void {
    const document = documentOfLine(record);
    if (document) this.#hear({ document });
  }

  /**
   * While a new index is being filled, only what is in it by now is found.
   *
   * @param jobIds  the jobs that are looked into; null: all of them
   */
  search(query: HistoryQuery, jobIds: readonly JobId[] | null = null): readonly HistoryHit[] {
    this.#work();
    return this.#index?.search(query, jobIds) ?? [];
  }

  [Symbol.dispose](): void {
    try {
      // An index that is not filled yet is begun again by the next program: nothing is lost with what waits.
      if (this.#past === null) while (this.#waiting.length > 0 && this.#write()) continue;
      clearTimeout(this.#timer);
      this.#index?.[Symbol.dispose]();
    } catch (cause) {
      this.#onBug(cause);
    }
  }

  #fill(news: Past): void {
    this.#past = this.#past === null ? news : joined(this.#past, news);
    this.#later(0);
  }

  #hear(news: News): void {
    if (!this.#index) return;
    this.#waiting.push(news);
    if (this.#waiting.length > WAITING_LIMIT) this.#waiting.shift();
    this.#later(GATHER_MS);
  }

  #later(waitMs: number): void {
    this.#timer ??= setTimeout(() => this.#work(), waitMs).unref();
  }

  /** One piece of what is to be done; what is left over has its turn later. */
  #work(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#index) return;
    let canGoOn = true;
    oneTurn(() => {
      if (canGoOn && this.#isBehind) canGoOn = this.#write();
      return canGoOn && this.#isBehind;
    });
    if (this.#isBehind) this.#later(canGoOn ? 0 : GATHER_MS);
  }

  get #isBehind(): boolean {
    return this.#past !== null || this.#taken.length > 0 || this.#waiting.length > 0;
  }

  /** @returns whether it could be written; if not, it waits for the next time */
  #write(): boolean {
    const index = this.#index;
    if (!index) return false;
    try {
      const isFilled = this.#take();
      index.together(() => {
        for (const news of this.#taken) tell(index, news);
        index.prune(undefined, PRUNED_COUNT);
        if (isFilled) index.filled();
      });
      this.#taken = [];
      return true;
    } catch (cause) {
      // Another program writes, or there is no room. Told once, as telling adds to what waits.
      if (!this.#isTroubleTold) this.#onBug(cause);
      this.#isTroubleTold = true;
      return false;
    }
  }

  /** @returns whether the last of the past is among what was taken */
  #take(): boolean {
    while (this.#past !== null && this.#taken.length < BATCH_COUNT) {
      const next = this.#past.next();
      if (next.done !== true) this.#taken.push(next.value);
      else {
        this.#past = null;
        return next.value && this.#isPastKnown;
      }
    }
    if (this.#past === null) this.#taken.push(...this.#waiting.splice(0, BATCH_COUNT - this.#taken.length));
    return false;
  }
}

/** Texts of the log's files, the oldest first. */
async function readLogs(folder: string): Promise<readonly string[]> {
  const names = logFiles().toReversed();
  return Promise.all(names.map(async (name) => readFile(join(folder, name), 'utf8').catch(() => '')));
}

function* linesOf(texts: readonly string[]): Past {
  for (const text of texts) for (const line of text.split('\n')) if (line !== '') yield { line };
  return true;
}

function* eventsOf(past: PastEvents): Past {
  for (;;) {
    const next = past.next();
    if (next.done === true) return next.value;
    const event = next.value;
    yield { event, atMs: event.kind === 'queued' ? event.atMs : null };
  }
}

function* joined(first: Past, second: Past): Past {
  const isWhole = yield* first;
  return (yield* second) && isWhole;
}

function tell(index: SearchIndex, news: News): void {
  if ('event' in news) tellEvent(index, news.event, news.atMs);
  else if ('document' in news) index.add(news.document);
  else {
    const document = documentOfLine(recordOf(news.line));
    if (document) index.add(document);
  }
}

function tellEvent(index: SearchIndex, event: JobEvent, knownMs: number | null): void {
  const { jobId } = event;
  const run = index.run(jobId);
  // When it happened was not written down: it belongs to its run's time.
  const atMs = knownMs ?? run?.atMs ?? Date.now();
  switch (event.kind) {
    case 'queued': {
      const { prompt, negative, packId, rung, seed } = event.request;
      const text = [prompt, negative, packId, rung, `seed ${seed}`].filter(Boolean).join(' · ');
      index.add({ kind: 'run', jobId, atMs, text });
      break;
    }
    case 'delivered':
      if (run) index.add({ ...run, text: `${run.text} · ${event.clip.grade}` });
      break;
    case 'fault-found': {
      const { kind, stage, step, evidence } = event.fault;
      const facts = Object.entries(evidence).map(([name, value]) => `${name} ${String(value)}`);
      const text = [kind, stage, step === null ? '' : `step ${step}`, ...facts].filter(Boolean).join(' · ');
      index.add({ kind: 'fault', jobId, atMs, text });
      break;
    }
    case 'decided': {
      const { action, fault, branch, reason, by } = event.decision;
      index.add({ kind: 'decision', jobId, atMs, text: [action, fault, branch, reason, by].join(' · ') });
      break;
    }
    case 'removed':
      index.removeJob(jobId);
      break;
    default:
      break;
  }
}

/** Half a line of a program that was killed is no record. */
function recordOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function documentOfLine(record: unknown): SearchDocument | null {
  const parsed = logRecord.safeParse(record);
  if (!parsed.success) return null;
  const {
    message,
    'event.action': action,
    'error.type': type,
    'error.message': detail,
    'trace.id': trace,
  } = parsed.data;
  return {
    kind: 'log',
    jobId: parsed.data['steadyframe.job.id'],
    atMs: Date.parse(parsed.data['@timestamp']),
    text: [...new Set([message, action, type, detail, trace])].filter(Boolean).join(' · '),
  };
}
