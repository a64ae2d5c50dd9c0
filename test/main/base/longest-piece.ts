import { setImmediate } from 'node:timers/promises';

/**
 * How long a task held this thread in one piece, and how long it held it in all: both in processor time, so that a busy machine
 * does not look like a long piece.
 */
export async function pieces(task: () => Promise<unknown>): Promise<{ longestMs: number; wholeMs: number }> {
  const spentMs = (): number => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  const startedMs = spentMs();
  let [formerMs, longestMs, isOver] = [startedMs, 0, false];
  const watching = (async () => {
    while (!isOver) {
      await setImmediate();
      const nowMs = spentMs();
      longestMs = Math.max(longestMs, nowMs - formerMs);
      formerMs = nowMs;
    }
  })();
  await task().finally(() => (isOver = true));
  await watching;
  return { longestMs, wholeMs: formerMs - startedMs };
}
