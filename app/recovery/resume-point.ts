import type { LedgerLine } from '../contract/ledger.ts';
import type { CureName } from '../contract/cure.ts';
import type { AttemptReport, DecisionReport } from '../contract/report.ts';
import type { RenderPlan } from '../plan/render-plan.ts';

/** Where an interrupted job goes on. */
export interface ResumePoint {
  readonly attempts: readonly AttemptReport[];
  readonly decisions: readonly DecisionReport[];
  /** The plan that was under way or decided on; null when nothing had begun. */
  readonly plan: RenderPlan | null;
  /** The pack that the plan is for; null for the one that was asked for. */
  readonly packId: string | null;
  /** A stand-in clip was decided on: nothing is left but to deliver it. */
  readonly pendingDelivery: Extract<CureName, 'fallback-clip'> | null;
  /** Number of the next attempt. */
  readonly nextAttempt: number;
  /** Saved latents that fit `plan`; null to begin from noise. */
  readonly checkpoint: { readonly path: string; readonly nextStep: number } | null;
  /** Places in the request's list of injections, once for each attempt that one of them has struck. */
  readonly injected: readonly number[];
}

type DecidedLine = Extract<LedgerLine, { kind: 'decided' }>;

/** Fold a job's ledger. An attempt that has begun and not ended was cut off by the death of the program. */
export function resumePoint(lines: readonly LedgerLine[]): ResumePoint {
  let point: ResumePoint = {
    attempts: [],
    decisions: [],
    plan: null,
    packId: null,
    pendingDelivery: null,
    nextAttempt: 0,
    checkpoint: null,
    injected: [],
  };
  for (const line of lines) {
    switch (line.kind) {
      case 'attempt-begun':
        point = {
          ...point,
          plan: line.plan,
          packId: line.packId,
          pendingDelivery: null,
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
        point = afterDecision(point, line);
        break;
      case 'injected':
        point = { ...point, injected: [...point.injected, line.index] };
        break;
      case 'export-begun':
        break;
      default:
        line satisfies never;
    }
  }
  return point;
}

function afterDecision(point: ResumePoint, { decision, next }: DecidedLine): ResumePoint {
  const decisions = [...point.decisions, decision];
  if (next)
    return {
      ...point,
      decisions,
      plan: next.plan,
      packId: next.packId,
      // Latents that are not gone on from belong to the attempt that went wrong.
      checkpoint: next.startFrom === 'checkpoint' ? point.checkpoint : null,
    };
  if (decision.cure === 'fallback-clip') return { ...point, decisions, pendingDelivery: 'fallback-clip' };
  // It would have ended the job, and the job did not end: nothing came of it, so the grade must not show it.
  return point;
}
