import type { CauseName, CureName } from '../../../app/contract/cure.ts';
import type { DecisionReport } from '../../../app/contract/report.ts';

export interface BranchState {
  readonly cure: CureName;
  readonly state: 'taken' | 'worked' | 'failed' | 'skipped' | 'open';
  /** Why it was passed over; null otherwise. */
  readonly because: string | null;
}

export interface CauseState {
  readonly cause: CauseName;
  readonly branches: readonly BranchState[];
}

interface DrawnCause {
  readonly cause: CauseName;
  readonly branches: readonly { readonly cure: CureName }[];
}

/** The part of the tree that a job has walked through: each cause that it met, with what became of each of its cures. */
export function walkTree(tree: readonly DrawnCause[], decisions: readonly DecisionReport[]): readonly CauseState[] {
  const met = [...new Set(decisions.flatMap(({ cause }) => (cause === null ? [] : [cause])))];
  return met.flatMap((cause) => {
    const drawn = tree.find((one) => one.cause === cause);
    const taken = decisions.filter((one) => one.cause === cause);
    return drawn ? [{ cause, branches: drawn.branches.map(({ cure }) => stateOf(cure, taken)) }] : [];
  });
}

function stateOf(cure: CureName, decisions: readonly DecisionReport[]): BranchState {
  const used = decisions.findLast((one) => one.cure === cure);
  if (used) return { cure, state: used.outcome ?? 'taken', because: null };
  const because = decisions.flatMap(({ skipped }) => skipped).findLast((one) => one.cure === cure)?.because ?? null;
  return { cure, state: because === null ? 'open' : 'skipped', because };
}
