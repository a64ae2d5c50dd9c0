import type { HealthEvent } from '../../app/contract/health.ts';
import type { JobEvent, JobId, JobProblem, JobRequest } from '../../app/contract/job.ts';
import type { LedgerLine, RawFrames } from '../../app/contract/ledger.ts';
import type { FaultReport, PrecheckReport, RunReport } from '../../app/contract/report.ts';
import type { LatencyLimits } from '../../app/contract/resource.ts';
import type { RenderPlan } from '../../app/plan/render-plan.ts';
import type { ResumePoint } from '../../app/recovery/resume-point.ts';
import type { RunMachine } from '../device/machine-watch.ts';
import type { WorkEvent } from '../host/attempt.ts';
import type { EngineHost } from '../host/engine-host.ts';
import type { ProviderLadder } from '../recovery/provider-ladder.ts';
import type { ExpertCare } from '../recovery/expert-care.ts';
import type { FlowMeter } from '../monitor/flow-meter.ts';
import type { Pack } from '../pack/pack-store.ts';
import type { SnapshotStore } from '../store/snapshot-store.ts';
import type { TextHealth } from '../precheck/text-health.ts';
import type { ClipMaker } from './clip-maker.ts';
import type { MaterialCures } from './cures.ts';
import type { UserHand } from './hand.ts';
import type { Forecast } from './foresee.ts';
import type { InjectionCount } from './injection-count.ts';
import { JobRun } from './job-run.ts';
import type { WorkRoom } from './work-room.ts';

export type StepEvent = Extract<WorkEvent, { kind: 'step-done' }>;

export interface JobOrder {
  readonly id: JobId;
  readonly traceId: string;
  /** As the user typed it; the request holds the cleaned text. */
  readonly typedPrompt: string;
  readonly precheck: PrecheckReport;
  readonly request: JobRequest;
  readonly outPath: string;
  /** For latents and frames. */
  readonly work: WorkRoom;
  readonly resume: ResumePoint;
  /** Why the pack can't be used as it is; null when it is sound. */
  readonly packFault: FaultReport | null;
}

/** A pack with the engine that runs it. */
export interface PackAtWork {
  readonly pack: Pack;
  readonly host: EngineHost;
}

/** Another pack that may take the place of one that fails. */
export interface OtherPack {
  readonly id: string;
  /** Ends the engine of the former one. */
  takeOver(): Promise<PackAtWork>;
}

export interface JobPorts {
  readonly machine: RunMachine;
  readonly textHealth: TextHealth;
  readonly latency: LatencyLimits;
  readonly host: EngineHost;
  readonly pack: Pack;
  /** Null where there is no flow model. */
  readonly flow: FlowMeter | null;
  readonly experts: ExpertCare;
  readonly clips: ClipMaker;
  readonly cures: MaterialCures;
  readonly hand: UserHand;
  /** Faults of the request that have still to strike. */
  readonly injections: InjectionCount;
  /** Keeps what each attempt was made from and came to. */
  readonly snapshots: SnapshotStore;
  /** Null when there is none, or the user wants this one and no other. */
  readonly otherPack: OtherPack | null;
  /** Memory that a plan is going to need on this machine as it is now; empty where nobody can look. */
  readonly foresee: (plan: RenderPlan, at: PackAtWork) => Promise<readonly Forecast[]>;
  /** A pack that its engine can't be started with: the next job does not begin with it. */
  readonly onBroken: (pack: Pack) => Promise<void>;
  readonly providers: ProviderLadder;
  /** A whole attempt was made with them: what was held against pack and device is forgotten. */
  readonly onProved: (at: PackAtWork) => Promise<void>;
  /** Written before the act. */
  readonly ledger: (line: LedgerLine) => void;
  readonly emit: (event: JobEvent) => void;
  readonly onStep: (event: StepEvent) => void;
  readonly onHealth: (event: HealthEvent) => void;
}

export type JobEnd =
  | { readonly kind: 'delivered'; readonly report: RunReport; readonly frames: RawFrames }
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'failed';
      readonly problem: JobProblem;
      readonly detail: string;
      /** Nothing is lost: it goes on where it stopped, once what stood in its way is gone. */
      readonly canResume: boolean;
    };

/**
 * The loop: attempt, judge, decide, until a clip is there. It outlives the engine; only the user's cancel, or a place
 * that can't be written to, ends it without a clip.
 */
export async function runJob(order: JobOrder, ports: JobPorts, signal: AbortSignal): Promise<JobEnd> {
  return new JobRun(order, ports, signal).run();
}
