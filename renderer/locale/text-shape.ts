import type { JobProblem } from '../../app/contract/job.ts';
import type { CauseName } from '../../app/contract/cure.ts';
import { cureNames } from '../../app/contract/list.ts';
import type { ActionKind, FaultKind, GradeName, StageName } from '../../app/contract/name.ts';
import type { Finding } from '../../app/contract/report.ts';
import type { EngineStatus, RequestProblem } from '../../app/contract/route.ts';
import type { ClueName } from '../../app/recovery/diagnose.ts';
import type { GuardName } from '../../app/recovery/guards.ts';
import type { JobPhase } from '../../app/plan/job-state.ts';
import type { ExportState, Toast } from '../state/studio-state.ts';

type ExportProblem = Extract<ExportState, { phase: 'failed' }>['problem'];

/** The ends of the recovery tree's branches. */
export const branchNames = [...cureNames, 'policy-off', 'masked-before'] as const;

/** Words for every value that main can send; a language that lacks one does not compile. */
export interface EnumText {
  readonly stage: Readonly<Record<StageName, string>>;
  readonly fault: Readonly<Record<FaultKind, string>>;
  /** What was done. */
  readonly action: Readonly<Record<ActionKind, string>>;
  /** What could have been done. */
  readonly cure: Readonly<Record<ActionKind, string>>;
  /** What a fault was put down to. */
  readonly cause: Readonly<Record<CauseName, string>>;
  /** Why a decision was taken, by the last part of its branch. */
  readonly why: Readonly<Record<(typeof branchNames)[number], string>>;
  /** What leads from a fault to this cause and no other. */
  readonly clue: Readonly<Record<ClueName, string>>;
  /** What must hold for a cure. */
  readonly guard: Readonly<Record<GuardName, string>>;
  readonly grade: Readonly<Record<GradeName, { readonly name: string; readonly meaning: string }>>;
  readonly finding: Readonly<Record<Finding['kind'], string>>;
  /** What is wrong with such a prompt, where main speaks another language than the window. */
  readonly findingWhy: Readonly<Record<Finding['kind'], string>>;
  readonly refusal: Readonly<Record<RequestProblem['code'], string>>;
  readonly engine: Readonly<Record<EngineStatus['phase'], string>>;
  readonly phase: Readonly<Record<JobPhase['phase'], string>>;
  readonly jobProblem: Readonly<Record<JobProblem, string>>;
  readonly exportProblem: Readonly<Record<ExportProblem, string>>;
  readonly toast: Readonly<Record<Toast['kind'], string>>;
}
