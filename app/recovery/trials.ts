import type { AttemptReport, DecisionReport } from '../contract/report.ts';
import type { Trial } from '../contract/situation.ts';
import { needsCure } from '../monitor/fault.ts';
import { cameBack } from './diagnose.ts';

/**
 * What came of each decision: the monitors' verdict on the attempt after it. A cure failed when the fault came back
 * without the work having got further; another fault, or the same one later on, is a new matter. Null while nobody knows.
 */
export function outcomeOf(decision: DecisionReport, attempts: readonly AttemptReport[]): Trial['outcome'] | null {
  const before = attempts.find(({ index }) => index === decision.attempt);
  const after = attempts.find(({ index }) => decision.attempt !== null && index === decision.attempt + 1);
  if (!before || !after) return null;
  const fault = before.faults.find(({ kind, severity }) => kind === decision.fault && severity === 'fault');
  if (!fault) return null;
  return after.faults.some((other) => needsCure(other) && cameBack(fault, other)) ? 'failed' : 'worked';
}

/** The cures of a job whose effect is known, oldest first. */
export function trialsOf(attempts: readonly AttemptReport[], decisions: readonly DecisionReport[]): readonly Trial[] {
  return decisions.flatMap((decision) => {
    const { cause, cure } = decision;
    const outcome = decision.outcome ?? outcomeOf(decision, attempts);
    return cause !== null && cure !== null && outcome !== null ? [{ cause, cure, outcome }] : [];
  });
}
