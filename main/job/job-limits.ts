import type { FaultReport } from '../../app/contract/report.ts';
import type { Diagnosis } from '../../app/contract/situation.ts';
import { faultOf } from '../../app/monitor/fault.ts';
import { pricesOf, type PricedAttempt } from '../../app/plan/prices.ts';
import { reshape, type RenderPlan } from '../../app/plan/render-plan.ts';
import { isPressing, surelyShort, type Forecast } from './foresee.ts';
import { reshapingFor } from './means.ts';
import type { Interrupt, SavedLatents } from './run-attempt.ts';
import type { JobOrder, JobPorts, PackAtWork } from './run-job.ts';

/** What a stand-in clip takes: it must still be in time when an attempt is not. */
const STAND_IN_SECONDS = 2;

/** An attempt as it would be begun now. */
export interface Intended {
  readonly plan: RenderPlan;
  readonly at: PackAtWork;
  readonly checkpoint: SavedLatents | null;
  readonly priced: readonly PricedAttempt[];
}

/** What a job has to keep to from outside: its deadline, the machine, the user's word. */
export class JobLimits {
  readonly #order: JobOrder;
  readonly #ports: JobPorts;
  readonly #startedMs: number;
  /** Of the attempts that were begun. */
  readonly forecasts: Forecast[] = [];

  constructor(order: JobOrder, ports: JobPorts, startedMs: number) {
    this.#order = order;
    this.#ports = ports;
    this.#startedMs = startedMs;
  }

  secondsLeft(): number | null {
    const { deadlineSeconds } = this.#order.request;
    return deadlineSeconds === null ? null : deadlineSeconds - (performance.now() - this.#startedMs) / 1_000;
  }

  /** What would stop this attempt, known before it begins; only where there is something smaller to do instead. */
  async foresee(intended: Intended): Promise<FaultReport | null> {
    const { plan, at } = intended;
    const forecasts = await this.#ports.foresee(plan, at);
    const short = surelyShort(forecasts);
    // Without a cure to be chosen, what may fail is tried.
    const fault = this.#order.request.policy === 'auto' ? (this.#foreseeLate(intended) ?? short) : null;
    const hasLess = reshape(plan, 'lower-rung', reshapingFor(at.pack.manifest, plan, null));
    const isStopped = fault !== null && hasLess !== null;
    // What is not begun takes nothing.
    if (!isStopped) this.forecasts.push(...forecasts);
    return isStopped ? fault : null;
  }

  #foreseeLate(intended: Intended): FaultReport | null {
    const secondsLeft = this.secondsLeft();
    if (secondsLeft === null) return null;
    const neededSeconds = secondsFor(intended);
    return neededSeconds <= secondsLeft
      ? null
      : faultOf('slow-query', 'plan', { neededSeconds, secondsLeft, isPredicted: true });
  }

  /** Stops a running attempt for one of them. @returns the end of that */
  watch(stop: (why: Interrupt) => void, underCure: Diagnosis | null): () => void {
    const left = this.secondsLeft();
    const limit = left === null ? null : Math.max(0, left - STAND_IN_SECONDS);
    const onLate = (): void =>
      stop({
        kind: 'fault',
        fault: faultOf('slow-query', 'denoise', { deadlineSeconds: this.#order.request.deadlineSeconds }),
      });
    const timer = limit === null ? undefined : setTimeout(onLate, limit * 1_000);
    const endMachine = this.#ports.machine.onFault((fault) => {
      if (isPressing(fault)) stop({ kind: 'fault', fault });
    });
    const endHand = underCure
      ? this.#ports.hand.whileCuring(underCure.cause, (answer) => stop({ kind: 'override', answer }))
      : null;
    return () => {
      clearTimeout(timer);
      endMachine();
      endHand?.();
    };
  }
}

/** For what is left of the attempt, by what is known of the plan. */
function secondsFor({ plan, at, checkpoint, priced }: Intended): number {
  const { pack, host } = at;
  const rung = pack.manifest.rungs.find(({ name }) => name === plan.rung);
  if (!rung) throw new Error(`bug: plan on unknown rung ${plan.rung}`);
  const prices = pricesOf(plan, rung, priced, { startSeconds: host.startSeconds, exportSeconds: null });
  const stepsLeft = plan.steps - (checkpoint?.nextStep ?? 0);
  return prices.textSeconds + stepsLeft * prices.stepSeconds + prices.decodeSeconds + prices.exportSeconds;
}
