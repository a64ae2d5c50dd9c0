import { DatabaseSync } from 'node:sqlite';

import { z } from 'zod';

import type { Work } from '../../app/base/work.ts';
import type { PastSlice } from '../../app/contract/past.ts';
import { jobEvent, type JobEvent, type JobId } from '../../app/contract/job.ts';
import { ledgerLine, type LedgerLine } from '../../app/contract/ledger.ts';
import { runReport, type RunReport } from '../../app/contract/report.ts';
import { DEFAULT_PROJECT_ID } from '../../app/contract/default.ts';
import { studioProject, type StudioProject, type StudioProjectId } from '../../app/contract/studio-project.ts';
import { assertSound, isDamaged } from './damage.ts';
import { ownerToken } from './owner.ts';
import { putAside, salvageInto, type Salvage } from './salvage.ts';

export interface StoredJob {
  readonly id: JobId;
  /** Where the clip is to be delivered. */
  readonly outPath: string;
  /** As the user typed it, for the precheck's ranges. */
  readonly typedPrompt: string;
  readonly traceId: string;
  /** The process that works on it; another one may take the job over once that process is gone. */
  readonly owner: string;
  readonly isOpen: boolean;
}

/** Version 1 knew no projects. */
const SCHEMA_VERSION = 2;

const jobRow = z.object({
  id: z.uuid(),
  out_path: z.string(),
  typed_prompt: z.string(),
  trace_id: z.string(),
  owner: z.string(),
  is_open: z.int(),
});
const jsonRow = z.object({ json: z.string() });
const idRow = z.object({ job_id: z.uuid() });
const versionRow = z.object({ user_version: z.int() });

const JOB_COLUMNS = 'SELECT id, out_path, typed_prompt, trace_id, owner, is_open FROM job';

/** Jobs that the window is told of at once. */
const SLICE_COUNT = 250;

/** Events that are read at once where they are read in turn. */
const PAGE_COUNT = 50;
const lastRow = z.object({ number: z.int() });

/** How long another program's write is waited for. */
const BUSY_LIMIT_MS = 5_000;

/**
 * Everything the program remembers of its runs, in one SQLite file: job events (the history that the window folds),
 * ledger lines (written before the act), and reports. FULL sync: what was acknowledged survives a power cut.
 */
export class RunStore implements Disposable {
  readonly #database: DatabaseSync;
  /** What was saved out of a damaged file that was put aside just now; null where the file was sound. */
  readonly salvage: Salvage | null;

