import type { Span } from '../prompt/hidden.ts';
import { plainReadings, type PlainWord } from './look-alike.ts';
import type { Pattern } from './sensitive-lexicon.ts';

const WORDS_APART = 8;

export interface Hit extends Span {
  readonly category: string;
}

export interface EnglishPattern {
  readonly category: string;
  /** Of each side: sequences of words by their first one. */
  readonly sides: readonly ReadonlyMap<string, readonly (readonly string[])[]>[];
  readonly unless: ReadonlySet<string>;
  readonly isOnlyDisguised: boolean;
}

/** Patterns of words, found in a text however its letters are disguised. */
export function englishHits(text: string, patterns: readonly EnglishPattern[]): readonly Hit[] {
  return plainReadings(text).flatMap((words) => patterns.flatMap((pattern) => hitsOf(words, pattern)));
}

export function indexed({ category, isOnlyDisguised, sides, unless }: Pattern): EnglishPattern {
  return {
    category,
    isOnlyDisguised,
    unless: new Set(unless),
    sides: sides.map((side) => {
      const byFirst = new Map<string, (readonly string[])[]>();
      for (const words of side.map((one) => one.split(' '))) {
        const first = words[0] ?? '';
        byFirst.set(first, [...(byFirst.get(first) ?? []), words]);
      }
      return byFirst;
    }),
  };
}

interface Range {
  readonly first: number;
  /** Exclusive, in words. */
  readonly end: number;
}

function hitsOf(words: readonly PlainWord[], pattern: EnglishPattern): readonly Hit[] {
  const { category, sides, unless, isOnlyDisguised } = pattern;
  const found = sides.map((side) =>
    rangesOf(words, side).filter(({ first }) => !isOnlyDisguised || words[first]?.isDisguised === true),
  );
  if (found.some((ranges) => ranges.length === 0)) return [];
  const [first = [], second] = found;
  const pairs = second
    ? first.flatMap((a) =>
        second
          .filter((b) => areNear(a, b))
          .map((b) => ({ first: Math.min(a.first, b.first), end: Math.max(a.end, b.end) })),
      )
    : first;
  return pairs
    .filter(
      (range) =>
        !words
          .slice(Math.max(0, range.first - 2), range.end + 2)
          .some(({ forms }) => forms.some((form) => unless.has(form))),
    )
    .map((range) => ({ category, from: words[range.first]?.from ?? 0, to: words[range.end - 1]?.to ?? 0 }));
}

const areNear = (a: Range, b: Range): boolean =>
  a.first !== b.first && Math.max(a.first, b.first) - Math.min(a.end, b.end) <= WORDS_APART;

function rangesOf(words: readonly PlainWord[], side: EnglishPattern['sides'][number]): readonly Range[] {
  return words.flatMap((word, first) =>
    word.forms.flatMap((form) => {
      const sequences = form.includes('*') ? masked(side, form) : (side.get(form) ?? []);
      return sequences.flatMap((sequence) => {
        const isThere = sequence.every((one, i) => i === 0 || (words[first + i]?.forms.includes(one) ?? false));
        return isThere ? [{ first, end: first + sequence.length }] : [];
      });
    }),
  );
}

/** "p*rn": a word of the list with as many letters, of which at least half are shown. */
function masked(side: EnglishPattern['sides'][number], form: string): readonly (readonly string[])[] {
  if (!/^[a-z]/.test(form) || form.replaceAll('*', '').length * 2 < form.length) return [];
  const shape = new RegExp(`^${form.replace(/[^a-z*]/g, '').replaceAll('*', '[a-z]')}$`);
  return [...side].flatMap(([word, sequences]) => (word.length >= 4 && shape.test(word) ? sequences : []));
}
