/** What the engine calls the processor that it computes on. Kept in reports and snapshots: it stays as it is. */
export const processorName = (threads: number): string => `CPU, ${threads} threads`;

/** The threads in such a name; null for the name of another device. */
export function threadsIn(deviceName: string): number | null {
  const threads = /^CPU, (\d+) threads$/.exec(deviceName)?.[1];
  return threads === undefined ? null : Number(threads);
}
