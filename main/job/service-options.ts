import type { HealthEvent } from '../../app/contract/health.ts';
import type { JobEvent } from '../../app/contract/job.ts';
import type { RecoveryPolicy } from '../../app/contract/policy.ts';
import type { LatencyLimits } from '../../app/contract/resource.ts';
import type { EngineStatus } from '../../app/contract/route.ts';
import type { StudioProject } from '../../app/contract/studio-project.ts';
import type { ProviderName } from '../../app/plan/provider-order.ts';
import type { SpawnEngine } from '../host/engine-child.ts';
import type { ClipMaker } from './clip-maker.ts';
import type { JobWatcher } from './job-watcher.ts';
import type { StepEvent } from './run-job.ts';

/** What the queue is built of, and who hears what it does. */
export interface JobServiceOptions {
  readonly home: string;
  /** The program's own folder, which holds `models/` and `resources/`. */
  readonly root: string;
  readonly spawnEngine: SpawnEngine;
  readonly clips: ClipMaker;
  readonly onEvent: (event: JobEvent) => void;
  readonly onStep: (event: StepEvent) => void;
  readonly onHealth: (event: HealthEvent) => void;
  readonly onEngine: (status: EngineStatus) => void;
  /** From where on a run or a unit of work is slow; asked for each run. */
  readonly latency?: () => LatencyLimits;
  /** Metrics, logs, the window: whoever looks on. */
  readonly watchers?: readonly JobWatcher[];
  /** The projects have changed. */
  readonly onProjects?: (projects: readonly StudioProject[]) => void;
  /** Devices to compute on, the first that can be had; none named: the processor. */
  readonly providers?: () => readonly ProviderName[];
  /** Wall clock for what rests between jobs; the system's own where it is left out. */
  readonly nowMs?: () => number;
  /** How the user at the window wants faults handled; absent where nobody is there to be asked. */
  readonly policyOfUser?: () => RecoveryPolicy;
}
