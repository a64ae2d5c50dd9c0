import { readdirSync, readFileSync } from 'node:fs';

/**
 * Nanoseconds that all threads of a process were on a processor: they grow with the shortest waking, so that a process whose sum
 * stands still does nothing at all. Null where the system doesn't tell: Linux alone does (proc(5): task, schedstat).
 */
export const ranNs = (pid: number | undefined): number | null =>
  ofThreads(pid, (thread) => Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[0]));

/** Whether a thread waits for a disk: it can't run, and is at work all the same. The state follows the name in brackets. */
export const isAtDisk = (pid: number | undefined): boolean =>
  (ofThreads(pid, (thread) => (/\) D /.test(readFileSync(`${thread}/stat`, 'utf8')) ? 1 : 0)) ?? 0) > 0;

function ofThreads(pid: number | undefined, read: (thread: string) => number): number | null {
  if (pid === undefined || process.platform !== 'linux') return null;
  try {
    return readdirSync(`/proc/${pid}/task`).reduce((sum, id) => sum + read(`/proc/${pid}/task/${id}`), 0);
  } catch {
    // Gone, or a thread of it is just gone, or a kernel that keeps no such account.
    return null;
  }
}
