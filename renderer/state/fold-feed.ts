import { unreachable } from '../../app/base/result.ts';
import type { JobId } from '../../app/contract/job.ts';
import type { FeedEvent } from '../../app/contract/route.ts';
import { reduceJobs, type JobList } from '../../app/plan/job-state.ts';
import type { ExportJob, StudioState } from './studio-state.ts';

/** Exports that are listed; older ones are on disk anyway. */
const EXPORT_LIMIT = 20;

/** What an event changes; nothing for previews, health and readings, which go their own way. */
export function foldFeed(state: StudioState, event: FeedEvent): Partial<StudioState> {
  switch (event.kind) {
    case 'job': {
      const jobs = reduceJobs(state.jobs, event.event);
      const isGone = state.selectedJobId !== null && !jobs.some(({ id }) => id === state.selectedJobId);
      return isGone
        ? { jobs, selectedJobId: newest(jobs.filter(({ request }) => request.projectId === state.projectId)) }
        : { jobs };
    }
    case 'engine':
      return { engine: event.status };
    case 'packs':
      return { packs: event.packs };
    case 'projects':
      return { projects: event.projects };
    case 'recovery-policy':
      return { policy: event.policy };
    case 'export':
      return { exports: foldExport(state.exports, event) };
    case 'experts':
      return { experts: event.experts };
    case 'inspection': {
      const { kind: _kind, ...inspection } = event;
      // One that was closed may still have something to say.
      const isClosed = state.inspection?.inspectionId !== event.inspectionId && event.state.phase !== 'running';
      return isClosed ? {} : { inspection };
    }
    case 'preview':
    case 'resources':
    case 'health':
      return {};
    default:
      return unreachable(event);
  }
}

/** What to look at when nothing is chosen: what runs now, else what was asked for last. */
export function newest(jobs: JobList): JobId | null {
  return (jobs.find(({ phase }) => phase === 'running') ?? jobs.at(-1))?.id ?? null;
}

/** The feed may be faster than the answer to the call that began the export, so either one may come first. */
export function foldExport(
  exports: readonly ExportJob[],
  { exportId, jobId, state }: Extract<FeedEvent, { kind: 'export' }>,
): readonly ExportJob[] {
  const known = exports.find((one) => one.exportId === exportId);
  if (known) return exports.map((one) => (one === known ? { ...one, state } : one));
  return [...exports, { exportId, jobId, path: null, state }].slice(-EXPORT_LIMIT);
}

export function foldStarted(
  exports: readonly ExportJob[],
  started: { readonly exportId: string; readonly jobId: JobId; readonly path: string },
): readonly ExportJob[] {
  const known = exports.find(({ exportId }) => exportId === started.exportId);
  if (known) return exports.map((one) => (one === known ? { ...one, path: started.path } : one));
  const state = { phase: 'running', ratio: 0, speed: null } as const;
  return [...exports, { ...started, state }].slice(-EXPORT_LIMIT);
}
