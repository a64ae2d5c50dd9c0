import type { DecisionReport, FaultReport } from '../../../app/contract/report.ts';

interface Chapter {
  readonly fault: FaultReport | null;
  readonly decision: DecisionReport | null;
}

/** Each fault with what was decided about it. Faults that nobody decided on, and decisions without one, stand alone. */
export function tellStory(faults: readonly FaultReport[], decisions: readonly DecisionReport[]): readonly Chapter[] {
  const open = [...decisions];
  const told = faults.map((fault): Chapter => {
    const index = open.findIndex((one) => one.fault === fault.kind);
    return { fault, decision: index === -1 ? null : (open.splice(index, 1)[0] ?? null) };
  });
  return [...told, ...open.map((decision): Chapter => ({ fault: null, decision }))];
}
