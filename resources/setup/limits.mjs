import { readdirSync, readFileSync, statSync } from 'node:fs';

import { SetupFailure } from './base.mjs';

/** What Node takes for itself. With fewer it aborts, or waits for ever for a thread that never comes: neither is seen from inside. */
const NODE_THREADS = 11;
/** A limit above this is not counted out: nobody gets near it by this program. */
const LARGE_LIMIT = 4_096;

/** Processes and threads that this user may have at a time; null where nothing limits them or nobody tells. */
function processLimit() {
  // The limit holds for no administrator.
  if (process.platform !== 'linux' || process.getuid() === 0) return null;
  try {
    const found = /^Max processes +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return found ? Number(found[1]) : null;
  } catch {
    return null;
  }
}

/** Threads of all processes of this user. */
function threadCount() {
  let count = 0;
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)))
    try {
      if (statSync(`/proc/${name}`).uid === process.getuid()) count += readdirSync(`/proc/${name}/task`).length;
    } catch {
      // It has ended in the meantime.
    }
  return count;
}

/** @throws SetupFailure where the program could not even start */
export function requireThreads() {
  const limit = processLimit();
  if (limit === null || limit > LARGE_LIMIT) return;
  const left = limit - threadCount();
  if (left >= NODE_THREADS) return;
  throw new SetupFailure(
    `the system allows this user ${limit} processes and threads at a time (left: ${Math.max(0, left)}; needed to start: ${NODE_THREADS})`,
    'raise the limit (ulimit -u) or end other programs, then run the command again',
  );
}
