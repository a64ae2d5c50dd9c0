import type { JobEvent } from '../../app/contract/job.ts';

/**
 * The snapshot's events and then those of the feed that the snapshot doesn't hold yet. Both are in order, so what they
 * share is the end of the one and the beginning of the other.
 *
 * @param heard  job events from the feed, from before the snapshot was asked for
 */
export function joinFeed(snapshot: readonly JobEvent[], heard: readonly JobEvent[]): readonly JobEvent[] {
  const past = snapshot.filter(isKept).map(fingerprint);
  const durable = heard.filter(isKept);
  const told = durable.map(fingerprint);
  let shared = Math.min(past.length, told.length);
  while (shared > 0 && !isSame(past.slice(-shared), told.slice(0, shared))) shared -= 1;
  const known = new Set(durable.slice(0, shared));
  return [...snapshot, ...heard.filter((event) => !known.has(event))];
}

/** Progress is told but not kept: it says nothing about where the two lists overlap. */
const isKept = (event: JobEvent): boolean => event.kind !== 'progressed';

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.every((line, index) => line === b[index]);

/** Equal for equal events, in whatever order their fields were written. */
function fingerprint(event: JobEvent): string {
  return JSON.stringify(event, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
