import type { JobEvent, JobId } from '../../app/contract/job.ts';
import { reduceJobs, type JobList } from '../../app/plan/job-state.ts';
import { newest } from './fold-feed.ts';
import type { StudioState } from './studio-state.ts';

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

/** Jobs of a part of the past, with what was heard of them since. */
export const foldPast = (past: readonly JobEvent[], heard: readonly JobEvent[]): JobList => folded(past, heard, past);

/** As `foldPast` for the newest part, and after it the jobs that were asked for since. */
export const foldNewest = (past: readonly JobEvent[], heard: readonly JobEvent[]): JobList =>
  folded(past, heard, [...past, ...heard.filter(({ kind }) => kind === 'queued')]);

function folded(past: readonly JobEvent[], heard: readonly JobEvent[], shown: readonly JobEvent[]): JobList {
  const ids = new Set<JobId>(shown.map(({ jobId }) => jobId));
  const about = heard.filter(({ jobId }) => ids.has(jobId));
  return joinFeed(past, about).reduce<JobList>(reduceJobs, []);
}

/** Jobs from farther back before those that are listed; the first ones to be seen are chosen where there was nothing to choose. */
export function withOlder(
  { jobs, projectId, selectedJobId }: Pick<StudioState, 'jobs' | 'projectId' | 'selectedJobId'>,
  older: JobList,
): Pick<StudioState, 'jobs' | 'selectedJobId'> {
  const told = new Set<JobId>(older.map(({ id }) => id));
  const all = [...older, ...jobs.filter(({ id }) => !told.has(id))];
  return {
    jobs: all,
    selectedJobId: selectedJobId ?? newest(all.filter(({ request }) => request.projectId === projectId)),
  };
}
