import type { DatabaseSync } from 'node:sqlite';

/** SQLite's names for a file that holds no sound database: a damaged page, or something else altogether. */
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** A check found it, before any read failed over it. */
export class DamagedFile extends Error {}

/** @throws DamagedFile  where the database is not sound; what SQLite says where it can't be read */
export function assertSound(database: DatabaseSync): void {
  const row = database.prepare('PRAGMA quick_check(1)').get();
  const said = row ? Object.values(row)[0] : null;
  if (said !== 'ok') throw new DamagedFile(String(said));
}

/** The lowest byte is the kind; what stands above it says where. */
export const isDamaged = (cause: unknown): boolean =>
  cause instanceof DamagedFile ||
  (cause instanceof Error &&
    'errcode' in cause &&
    typeof cause.errcode === 'number' &&
    [SQLITE_CORRUPT, SQLITE_NOTADB].includes(cause.errcode & 0xff));
