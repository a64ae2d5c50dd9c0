/** Whether a file system refused for lack of room: no space left, or the user's quota is used up. */
export function isDiskFull(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if ('errcode' in cause && cause.errcode === SQLITE_FULL) return true;
  return 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
}

/** SQLite's own name for the same. */
const SQLITE_FULL = 13;

/** SQLite's names for a database that became read-only, whose disk fails, that was damaged, is not to be opened, and is none any more. */
const LOST = [8, 10, 11, 14, 26];

/** The database was fine and was spoiled from outside: no bug of this program. The lowest byte is the kind. */
export const isDatabaseLost = (cause: unknown): boolean =>
  cause instanceof Error &&
  'errcode' in cause &&
  typeof cause.errcode === 'number' &&
  LOST.includes(cause.errcode & 0xff);
