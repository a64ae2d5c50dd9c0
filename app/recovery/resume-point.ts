import type { LedgerLine } from '../contract/ledger.ts';
import type { AttemptReport, DecisionReport } from '../contract/report.ts';
import type { RenderPlan, Reshaping } from '../plan/render-plan.ts';

/** Where an interrupted job goes on. */
export interface ResumePoint {
  readonly attempts: readonly AttemptReport[];
  readonly decisions: readonly DecisionReport[];
  /** The plan that was under way; null when nothing had begun. */
  readonly plan: RenderPlan | null;
  /** Decided on and not begun: to be worked into `plan` first. */
  readonly pendingCure: Reshaping | null;
  /** Number of the next attempt. */
  readonly nextAttempt: number;
  /** Saved latents that fit `plan`; null to begin from noise. */
  readonly checkpoint: { readonly path: string; readonly nextStep: number } | null;
}

/** Fold a job's ledger. An attempt that has begun and not ended was cut off by the death of the program. */
export function resumePoint(lines: readonly LedgerLine[]): ResumePoint {
  let point: ResumePoint = {
    attempts: [],
    decisions: [],
    plan: null,
    pendingCure: null,
    nextAttempt: 0,
    checkpoint: null,
  };
  for (const line of lines) {
    switch (line.kind) {
      case 'attempt-begun':
        point = {
          ...point,
          plan: line.plan,
          pendingCure: null,
          nextAttempt: line.attempt + 1,
          checkpoint: line.startedFrom === 'checkpoint' ? point.checkpoint : null,
        };
        break;
      case 'checkpoint':
        point = { ...point, checkpoint: { path: line.path, nextStep: line.nextStep } };
        break;
      case 'attempt-ended':
        point = { ...point, attempts: [...point.attempts, line.report] };
        break;
      case 'decided':
        point = afterDecision(point, line.decision);
        break;
      case 'export-begun':
        break;
      default:
        line satisfies never;
    }
  }
  return point;
}

function afterDecision(point: ResumePoint, decision: DecisionReport): ResumePoint {
  const decisions = [...point.decisions, decision];
  switch (decision.action) {
    case 'resume':
      return { ...point, decisions, pendingCure: decision.action };
    case 'restart-clean':
    case 'new-seed':
    case 'lower-rung':
      // The latents belong to the attempt that went wrong.
      return { ...point, decisions, pendingCure: decision.action, checkpoint: null };
    default:
      // It would have ended the job, and the job did not end: nothing came of it, so the grade must not show it.
      return point;
  }
}
