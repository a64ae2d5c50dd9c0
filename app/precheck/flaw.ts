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

/** All flaws of a text. */
export type FlawFinder = (text: string) => readonly KindFlaw[];

export const replaceSpan = (text: string, { from, to }: Span, by: string): string =>
  text.slice(0, from) + by + text.slice(to);

/** A flaw with the rewrite that was proven to clear it. */
export interface Cure extends Span {
  readonly kind: Finding['kind'];
  readonly reason: Words;
  readonly rewrite: string;
}

/** More of one kind than this tell the user nothing new, and each costs time to find a rewrite for. */
export const FINDINGS_PER_KIND = 8;
/** In a longer text a rewrite is tried within its sentence alone: nothing farther off hangs on it. */
const TRIED_IN_FULL_CHARACTERS = 300;
/** One rewrite may call for another; what needs more is not worth keeping. */
const FOLLOW_UPS = 3;

/**
 * For each flaw the first candidate that leaves fewer flaws of its kind and not one more of any other. Where none does,
 * the whole text gives way: to itself with what the candidates call for mended too, else to `lastResort`, a text without flaws.
 */
export function cureEach(find: FlawFinder, text: string, lastResort: string): readonly Cure[] {
  const flaws = find(text);
  const known = new Map([[text, flaws]]);
  const findOnce: FlawFinder = (one) => {
    const found = known.get(one) ?? find(one);
    known.set(one, found);
    return found;
  };
  const reported = flaws.filter(
    (flaw, i) => flaws.slice(0, i).filter(({ kind }) => kind === flaw.kind).length < FINDINGS_PER_KIND,
  );
  return reported.map((flaw) => {
    const { from, to } = windowAround(text, flaw);
    const part = text.slice(from, to);
    if (part === text || !findOnce(part).some(({ kind }) => kind === flaw.kind))
      return cure(findOnce, text, flaw, lastResort);
    const cured = cure(findOnce, part, { ...flaw, from: flaw.from - from, to: flaw.to - from }, lastResort);
    return { ...cured, from: cured.from + from, to: cured.to + from };
  });
}

/** Of a long text the sentence that a flaw is in; else all. */
function windowAround(text: string, { from, to }: Span): Span {
  if (text.length <= TRIED_IN_FULL_CHARACTERS) return { from: 0, to: text.length };
  const ends = [...text.matchAll(SENTENCE_END)].map(({ index }) => index + 1);
  const start = ends.findLast((end) => end <= from) ?? 0;
  const end = ends.find((one) => one >= to) ?? text.length;
  return end - start <= TRIED_IN_FULL_CHARACTERS ? { from: start, to: end } : clauseAround(text, { from, to });
}
const SENTENCE_END = /[。！？!?\n]|\.(?=\s)/gu;

/** A sentence without an end gives way to the clauses beside the flaw. */
function clauseAround(text: string, { from, to }: Span): Span {
  const before = text.slice(0, from).search(/[，,；;][^，,；;]*$/u);
  const after = text.slice(to).search(/[，,；;]/u);
  return { from: before + 1, to: after < 0 ? text.length : to + after };
}

function cure(find: FlawFinder, text: string, flaw: KindFlaw, lastResort: string): Cure {
  const { kind, from, to, reason } = flaw;
  const before = countKinds(find(text));
  const allowed = new Map(before).set(kind, (before.get(kind) ?? 1) - 1);
  const isBetter = (better: string): boolean =>
    !isEmptyPrompt(better) && isFewer(countKinds(find(better)), before, kind);
  const texts = flaw.candidates
    .filter((candidate) => candidate !== text.slice(from, to))
    .map((candidate) => ({ candidate, better: replaceSpan(text, flaw, candidate) }));
  const fitting = texts.find(({ better }) => isBetter(better));
  if (fitting) return { kind, from, to, reason, rewrite: fitting.candidate };
  const mended = texts
    .map(({ better }) => mend(find, better, allowed))
    .find((better) => better !== text && isBetter(better));
  return { kind, from: 0, to: text.length, reason, rewrite: mended ?? lastResort };
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
