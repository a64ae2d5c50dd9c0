import type { Finding } from '../contract/report.ts';
import { isEmptyPrompt } from '../prompt/clean.ts';
import type { Span } from '../prompt/hidden.ts';

/** A sentence for the user, in both of the studio's languages; the prompt's own is shown. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

/** What a rule found, before a rewrite is chosen. */
export interface Flaw extends Span {
  readonly reason: Words;
  /** What could stand in its place, best first; the first that clears the flaw and brings no other is offered. */
  readonly candidates: readonly string[];
}

export interface KindFlaw extends Flaw {
  readonly kind: Finding['kind'];
}

/** All flaws of a text, or those of one kind alone, which costs less. */
export type FlawFinder = (text: string, kind?: Finding['kind']) => readonly KindFlaw[];

export const replaceSpan = (text: string, { from, to }: Span, by: string): string =>
  text.slice(0, from) + by + text.slice(to);

/** A flaw with the rewrite that was proven to clear it. */
export interface Cure extends Span {
  readonly kind: Finding['kind'];
  readonly reason: Words;
  readonly rewrite: string;
}

/** In a longer text nothing else can hang on a few words of it: a rewrite is tried against its own kind alone. */
const TRIED_IN_FULL_CHARACTERS = 400;
/** One rewrite may call for another; what needs more is not worth keeping. */
const FOLLOW_UPS = 3;

/**
 * For each flaw the first candidate that leaves fewer flaws of its kind and not one more of any other. Where none does,
 * the whole text gives way: to itself with what the candidates call for mended too, else to `lastResort`, a text without flaws.
 */
export function cureEach(find: FlawFinder, text: string, lastResort: string): readonly Cure[] {
  const flaws = find(text);
  const before = countKinds(flaws);
  const isLong = text.length > TRIED_IN_FULL_CHARACTERS;
  return flaws.map((flaw) => {
    const { kind, from, to, reason } = flaw;
    const isBetter = (better: string): boolean =>
      !isEmptyPrompt(better) && isFewer(countKinds(isLong ? find(better, kind) : find(better)), before, kind);
    const allowed = new Map(before).set(kind, (before.get(kind) ?? 1) - 1);
    const texts = flaw.candidates
      .filter((candidate) => candidate !== text.slice(from, to))
      .map((candidate) => ({ candidate, better: replaceSpan(text, flaw, candidate) }));
    const cure = texts.find(({ better }) => isBetter(better));
    if (cure) return { kind, from, to, reason, rewrite: cure.candidate };
    const mended = texts
      .map(({ better }) => mend(find, better, allowed))
      .find((better) => better !== text && isBetter(better));
    return { kind, from: 0, to: text.length, reason, rewrite: mended ?? lastResort };
  });
}

type Counts = ReadonlyMap<Finding['kind'], number>;

function countKinds(flaws: readonly KindFlaw[]): Counts {
  const counts = new Map<Finding['kind'], number>();
  for (const { kind } of flaws) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

const isFewer = (after: Counts, before: Counts, kind: Finding['kind']): boolean =>
  (after.get(kind) ?? 0) < (before.get(kind) ?? 0) &&
  [...after].every(([one, count]) => count <= (before.get(one) ?? 0));

/** The text with first candidates taken for every flaw beyond those that are allowed. */
function mend(find: FlawFinder, start: string, allowed: Counts): string {
  let text = start;
  for (let round = 0; round < FOLLOW_UPS; round += 1) {
    const flaws = find(text);
    const counts = countKinds(flaws);
    const added = flaws.find(({ kind }) => (counts.get(kind) ?? 0) > (allowed.get(kind) ?? 0));
    const [candidate] = added?.candidates ?? [];
    if (!added || candidate === undefined) return text;
    text = replaceSpan(text, added, candidate);
  }
  return text;
}
