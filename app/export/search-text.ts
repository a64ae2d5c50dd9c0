/** Scripts that are written without spaces: each sign is a word to the index, so that any part of a phrase is found. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu;
const WORDS = /[\p{L}\p{N}\p{M}]+/gu;

/** Text as the full-text index takes it: signs of unspaced scripts stand alone. */
export const indexedText = (text: string): string => text.normalize('NFKC').replace(UNSPACED, ' $& ');

/**
 * What the user typed as a query of SQLite's FTS5: every word has to be there, signs that were typed together stand
 * together, and the last word may go on. Nothing of it is syntax.
 *
 * @returns null where there is no word in it
 */
export function matchQuery(text: string): string | null {
  const phrases = text
    .split(/\s+/)
    .map((word) => [...indexedText(word).matchAll(WORDS)].map(([token]) => token))
    .filter((tokens) => tokens.length > 0)
    .map((tokens) => `"${tokens.join(' ')}" *`);
  return phrases.length > 0 ? phrases.join(' AND ') : null;
}

export interface Excerpt {
  readonly excerpt: string;
  readonly marks: readonly { readonly from: number; readonly to: number }[];
}

const BEFORE_CHARACTERS = 40;
const EXCERPT_CHARACTERS = 200;

/** The part of a text around the first thing that was found, and where in it all of them are. */
export function excerptOf(text: string, query: string): Excerpt {
  const flat = text.replace(/\s+/g, ' ').trim();
  const lower = sameLengthLower(flat);
  const wanted = query
    .split(/\s+/)
    .flatMap((word) => (lower.includes(sameLengthLower(word)) ? [word] : (word.match(WORDS) ?? [])))
    .map(sameLengthLower)
    .filter((word) => word !== '');
  const places = wanted.map((word) => lower.indexOf(word)).filter((at) => at >= 0);
  const first = places.length > 0 ? Math.min(...places) : 0;
  const from = whole(flat, Math.max(0, first - BEFORE_CHARACTERS));
  const to = whole(flat, Math.min(flat.length, from + EXCERPT_CHARACTERS));
  const excerpt = flat.slice(from, to);
  return { excerpt, marks: marksIn(lower.slice(from, to), wanted) };
}

/** Some capitals become longer when they are lowered, which would move every mark behind them. */
const sameLengthLower = (text: string): string =>
  [...text].map((sign) => (sign.toLowerCase().length === sign.length ? sign.toLowerCase() : sign)).join('');

/** Not into the middle of a character of two units. */
const whole = (text: string, at: number): number => (/^[\uDC00-\uDFFF]/.test(text.slice(at, at + 1)) ? at + 1 : at);

function marksIn(text: string, wanted: readonly string[]): Excerpt['marks'] {
  const marks: { from: number; to: number }[] = [];
  for (const word of new Set(wanted))
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length))
      marks.push({ from: at, to: at + word.length });
  // Where two overlap, one mark over both.
  return marks
    .toSorted((a, b) => a.from - b.from)
    .reduce<{ from: number; to: number }[]>((merged, mark) => {
      const last = merged.at(-1);
      if (last && mark.from <= last.to) last.to = Math.max(last.to, mark.to);
      else merged.push({ ...mark });
      return merged;
    }, []);
}
