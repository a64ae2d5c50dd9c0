import type { CauseName, CureName, Predicted } from '../../../app/contract/cure.ts';
import type { FaultKind } from '../../../app/contract/name.ts';
import type { PendingDecision } from '../../../app/contract/policy.ts';
import type { DecisionReport } from '../../../app/contract/report.ts';
import type { ClueName } from '../../../app/recovery/diagnose.ts';
import type { GuardName } from '../../../app/recovery/guards.ts';

export interface BranchState {
  readonly cure: CureName;
  readonly state: 'taken' | 'worked' | 'failed' | 'skipped' | 'proposed' | 'open';
  /** Why it was passed over; null otherwise. */
  readonly because: string | null;
  /** What must hold for it. */
  readonly needs: readonly GuardName[];
  /** As it was said beforehand; null where nobody has priced it. */
  readonly price: Predicted | null;
  /** From the fault to the work going on; null where that is not known. */
  readonly recoveryMs: number | null;
}

export interface Symptom {
  readonly faults: readonly FaultKind[];
  readonly clues: readonly ClueName[];
}

export interface CauseState {
  readonly cause: CauseName;
  /** The job has come by here. */
  readonly isMet: boolean;
  readonly symptoms: readonly Symptom[];
  /** Faults of the job that were put down to it. */
  readonly faults: readonly FaultKind[];
  readonly branches: readonly BranchState[];
}

export interface DrawnTree {
  readonly cause: CauseName;
  readonly symptoms: readonly Symptom[];
  readonly branches: readonly { readonly cure: CureName; readonly needs: readonly GuardName[] }[];
}

/** The whole tree, with what a job has made of it: where it came by, what was tried, what came of it, what is being asked now. */
export function walkTree(
  tree: readonly DrawnTree[],
  decisions: readonly DecisionReport[],
  pending: PendingDecision | null = null,
): readonly CauseState[] {
  return tree.map(({ cause, symptoms, branches }) => {
    const taken = decisions.filter((one) => one.cause === cause);
    const asked = pending?.proposed.cause === cause ? pending : null;
    const faults = [...new Set([...taken.map(({ fault }) => fault), ...(asked ? [asked.fault] : [])])];
    return {
      ...{ cause, symptoms, faults, isMet: faults.length > 0 },
      branches: branches.map(({ cure, needs }) => ({ cure, needs, ...stateOf(cure, taken, asked) })),
    };
  });
}

function stateOf(
  cure: CureName,
  decisions: readonly DecisionReport[],
  asked: PendingDecision | null,
): Omit<BranchState, 'cure' | 'needs'> {
  const offered = asked && [asked.proposed, ...asked.alternatives].find((one) => one.cure === cure);
  const price = offered?.predicted ?? null;
  if (asked?.proposed.cure === cure) return { state: 'proposed', because: null, price, recoveryMs: null };
  const used = decisions.findLast((one) => one.cure === cure);
  if (used)
    return {
      ...{ state: used.outcome ?? 'taken', because: null },
      ...{ price: price ?? used.predicted, recoveryMs: used.recoveryMs },
    };
  const because = decisions.flatMap(({ skipped }) => skipped).findLast((one) => one.cure === cure)?.because ?? null;
  return { state: because === null ? 'open' : 'skipped', because, price, recoveryMs: null };
}
