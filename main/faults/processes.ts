import { readFileSync } from 'node:fs';
import { access, readFile } from 'node:fs/promises';

const POLL_MS = 2;
export const wait = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A process may end by itself between the look and the signal: that is no fault of the lab. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ESRCH')) throw cause;
  }
}

/** Hold a process for a while and let it go on. */
export async function stopFor(pid: number, ms: number): Promise<void> {
  signalTo(pid, 'SIGSTOP');
  await wait(ms);
  signalTo(pid, 'SIGCONT');
}

/** Until the kernel has taken a dead process off its list. */
export async function restLater(pid: number): Promise<void> {
  for (;;) {
    const isThere = await access(`/proc/${pid}/task/${pid}/children`).then(
      () => true,
      () => false,
    );
    if (!isThere) return;
    await wait(POLL_MS);
  }
}

/** Child processes of a process, by the kernel's own account. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

/**
 * How long the first thread of a process has been ready without having a processor, by the kernel's own account; null where that is
 * not kept. Read at once: what happens a moment later is of the next line.
 */
export function processorWaitMs(pid: number): number | null {
  try {
    const [, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').trim().split(' ').map(Number);
    return waitedNs === undefined || !Number.isFinite(waitedNs) ? null : waitedNs / 1e6;
  } catch {
    return null;
  }
}
