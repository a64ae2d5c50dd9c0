import { unreachable } from '../base/result.ts';
import type { DeliveredClip, JobEvent, JobId, JobProblem, JobRequest, Progress } from '../contract/job.ts';
import type { PendingDecision } from '../contract/policy.ts';
import type { DecisionReport, FaultReport } from '../contract/report.ts';

export type JobPhase =
  | { readonly phase: 'queued' }
  | {
      readonly phase: 'running';
      readonly attempt: number;
      readonly seed: number;
      readonly rung: string;
      readonly steps: number;
      readonly progress: Progress | null;
    }
  | {
      readonly phase: 'done';
      readonly clip: DeliveredClip;
      /** The user said that it is good enough. */
      readonly isAccepted: boolean;
    }
  | { readonly phase: 'cancelled' }
  | {
      readonly phase: 'failed';
      readonly problem: JobProblem;
      readonly detail: string;
      /** It can be taken up again where it stopped. */
      readonly canResume: boolean;
    };

/** One job as window and command line see it. */
export type JobState = JobPhase & {
  readonly id: JobId;
  readonly queuedAtMs: number;
  readonly request: JobRequest;
  /** Everything that went wrong and what was done about it, oldest first. */
  readonly faults: readonly FaultReport[];
  readonly decisions: readonly DecisionReport[];
  /** What the user is asked right now. */
  readonly pending: PendingDecision | null;
};

/** Jobs in the order in which they were asked for. */
export type JobList = readonly JobState[];

/** Next list; an event that makes no sense in a job's phase leaves that job unchanged. */
export function reduceJobs(jobs: JobList, event: JobEvent): JobList {
  if (event.kind === 'queued') {
    const { jobId: id, atMs: queuedAtMs, request } = event;
    if (jobs.some((job) => job.id === id)) return jobs;
    return [...jobs, { id, queuedAtMs, request, faults: [], decisions: [], pending: null, phase: 'queued' }];
  }
  if (event.kind === 'removed') return jobs.filter(({ id }) => id !== event.jobId);
  return jobs.map((job) => (job.id === event.jobId ? reduceJob(job, event) : job));
}

/** The last decision with what came of it; one that nobody has told of changes nothing. */
function settled(decisions: readonly DecisionReport[], decision: DecisionReport): readonly DecisionReport[] {
  return decisions.at(-1)?.branch === decision.branch ? [...decisions.slice(0, -1), decision] : decisions;
}

function reduceJob(job: JobState, event: Exclude<JobEvent, { kind: 'queued' | 'removed' }>): JobState {
  const { id, queuedAtMs, request, faults, decisions } = job;
  const common = { id, queuedAtMs, request, faults, decisions, pending: null };
  const isOpen = job.phase === 'queued' || job.phase === 'running';
  switch (event.kind) {
    case 'attempt-started': {
      const { attempt, seed, rung, steps } = event;
      return isOpen ? { ...common, phase: 'running', attempt, seed, rung, steps, progress: null } : job;
    }
    case 'progressed':
      return job.phase === 'running' ? { ...job, progress: event.progress } : job;
    case 'fault-found':
      return isOpen ? { ...job, faults: [...faults, event.fault] } : job;
    case 'decided':
      return isOpen ? { ...job, decisions: [...decisions, event.decision], pending: null } : job;
    case 'decision-settled':
      return { ...job, decisions: settled(job.decisions, event.decision) };
    case 'decision-pending':
      return isOpen ? { ...job, pending: event.pending } : job;
    case 'delivered':
      return isOpen ? { ...common, phase: 'done', clip: event.clip, isAccepted: false } : job;
    case 'accepted':
      return job.phase === 'done' ? { ...job, isAccepted: true } : job;
    case 'cancelled':
      return isOpen ? { ...common, phase: 'cancelled' } : job;
    case 'failed':
      return isOpen
        ? { ...common, phase: 'failed', problem: event.problem, detail: event.detail, canResume: event.canResume }
        : job;
    case 'interrupted':
      return isOpen || (job.phase === 'failed' && job.canResume) ? { ...common, phase: 'queued' } : job;
    default:
      return unreachable(event);
  }
}
