import type { PackExpert } from '../contract/pack.ts';
import { gateExpert } from './gate.ts';

/**
 * At which steps experts on trial are asked beside the one that works: the first, the last and one between, of those at which each
 * would work, were it not masked.
 *
 * @param experts  of the rung
 * @param sigmas   the schedule, [steps + 1]
 * @param onTrial  ids; all of them are masked as well
 */
export function shadowSteps(
  experts: readonly PackExpert[],
  sigmas: Float64Array,
  masked: readonly string[],
  onTrial: readonly string[],
): ReadonlyMap<number, PackExpert> {
  const shadows = new Map<number, PackExpert>();
  for (const id of onTrial) {
    const others = masked.filter((other) => other !== id);
    const expert = experts.find((one) => one.id === id);
    if (!expert) continue;
    const inRange = [...sigmas.subarray(0, -1)].flatMap((sigma, step) =>
      sigma >= expert.sigmaFrom && sigma <= expert.sigmaTo ? [{ step, sigma }] : [],
    );
    const regular = inRange.filter(({ sigma }) => gateExpert(experts, sigma, others)?.id === id);
    // A spare has no steps of its own: it is asked anywhere in its range.
    const own = regular.length > 0 ? regular : inRange;
    const last = own.length - 1;
    const chosen = new Set([0, Math.floor(last / 2), last]);
    own.forEach(({ step }, i) => {
      if (chosen.has(i)) shadows.set(step, expert);
    });
  }
  return shadows;
}