  /** @param path  in a folder that is there */
  constructor(path: string) {
    let aside: string | null = null;
    try {
      this.#database = openSound(path);
    } catch (cause) {
      if (!isDamaged(cause)) throw cause;
      aside = putAside(path);
      this.#database = openSound(path);
    }
    this.#migrate();
    this.salvage = aside === null ? null : salvageInto(this.#database, aside);
  }

  #migrate(): void {
    const { user_version: version } = versionRow.parse(this.#database.prepare('PRAGMA user_version').get());
    if (version > SCHEMA_VERSION) throw new StoreFromFuture(version);
    if (version === SCHEMA_VERSION) return;
    this.#database.exec(`
      BEGIN IMMEDIATE;
      CREATE TABLE IF NOT EXISTS job (id TEXT PRIMARY KEY, out_path TEXT NOT NULL, typed_prompt TEXT NOT NULL, trace_id TEXT NOT NULL, owner TEXT NOT NULL, is_open INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY, job_id TEXT NOT NULL REFERENCES job(id) ON DELETE CASCADE, json TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS ledger (number INTEGER PRIMARY KEY, job_id TEXT NOT NULL REFERENCES job(id) ON DELETE CASCADE, json TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS report (job_id TEXT PRIMARY KEY REFERENCES job(id) ON DELETE CASCADE, json TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS project (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE) STRICT;
      INSERT OR IGNORE INTO project (id, name) VALUES ('${DEFAULT_PROJECT_ID}', '');
      CREATE INDEX IF NOT EXISTS event_job ON event(job_id);
      CREATE INDEX IF NOT EXISTS ledger_job ON ledger(job_id);
      PRAGMA user_version = ${SCHEMA_VERSION};
      COMMIT;`);
  }

  beginJob(job: Omit<StoredJob, 'owner' | 'isOpen'>, queued: JobEvent): void {
    this.#database
      .prepare('INSERT INTO job (id, out_path, typed_prompt, trace_id, owner, is_open) VALUES (?, ?, ?, ?, ?, 1)')
      .run(job.id, job.outPath, job.typedPrompt, job.traceId, ownerToken());
    this.appendEvent(queued);
  }

  appendEvent(event: JobEvent): void {
    this.#database.prepare('INSERT INTO event (job_id, json) VALUES (?, ?)').run(event.jobId, JSON.stringify(event));
  }

  /** The job is over, whatever its end: nobody needs to take it up again. */
  closeJob(id: JobId): void {
    this.#database.prepare('UPDATE job SET is_open = 0 WHERE id = ?').run(id);
  }

  /** Take over a job whose owner is gone; false if another process was faster. */
  claimJob({ id, owner }: StoredJob): boolean {
    const { changes } = this.#database
      .prepare('UPDATE job SET owner = ? WHERE id = ? AND owner = ? AND is_open = 1')
      .run(ownerToken(), id, owner);
    return changes === 1;
  }

  removeJob(id: JobId): void {
    this.#database.prepare('DELETE FROM job WHERE id = ?').run(id);
  }

  jobs(): readonly StoredJob[] {
    return this.#jobsOf(`${JOB_COLUMNS} ORDER BY rowid`);
  }

  job(id: JobId): StoredJob | null {
    return this.#jobsOf(`${JOB_COLUMNS} WHERE id = ?`, id)[0] ?? null;
  }

  /** The last ones that were asked for, oldest first. */
  newestJobs(count: number): readonly StoredJob[] {
    return this.#jobsOf(`${JOB_COLUMNS} ORDER BY rowid DESC LIMIT ?`, count).toReversed();
  }

  #jobsOf(query: string, ...values: readonly (string | number)[]): StoredJob[] {
    const rows = this.#database.prepare(query).all(...values);
    return rows.map((row) => {
      const {
        id,
        out_path: outPath,
        typed_prompt: typedPrompt,
        trace_id: traceId,
        owner,
        is_open: isOpen,
      } = jobRow.parse(row);
      return { id, outPath, typedPrompt, traceId, owner, isOpen: isOpen === 1 };
    });
  }

  /** The past of all jobs in order; a line that an older program can't have written right is left out. */
  events(): readonly JobEvent[] {
    const rows = this.#database.prepare('SELECT json FROM event ORDER BY number').all();
    return rows.flatMap((row) => parsed(row, jobEvent));
  }

  /**
   * The same as it is now, a few at a time: what all of them are can take seconds to read.
   *
   * @returns whether it came to the end before the store was closed
   */
  past(): Generator<JobEvent, boolean> {
    return this.#pastUpTo(this.#newestEvent());
  }

  #newestEvent(): number {
    const newest = this.#database.prepare('SELECT coalesce(max(number), 0) AS number FROM event').get();
    return lastRow.parse(newest).number;
  }

  *#pastUpTo(last: number): Generator<JobEvent, boolean> {
    for (let after = 0; after < last;) {
      if (!this.#database.isOpen) return false;
      const rows = this.#database
        .prepare('SELECT number, json FROM event WHERE number > ? AND number <= ? ORDER BY number LIMIT ?')
        .all(after, last, PAGE_COUNT);
      for (const row of rows) yield* parsed(row, jobEvent);
      after = rows.length === 0 ? last : lastRow.parse(rows.at(-1)).number;
    }
    return true;
  }

  eventsOf(id: JobId): readonly JobEvent[] {
    const rows = this.#database.prepare('SELECT json FROM event WHERE job_id = ? ORDER BY number').all(id);
    return rows.flatMap((row) => parsed(row, jobEvent));
  }

  /**
   * What happened to the newest jobs of those before a place, all of it up to now, in order.
   *
   * @param before  `olderThan` of the slice before; null for the newest jobs of all
   */
  *slice(before: number | null, count = SLICE_COUNT): Work<PastSlice> {
    const last = this.#newestEvent();
    const jobs = this.#database
      .prepare('SELECT rowid AS number, id AS job_id FROM job WHERE rowid < ? ORDER BY rowid DESC LIMIT ?')
      .all(before ?? Number.MAX_SAFE_INTEGER, count);
    const told: { readonly number: number; readonly event: JobEvent }[] = [];
    for (const job of jobs) {
      yield;
      if (!this.#database.isOpen) return { events: [], olderThan: null };
      const rows = this.#database
        .prepare('SELECT number, json FROM event WHERE job_id = ? AND number <= ?')
        .all(idRow.parse(job).job_id, last);
      for (const row of rows) {
        const { number } = lastRow.parse(row);
        told.push(...parsed(row, jobEvent).map((event) => ({ number, event })));
      }
    }
    const events = told.toSorted((a, b) => a.number - b.number).map(({ event }) => event);
    return { events, olderThan: jobs.length < count ? null : lastRow.parse(jobs.at(-1)).number };
  }

  appendLedger(id: JobId, line: LedgerLine): void {
    this.#database.prepare('INSERT INTO ledger (job_id, json) VALUES (?, ?)').run(id, JSON.stringify(line));
  }

  ledger(id: JobId): readonly LedgerLine[] {
    const rows = this.#database.prepare('SELECT json FROM ledger WHERE job_id = ? ORDER BY number').all(id);
    return rows.flatMap((row) => parsed(row, ledgerLine));
  }

  saveReport(id: JobId, report: RunReport): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO report (job_id, json) VALUES (?, ?)')
      .run(id, JSON.stringify(report));
  }

  report(id: JobId): RunReport | null {
    const row = this.#database.prepare('SELECT json FROM report WHERE job_id = ?').get(id);
    return row ? (parsed(row, runReport)[0] ?? null) : null;
  }

  /** In the order in which they were made. */
  projects(): readonly StudioProject[] {
    const rows = this.#database.prepare('SELECT id, name FROM project ORDER BY rowid').all();
    return rows.flatMap((row) => studioProject.safeParse({ ...row }).data ?? []);
  }

  /** False where another one has the name already, be it of another program a moment ago. */
  saveProject({ id, name }: StudioProject): boolean {
    const { changes } = this.#database
      .prepare(
        `INSERT INTO project (id, name) SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM project WHERE name = ? AND id <> ?)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name`,
      )
      .run(id, name, name, id);
    return changes === 1;
  }

  removeProject(id: StudioProjectId): void {
    this.#database.prepare('DELETE FROM project WHERE id = ? AND id <> ?').run(id, DEFAULT_PROJECT_ID);
  }

  jobsOf(project: StudioProjectId): readonly JobId[] {
    const rows = this.#database
      .prepare(
        "SELECT job_id FROM event WHERE json ->> '$.kind' = 'queued' AND coalesce(json ->> '$.request.projectId', ?) = ?",
      )
      .all(DEFAULT_PROJECT_ID, project);
    return rows.map((row) => idRow.parse(row).job_id);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

function openSound(path: string): DatabaseSync {
  // The patience comes first: even the change to WAL finds the file locked while another program writes.
  const database = new DatabaseSync(path, { timeout: BUSY_LIMIT_MS });
  try {
    database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;');
    assertSound(database);
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}

/** The file was written by a newer program: it is left untouched. */
export class StoreFromFuture extends Error {
  constructor(version: number) {
    super(`the run store has version ${version}; this program reads up to ${SCHEMA_VERSION}`);
  }
}

/** None where a row doesn't hold what the schema says: a damaged line costs itself, not the history. */
function parsed<T>(row: unknown, schema: z.ZodType<T>): readonly T[] {
  let value: unknown;
  try {
    value = JSON.parse(jsonRow.parse(row).json);
  } catch {
    return [];
  }
  const result = schema.safeParse(value);
  return result.success ? [result.data] : [];
}
