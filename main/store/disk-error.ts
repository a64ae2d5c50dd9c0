/** Whether a file system refused for lack of room: no space left, or the user's quota is used up. */
export function isDiskFull(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if ('errcode' in cause && cause.errcode === SQLITE_FULL) return true;
  return 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
}

/** SQLite's own name for the same. */
const SQLITE_FULL = 13;
