import type { PackExpert } from '../contract/pack.ts';

/**
 * The experts among which the gate chooses on a rung: all of the pack, or those that the rung names (they count as regular there)
 * with the spares that stand in for one of them.
 */
export function expertsOfRung(experts: readonly PackExpert[], named: readonly string[] | null): readonly PackExpert[] {
  if (named === null) return experts;
  return experts.flatMap((expert) => {
    if (named.includes(expert.id)) return [{ ...expert, weight: expert.weight || 1 }];
    return expert.standsInFor.some((id) => named.includes(id)) ? [{ ...expert, weight: 0 }] : [];
  });
}

/**
 * Which expert works at this noise level: the heaviest unmasked one whose range holds sigma, else a stand-in for the
 * one that is masked. Null when every expert that could is masked.
 */
export function gateExpert(
  experts: readonly PackExpert[],
  sigma: number,
  masked: readonly string[],
): PackExpert | null {
  const inRange = experts.filter(({ sigmaFrom, sigmaTo }) => sigma >= sigmaFrom && sigma <= sigmaTo);
  const regular = inRange
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight || b.sigmaFrom - a.sigmaFrom);
  const healthy = regular.find(({ id }) => !masked.includes(id));
  if (healthy) return healthy;
  const wanted = regular.map(({ id }) => id);
  const spare = inRange.find(
    ({ id, standsInFor }) => !masked.includes(id) && standsInFor.some((other) => wanted.includes(other)),
  );
  return spare ?? null;
}

/** Step indices at which the gate changes hands: where latents are worth saving. */
export function boundarySteps(
  experts: readonly PackExpert[],
  sigmas: Float64Array,
  masked: readonly string[],
): readonly number[] {
  const order = [...sigmas.subarray(0, -1)].map((sigma) => gateExpert(experts, sigma, masked)?.id);
  return order.flatMap((id, step) => (step > 0 && id !== order[step - 1] ? [step] : []));
}
