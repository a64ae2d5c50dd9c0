import type { ExpertHealth } from '../../app/contract/health.ts';
import type { JobEvent, JobId, JobRequest } from '../../app/contract/job.ts';
import type { LedgerLine } from '../../app/contract/ledger.ts';
import type { RunReport } from '../../app/contract/report.ts';
import type { ResourceSample } from '../../app/contract/resource.ts';
import type { EngineStatus } from '../../app/contract/route.ts';
import type { Salvage } from '../store/salvage.ts';
import type { WorkEvent } from '../host/attempt.ts';
import type { JobEnd } from './run-job.ts';

export interface BegunJob {
  readonly id: JobId;
  readonly traceId: string;
  readonly request: JobRequest;
  /** Experts of its pack that are in use unless somebody masks them. */
  readonly expertIds: readonly string[];
}

/** All jobs so far, oldest first, read as they are asked for; ends with whether it was all of them. */
export type PastEvents = Iterator<JobEvent, boolean>;

/** Who looks on while jobs run: metrics, logs, the window. Nothing that happens here may disturb a job. */
export interface JobWatcher {
  /** The store is open; `past` tells of all jobs so far, `salvage` of a damaged file that was put aside. */
  readonly opened?: (past: () => PastEvents, salvage: Salvage | null) => void;
  readonly job?: (event: JobEvent) => void;
  /** A job left the queue. */
  readonly begun?: (job: BegunJob) => void;
  /** What the loop wrote down before it did it. */
  readonly ledger?: (id: JobId, line: LedgerLine) => void;
  /** What the engine did, unit by unit. */
  readonly work?: (event: WorkEvent) => void;
  readonly engine?: (status: EngineStatus) => void;
  readonly sample?: (sample: ResourceSample) => void;
  /** How experts stand, when that changes. */
  readonly experts?: (experts: readonly ExpertHealth[]) => void;
  /** A damaged file was put aside under this name. */
  readonly putAside?: (path: string) => void;
  readonly ended?: (id: JobId, end: JobEnd) => void;
  readonly report?: (report: RunReport) => void;
}

/** The same watchers as one, each shielded: what throws is told to `onBug`, not to the job. */
export function watchTogether(watchers: readonly JobWatcher[], onBug: (cause: unknown) => void): Required<JobWatcher> {
  const shield = (call: (watcher: JobWatcher) => void): void => {
    for (const watcher of watchers)
      try {
        call(watcher);
      } catch (cause) {
        onBug(cause);
      }
  };
  return {
    opened: (past, salvage) => shield((watcher) => watcher.opened?.(past, salvage)),
    job: (event) => shield((watcher) => watcher.job?.(event)),
    begun: (job) => shield((watcher) => watcher.begun?.(job)),
    ledger: (id, line) => shield((watcher) => watcher.ledger?.(id, line)),
    work: (event) => shield((watcher) => watcher.work?.(event)),
    engine: (status) => shield((watcher) => watcher.engine?.(status)),
    sample: (sample) => shield((watcher) => watcher.sample?.(sample)),
    experts: (experts) => shield((watcher) => watcher.experts?.(experts)),
    putAside: (path) => shield((watcher) => watcher.putAside?.(path)),
    ended: (id, end) => shield((watcher) => watcher.ended?.(id, end)),
    report: (report) => shield((watcher) => watcher.report?.(report)),
  };
}
