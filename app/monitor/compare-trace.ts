import { surroundings, type AttemptTrace, type Snapshot, type Surroundings } from '../contract/snapshot.ts';

/** Where two makings of an attempt part; null where all that was recorded came out again. */
export interface TraceDifference {
  readonly place: 'text' | 'step' | 'latents' | 'frames';
  /** Step or latent frame; null where there is only one. */
  readonly unit: number | null;
}

/**
 * The first thing that was recorded and did not come out again. An attempt that was stopped or broke off left less than a whole one:
 * only what it left is looked for.
 */
export function traceDifference(recorded: AttemptTrace, replayed: AttemptTrace): TraceDifference | null {
  if (recorded.text !== null && recorded.text !== replayed.text) return { place: 'text', unit: null };
  const again = new Map(replayed.steps.map(({ step, digest }) => [step, digest]));
  const step = recorded.steps.find((one) => again.get(one.step) !== one.digest);
  if (step) return { place: 'step', unit: step.step };
  if (recorded.latents !== null && recorded.latents !== replayed.latents) return { place: 'latents', unit: null };
  const frame = recorded.frames.findIndex((digest, i) => digest !== replayed.frames[i]);
  return frame >= 0 ? { place: 'frames', unit: frame } : null;
}

export interface FieldDifference {
  readonly field: keyof Surroundings;
  readonly was: string;
  readonly is: string;
}

/** Every circumstance that is not what it was, the weightiest first: any of them may change the numbers. */
export function surroundingsDifferences(
  { surroundings: was }: Snapshot,
  now: Surroundings,
): readonly FieldDifference[] {
  return surroundings
    .keyof()
    .options.filter((field) => was[field] !== now[field])
    .map((field) => ({ field, was: was[field], is: now[field] }));
}
