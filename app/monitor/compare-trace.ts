import type { AttemptPlan } from '../contract/engine.ts';
import {
  surroundings,
  type AttemptTrace,
  type EndRecord,
  type Snapshot,
  type Surroundings,
} from '../contract/snapshot.ts';

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
  readonly field: string;
  readonly was: string;
  readonly is: string;
}

/** Every circumstance that is not what it was, the weightiest first: any of them may change the numbers. */
export function surroundingsDifferences(
  { surroundings: was }: Pick<Snapshot, 'surroundings'>,
  now: Surroundings,
): readonly FieldDifference[] {
  return surroundings
    .keyof()
    .options.filter((field) => was[field] !== now[field])
    .map((field) => ({ field, was: was[field], is: now[field] }));
}

/** Whether it is still the same model on the same kind of device: without these, equal numbers are another run's. */
export const isSameMaker = (differences: readonly FieldDifference[]): boolean =>
  !differences.some(({ field }) => ['packId', 'packVersion', 'packSha256', 'provider'].includes(field));

/** Fields of the plan in which a snapshot is not what the run's own record says, which was written before it. */
export function planDifferences(
  begun: AttemptPlan & { readonly rung: string },
  { plan, rung }: Pick<Snapshot, 'plan' | 'rung'>,
): readonly FieldDifference[] {
  const claimed: Readonly<Record<string, unknown>> = { rung, ...plan };
  const kept: Readonly<Record<string, unknown>> = { ...begun };
  return [...new Set([...Object.keys(kept), ...Object.keys(claimed)])]
    .map((field) => ({
      field: field === 'rung' ? field : `plan.${field}`,
      was: textOf(kept[field]),
      is: textOf(claimed[field]),
    }))
    .filter(({ was, is }) => was !== is);
}

/** How an attempt ended then and now; null where that is the same, or where it was stopped, which nobody does again. */
export function endDifference(recorded: EndRecord | undefined, replayed: EndRecord): FieldDifference | null {
  if (!recorded || recorded.kind === 'stopped') return null;
  const [was, is] = [describeEnd(recorded), describeEnd(replayed)];
  return was === is ? null : { field: 'end', was, is };
}

export function describeEnd({ kind, fault }: EndRecord): string {
  if (!fault) return kind;
  return `${fault.kind} in ${fault.stage}${fault.step === null ? '' : ` at step ${fault.step}`}`;
}

/** All that an attempt was made from, field by field, its texts left out. */
export function contextFields(one: Omit<Snapshot, 'seal'>): Readonly<Record<string, string>> {
  const { prompt: _prompt, negative: _negative, ...plan } = one.plan;
  const { runId, attempt, rung, resumedAt, injections, faults, end } = one;
  const named = (prefix: string, fields: object): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(fields).map(([key, value]) => [`${prefix}${key}`, textOf(value)]));
  return {
    ...named('', { runId, attempt, rung, resumedAt, injections, faults, end }),
    ...named('plan.', plan),
    ...named('surroundings.', one.surroundings),
  };
}

/** The same for the same value, whatever the order in which its fields were written. */
function textOf(value: unknown): string {
  if (value === undefined) return 'absent';
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
    const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${sorted.map(([key, inner]) => `${key}: ${textOf(inner)}`).join(', ')}}`;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
