import type { AttemptReport } from '../contract/report.ts';

/** For each refusal of the runtime the expert whose answer it was; null where it was no expert's. */
const refusals = ({ faults }: AttemptReport): readonly (string | null)[] =>
  faults
    .filter(({ kind }) => kind === 'provider-failed')
    .map(({ evidence: { expert } }) => (typeof expert === 'string' ? expert : null));

/**
 * The one expert that gave no answer in this attempt, as far as can be told; null where none did, or where the device refused anything else
 * as well, now or before: then it is the device that is to blame.
 *
 * @param earlier  attempts of the same job
 */
export function refusingExpert(attempt: AttemptReport, earlier: readonly AttemptReport[]): string | null {
  const [expert = null] = refusals(attempt);
  const here = earlier.filter(({ provider }) => provider === attempt.provider);
  return [attempt, ...here].flatMap(refusals).every((one) => one === expert) ? expert : null;
}

/** Whether it is known by now that it is this expert and not chance: refused before, or held against it in earlier runs. */
export function isExpertKnownToRefuse(attempt: AttemptReport, earlier: readonly AttemptReport[]): boolean {
  const expert = refusingExpert(attempt, earlier);
  if (expert === null) return false;
  const isMasked = attempt.faults.some(
    ({ kind, evidence }) => kind === 'expert-unstable' && evidence['expert'] === expert,
  );
  return isMasked || earlier.some((other) => refusals(other).includes(expert));
}
