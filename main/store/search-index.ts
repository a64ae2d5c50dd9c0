import { rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { z } from 'zod';

import {
  historyKind,
  historyKinds,
  type HistoryHit,
  type HistoryKind,
  type HistoryQuery,
} from '../../app/contract/telemetry.ts';
import { excerptOf, indexedText, matchQuery } from '../../app/export/search-text.ts';
import type { JobId } from '../../app/contract/job.ts';
import { assertSound, isDamaged } from './damage.ts';
import { isOwnerAlive, ownerToken } from './owner.ts';

export interface SearchDocument {
  readonly kind: HistoryKind;
  readonly jobId: JobId | null;
  readonly atMs: number;
  readonly text: string;
}

/** Version 1 kept everything in the full-text table itself, where a job is found only by reading all of it. */
const SCHEMA_VERSION = 2;
/** Opening may wait for another program for so long. */
const OPEN_LIMIT_MS = 250;
/** Afterwards nobody waits: what can't be written now is written a moment later, and reading waits for no writer. */
const BUSY_LIMIT_MS = 5;
const KEPT_LOG_COUNT = 20_000;
/** Words that are almost everywhere tell little: of what holds them, only so many of the newest are compared. */
const RANKED_COUNT = 4_000;

const versionRow = z.object({ user_version: z.int() });
const ownerRow = z.object({ owner: z.string() });
const idRow = z.object({ id: z.int() });
const documentRow = z.object({
  kind: historyKind,
  job_id: z.string().nullable(),
  at_ms: z.number(),
  text: z.string(),
});

/**
 * Full text of runs, faults, decisions and logs. All of it is derived: a damaged index is thrown away and filled again, so
 * it needs no care for power cuts. Texts lie in a plain table that is found by job; the full-text table holds words alone.
 */
export class SearchIndex implements Disposable {
  readonly #database: DatabaseSync;
  /** Prepared once: thousands of them would have to be swept up in one piece. */
  readonly #statements = new Map<string, StatementSync>();
  /** It holds nothing of the past yet, and filling it is up to who opened it: `filled` ends that. */
  readonly isFresh: boolean;

  /** @throws what SQLite says where the file can't be written */
  constructor(path: string) {
    let opened: DatabaseSync;
    try {
      opened = openChecked(path);
    } catch (cause) {
      if (!isDamaged(cause)) throw cause;
      for (const ending of ['', '-wal', '-shm']) rmSync(`${path}${ending}`, { force: true });
      opened = openChecked(path);
    }
    this.#database = opened;
    this.isFresh = this.#begin();
    opened.exec(`PRAGMA busy_timeout = ${BUSY_LIMIT_MS}`);
  }

  /** @returns whether it is this program that has to fill it */
  #begin(): boolean {
    let isFresh = false;
    this.together(() => {
      const { user_version: version } = versionRow.parse(this.#statement('PRAGMA user_version').get());
      if (version === SCHEMA_VERSION) {
        const filler = this.#statement('SELECT owner FROM filling').get();
        // A program that filled it and was ended before it was through leaves half of the past.
        if (!filler || isOwnerAlive(ownerRow.parse(filler).owner)) return;
      }
      isFresh = true;
      this.#database.exec(`
        DROP TABLE IF EXISTS document;
        DROP TABLE IF EXISTS word;
        DROP TABLE IF EXISTS filling;
        CREATE TABLE document (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, job_id TEXT, at_ms REAL NOT NULL, text TEXT NOT NULL) STRICT;
        CREATE INDEX document_job ON document(job_id, kind);
        CREATE INDEX document_kind ON document(kind);
        CREATE VIRTUAL TABLE word USING fts5(body, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');
        CREATE TABLE filling (owner TEXT NOT NULL) STRICT;
        PRAGMA user_version = ${SCHEMA_VERSION};`);
      this.#statement('INSERT INTO filling (owner) VALUES (?)').run(ownerToken());
    });
    return isFresh;
  }

  /** The past is in it: whoever opens it from now on need not fill it. */
  filled(): void {
    this.#database.exec('DELETE FROM filling');
  }

  /** All that `work` writes, or none of it. */
  together(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (cause) {
      this.#database.exec('ROLLBACK');
      throw cause;
    }
  }

  /** A run has one document: a newer one takes the place of the older. */
  add({ kind, jobId, atMs, text }: SearchDocument): void {
    if (kind === 'run' && jobId !== null) this.#forget(jobId, 'run');
    const { lastInsertRowid: id } = this.#statement(
      'INSERT INTO document (kind, job_id, at_ms, text) VALUES (?, ?, ?, ?)',
    ).run(kind, jobId, atMs, text);
    this.#statement('INSERT INTO word (rowid, body) VALUES (?, ?)').run(id, indexedText(text));
  }

  /** The document of a run; null where there is none. */
  run(jobId: JobId): SearchDocument | null {
    const row = this.#statement("SELECT kind, job_id, at_ms, text FROM document WHERE job_id = ? AND kind = 'run'").get(
      jobId,
    );
    if (!row) return null;
    const { kind, at_ms: atMs, text } = documentRow.parse(row);
    return { kind, jobId, atMs, text };
  }

  removeJob(jobId: JobId): void {
    for (const kind of historyKinds) this.#forget(jobId, kind);
  }

  /**
   * Old log lines make room; they are in no file any more either.
   *
   * @param limit  so many at once
   * @returns whether there are more of them
   */
  prune(keptCount = KEPT_LOG_COUNT, limit = Number.MAX_SAFE_INTEGER): boolean {
    const newest = this.#statement("SELECT id FROM document WHERE kind = 'log' ORDER BY id DESC LIMIT 1 OFFSET ?").get(
      keptCount,
    );
    if (!newest) return false;
    const old = this.#statement("SELECT id FROM document WHERE kind = 'log' AND id <= ? ORDER BY id LIMIT ?").all(
      idRow.parse(newest).id,
      limit,
    );
    this.#drop(old);
    return old.length === limit;
  }

  /**
   * The best first: those in which the words are rarer and denser, among equals the newest.
   *
   * @param jobIds  what belongs to other jobs is left out; null: nothing is
   */
  search({ text, kinds, limit }: HistoryQuery, jobIds: readonly JobId[] | null = null): readonly HistoryHit[] {
    const match = matchQuery(text);
    if (match === null) return [];
    const wanted = kinds.length > 0 ? kinds : historyKinds;
    const rows = this.#statement(
      `SELECT kind, job_id, at_ms, text FROM (
           SELECT kind, job_id, at_ms, text, bm25(word) AS score FROM word CROSS JOIN document ON document.id = word.rowid
           WHERE word MATCH ?1 AND kind IN (SELECT value FROM json_each(?2))
           AND (?3 IS NULL OR job_id IS NULL OR job_id IN (SELECT value FROM json_each(?3)))
           ORDER BY word.rowid DESC LIMIT ${RANKED_COUNT})
         ORDER BY score, at_ms DESC LIMIT ?4`,
    ).all(match, JSON.stringify(wanted), jobIds === null ? null : JSON.stringify(jobIds), limit);
    return rows.map((row) => {
      const { kind, job_id: jobId, at_ms: atMs, text: found } = documentRow.parse(row);
      return { kind, jobId, atMs, ...excerptOf(found, text) };
    });
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  #forget(jobId: JobId, kind: HistoryKind): void {
    this.#drop(this.#statement('SELECT id FROM document WHERE job_id = ? AND kind = ?').all(jobId, kind));
  }

  #drop(rows: readonly unknown[]): void {
    for (const row of rows) {
      const { id } = idRow.parse(row);
      this.#statement('DELETE FROM word WHERE rowid = ?').run(id);
      this.#statement('DELETE FROM document WHERE id = ?').run(id);
    }
  }
}

function openChecked(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: OPEN_LIMIT_MS });
  try {
    database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;');
    assertSound(database);
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}
