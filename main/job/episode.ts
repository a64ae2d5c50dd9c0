import type { AttemptReport, DecisionReport, FaultReport } from '../../app/contract/report.ts';
import type { Trial } from '../../app/contract/situation.ts';
import type { PricedAttempt } from '../../app/plan/prices.ts';
import type { RenderPlan } from '../../app/plan/render-plan.ts';
import { outcomeOf, trialsOf } from '../../app/recovery/trials.ts';

/** The story of a job so far: attempts, decisions, and how long each recovery took. */
export class Episode {
  readonly attempts: AttemptReport[];
  readonly decisions: DecisionReport[];
  readonly #nowMs: () => number;
  readonly #onSettled: (decision: DecisionReport) => void;
  #faultKnownMs: number | null = null;

  constructor(
    past: { readonly attempts: readonly AttemptReport[]; readonly decisions: readonly DecisionReport[] },
    nowMs: () => number,
    onSettled: (decision: DecisionReport) => void = () => undefined,
  ) {
    this.attempts = [...past.attempts];
    this.decisions = [...past.decisions];
    this.#nowMs = nowMs;
    this.#onSettled = onSettled;
  }

  /** Those of this process, with the plans that they ran. */
  readonly priced: PricedAttempt[] = [];

  /** An attempt is over: now it is known what came of the decision that led to it. */
  attempted(plan: RenderPlan, report: AttemptReport): void {
    this.attempts.push(report);
    this.priced.push({ plan, report });
    const last = this.decisions.at(-1);
    if (!last) return;
    const outcome = outcomeOf(last, this.attempts);
    if (outcome !== null) this.#settle({ ...last, outcome });
  }

  get trials(): readonly Trial[] {
    return trialsOf(this.attempts, this.decisions);
  }

  faultKnown(): void {
    this.#faultKnownMs = this.#nowMs();
  }

  decided(decision: DecisionReport): void {
    this.decisions.push(decision);
  }

  /** Work goes on, or the clip is there: the recovery that was under way is over. */
  recovered(): void {
    const last = this.decisions.at(-1);
    if (this.#faultKnownMs === null || !last) return;
    this.#settle({ ...last, recoveryMs: this.#nowMs() - this.#faultKnownMs });
    this.#faultKnownMs = null;
  }

  /** What came of the last decision, where no attempt can tell. */
  settled(outcome: Trial['outcome']): void {
    const last = this.decisions.at(-1);
    if (last) this.#settle({ ...last, outcome });
  }

  #settle(decision: DecisionReport): void {
    this.decisions[this.decisions.length - 1] = decision;
    this.#onSettled(decision);
  }

  /** What is known only when all is done; no attempt is undone for it. */
  warned(fault: FaultReport): void {
    const last = this.attempts.at(-1);
    if (last) this.attempts[this.attempts.length - 1] = { ...last, faults: [...last.faults, fault] };
  }

  /** The export belongs to the attempt whose frames it delivers. */
  exportTook(exportMs: number): void {
    const last = this.attempts.at(-1);
    if (last) this.attempts[this.attempts.length - 1] = { ...last, stageMs: { ...last.stageMs, export: exportMs } };
  }
}
