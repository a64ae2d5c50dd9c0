import { access } from 'node:fs/promises';

const POLL_MS = 2;
export const wait = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Hold a process for a while and let it go on. */
export async function stopFor(pid: number, ms: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await wait(ms);
  process.kill(pid, 'SIGCONT');
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
