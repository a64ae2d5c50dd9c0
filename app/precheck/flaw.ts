import type { Span } from '../prompt/hidden.ts';

/** A sentence for the user, in both of the studio's languages; the prompt's own is shown. */
export interface Words {
  readonly en: string;
  readonly zh: string;
}

/** What a rule found, before a rewrite is chosen. */
export interface Flaw extends Span {
  readonly reason: Words;
  /** What could stand in its place, best first; the first that clears the flaw is offered. */
  readonly candidates: readonly string[];
}

/** A rule: all flaws of one kind in a text. */
export type Rule = (text: string) => readonly Flaw[];

export const replaceSpan = (text: string, { from, to }: Span, by: string): string =>
  text.slice(0, from) + by + text.slice(to);

/** A flaw with the rewrite that was proven to clear it. */
export interface Cure extends Span {
  readonly reason: Words;
  readonly rewrite: string;
}

/**
 * For each flaw the first candidate after which the rule finds less; where none does, the whole text gives way to
 * `lastResort`, a text that the rule finds nothing in.
 */
export function cureEach(rule: Rule, text: string, lastResort: string): readonly Cure[] {
  const flaws = rule(text);
  return flaws.map((flaw) => {
    const { from, to, reason } = flaw;
    const works = (candidate: string): boolean => rule(replaceSpan(text, flaw, candidate)).length < flaws.length;
    const rewrite = flaw.candidates.find((candidate) => candidate !== text.slice(from, to) && works(candidate));
    return rewrite === undefined
      ? { from: 0, to: text.length, reason, rewrite: lastResort }
      : { from, to, reason, rewrite };
  });
}
