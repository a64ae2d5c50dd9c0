import type { DeviceSettings } from '../../app/contract/device.ts';
import type { ExpertHealth } from '../../app/contract/health.ts';
import type { JobId } from '../../app/contract/job.ts';
import type { RecoveryPolicy } from '../../app/contract/policy.ts';
import { DEFAULT_PROJECT_ID, defaultPolicy } from '../../app/contract/default.ts';
import type { PrecheckReport } from '../../app/contract/report.ts';
import type { EngineStatus, FeedEvent, PackView, RequestProblem, Settings } from '../../app/contract/route.ts';
import type { StandInSettings } from '../../app/contract/stand-in.ts';
import type { StudioProject, StudioProjectId } from '../../app/contract/studio-project.ts';
import type { TelemetryState } from '../../app/contract/telemetry.ts';
import type { JobList } from '../../app/plan/job-state.ts';

export type Locale = Settings['locale'];
export type Draft = Settings['draft'];
export type ExportState = Extract<FeedEvent, { kind: 'export' }>['state'];

export interface ExportJob {
  readonly exportId: string;
  readonly jobId: JobId;
  /** Null until main has told where the file goes. */
  readonly path: string | null;
  readonly state: ExportState;
}

/** Why the page can't reach main, or that a call was not carried out; the text is the detail for a report. */
export interface Toast {
  readonly id: number;
  readonly kind: 'bridge' | 'call' | 'settings' | 'late' | 'drop' | 'kept-films';
  readonly detail: string;
}

export interface StudioState {
  readonly connection: 'connecting' | 'ready' | 'lost';
  readonly version: string;
  readonly jobs: JobList;
  readonly packs: readonly PackView[];
  readonly engine: EngineStatus;
  readonly experts: readonly ExpertHealth[];
  /** Never empty once main has told. */
  readonly projects: readonly StudioProject[];
  /** The one that is open. */
  readonly projectId: StudioProjectId;
  readonly locale: Locale;
  readonly draft: Draft;
  readonly policy: RecoveryPolicy;
  /** Null before main has told. */
  readonly standIn: StandInSettings | null;
  /** Null before main has told. */
  readonly devices: DeviceSettings | null;
  /** Null before main has told. */
  readonly telemetry: TelemetryState | null;
  /** Null shows the empty stage. */
  readonly selectedJobId: JobId | null;
  /** A dropped video takes the stage until it is closed or a clip is chosen. */
  readonly inspection: Omit<Extract<FeedEvent, { kind: 'inspection' }>, 'kind'> | null;
  readonly exports: readonly ExportJob[];
  readonly check: { readonly prompt: string; readonly report: PrecheckReport } | null;
  readonly refusal: RequestProblem | null;
  readonly isSubmitting: boolean;
  readonly toasts: readonly Toast[];
}

export const emptyDraft: Draft = {
  prompt: '',
  negative: '',
  packId: null,
  rung: null,
  frameCount: null,
  seed: 1,
  isSeedLocked: false,
};

export const firstState: StudioState = {
  connection: 'connecting',
  version: '',
  jobs: [],
  packs: [],
  engine: { phase: 'stopped' },
  experts: [],
  projects: [],
  projectId: DEFAULT_PROJECT_ID,
  locale: 'en',
  draft: emptyDraft,
  policy: defaultPolicy,
  standIn: null,
  devices: null,
  telemetry: null,
  selectedJobId: null,
  inspection: null,
  exports: [],
  check: null,
  refusal: null,
  isSubmitting: false,
  toasts: [],
};
