import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

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

export interface SearchDocument {
  readonly kind: HistoryKind;
  readonly jobId: JobId | null;
  readonly atMs: number;
  readonly text: string;
}

const SCHEMA_VERSION = 1;
/** A search that waits for another program's write is felt; a write can be tried again later. */
const BUSY_LIMIT_MS = 250;
const KEPT_LOG_COUNT = 20_000;

const versionRow = z.object({ user_version: z.int() });
const hitRow = z.object({
  kind: historyKind,
  job_id: z.string().nullable(),
  at_ms: z.number(),
  text: z.string(),
});

/**
 * Full text of runs, faults, decisions and logs. All of it is derived: a damaged index is thrown away and filled again, so
 * it needs no care for power cuts.
 */
export class SearchIndex implements Disposable {
  readonly #database: DatabaseSync;
  /** It was made just now and holds nothing of the past yet. */
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
    const { user_version: version } = versionRow.parse(opened.prepare('PRAGMA user_version').get());
    this.isFresh = version !== SCHEMA_VERSION;
    if (!this.isFresh) return;
    opened.exec(`
      BEGIN IMMEDIATE;
      DROP TABLE IF EXISTS document;
      CREATE VIRTUAL TABLE document USING fts5(body, kind UNINDEXED, job_id UNINDEXED, at_ms UNINDEXED, text UNINDEXED, tokenize = 'unicode61 remove_diacritics 2');
      PRAGMA user_version = ${SCHEMA_VERSION};
      COMMIT;`);
  }

  /** All or none. A run has one document: a newer one takes the place of the older. */
  add(documents: readonly SearchDocument[]): void {
    const forget = this.#database.prepare("DELETE FROM document WHERE kind = 'run' AND job_id = ?");
    const insert = this.#database.prepare(
      'INSERT INTO document (body, kind, job_id, at_ms, text) VALUES (?, ?, ?, ?, ?)',
    );
    this.#together(() => {
      for (const { kind, jobId, atMs, text } of documents) {
        if (kind === 'run' && jobId !== null) forget.run(jobId);
        insert.run(indexedText(text), kind, jobId, atMs, text);
      }
    });
  }

  removeJob(jobId: JobId): void {
    this.#database.prepare('DELETE FROM document WHERE job_id = ?').run(jobId);
  }

  /** Old log lines make room; they are in no file any more either. */
  prune(keptCount = KEPT_LOG_COUNT): void {
    this.#database
      .prepare(
        "DELETE FROM document WHERE kind = 'log' AND rowid NOT IN (SELECT rowid FROM document WHERE kind = 'log' ORDER BY rowid DESC LIMIT ?)",
      )
      .run(keptCount);
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
    const rows = this.#database
      .prepare(
        `SELECT kind, job_id, at_ms, text FROM document
         WHERE document MATCH ? AND kind IN (${wanted.map(() => '?').join(', ')})
         AND (? OR job_id IS NULL OR job_id IN (SELECT value FROM json_each(?)))
         ORDER BY rank, at_ms DESC LIMIT ?`,
      )
      .all(match, ...wanted, jobIds === null ? 1 : 0, JSON.stringify(jobIds ?? []), limit);
    return rows.map((row) => {
      const { kind, job_id: jobId, at_ms: atMs, text: found } = hitRow.parse(row);
      return { kind, jobId, atMs, ...excerptOf(found, text) };
    });
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #together(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (cause) {
      this.#database.exec('ROLLBACK');
      throw cause;
    }
  }
}

function openChecked(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_LIMIT_MS });
  try {
    database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;');
    assertSound(database);
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}
