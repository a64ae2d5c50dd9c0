import { existsSync, renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { nameAside } from './aside.ts';

import { z } from 'zod';

import { jobEvent } from '../../app/contract/job.ts';

/** What came of a damaged store. */
export interface Salvage {
  /** Where the damaged file was put; it is never thrown away. */
  readonly path: string;
  readonly keptRowCount: number;
}

/** Holes that are jumped over before the rest of a table is given up; each jump is twice as far as the last. */
const JUMP_LIMIT = 24;

const tables = {
  project: 'id, name',
  job: 'id, out_path, typed_prompt, trace_id, owner, is_open',
  event: 'number, job_id, json',
  ledger: 'number, job_id, json',
  report: 'job_id, json',
} as const;
type Table = keyof typeof tables;
type Row = Readonly<Record<string, string | number | bigint | Uint8Array | null>>;

/** Put a damaged database aside, with what belongs to it, under a name that is free. */
export function putAside(path: string): string {
  const aside = nameAside(path);
  for (const ending of ['', '-wal', '-shm'])
    if (existsSync(`${path}${ending}`)) renameSync(`${path}${ending}`, `${aside}${ending}`);
  return aside;
}

/** Everything of a damaged store that can still be read, into a new one of the same shape. */
export function salvageInto(store: DatabaseSync, aside: string): Salvage {
  let damaged: DatabaseSync;
  try {
    damaged = new DatabaseSync(aside, { readOnly: true });
  } catch {
    return { path: aside, keptRowCount: 0 };
  }
  try {
    let keptRowCount = 0;
    for (const table of ['project', 'job', 'event', 'ledger', 'report'] as const)
      for (const row of readableRows(damaged, table)) keptRowCount += keep(store, table, row) ? 1 : 0;
    keepProjects(store);
    return { path: aside, keptRowCount };
  } finally {
    damaged.close();
  }
}

function* readableRows(damaged: DatabaseSync, table: Table): Generator<Row> {
  let after = -1;
  for (let jump = 0; jump < JUMP_LIMIT; jump += 1) {
    try {
      const statement = damaged.prepare(
        `SELECT rowid AS place, ${tables[table]} FROM ${table} WHERE rowid > ? ORDER BY rowid`,
      );
      for (const found of statement.iterate(after)) {
        const { place, ...row } = found;
        after = Number(place);
        yield row;
      }
      return;
    } catch {
      after += 2 ** jump;
    }
  }
}

function keep(store: DatabaseSync, table: Table, row: Row): boolean {
  const names = Object.keys(row);
  const insert = (): number | bigint =>
    store
      .prepare(
        `INSERT OR ${table === 'project' ? 'REPLACE' : 'IGNORE'} INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      )
      .run(...Object.values(row)).changes;
  try {
    return Number(insert()) > 0;
  } catch {
    // It belongs to a job whose own row is lost; what was asked for stands in its first event.
    if (table !== 'event' || !keepJobOf(store, row)) return false;
    return Number(insert()) > 0;
  }
}

/** A project whose own row is lost lives on in its jobs: it comes back under a name that the user can change. */
function keepProjects(store: DatabaseSync): void {
  store.exec(`
    INSERT OR IGNORE INTO project (id, name)
    SELECT DISTINCT json ->> '$.request.projectId', substr(json ->> '$.request.projectId', 1, 8) FROM event
    WHERE json_valid(json) AND json ->> '$.kind' = 'queued' AND json ->> '$.request.projectId' IS NOT NULL`);
}

const eventRow = z.object({ json: z.string() });

function keepJobOf(store: DatabaseSync, row: Row): boolean {
  try {
    const event = jobEvent.parse(JSON.parse(eventRow.parse(row).json));
    if (event.kind !== 'queued') return false;
    store
      .prepare(
        "INSERT OR IGNORE INTO job (id, out_path, typed_prompt, trace_id, owner, is_open) VALUES (?, '', ?, ?, '', 0)",
      )
      .run(event.jobId, event.request.prompt, '0'.repeat(32));
    return true;
  } catch {
    return false;
  }
}
