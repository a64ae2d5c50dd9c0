import type { Span } from '../prompt/hidden.ts';
import { readChinese } from './chinese.ts';
import type { Hit } from './sensitive-english.ts';
import type { Pattern } from './sensitive-lexicon.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Word } from './word.ts';

const CHARACTERS_APART = 14;
/** So near something can stand that makes it harmless. */
const CHARACTERS_AROUND = 4;
/** Only here do people write by sound; elsewhere it would catch harmless words. */
const WRITTEN_BY_SOUND: ReadonlySet<string> = new Set(['sexual-minors', 'explicit-sex', 'sexual-violence']);
const LONGEST_BY_SOUND = 4;

/** What is needed to find Chinese terms; everything but the patterns is read when a text first asks for it. */
export interface ChineseLexicon {
  readonly patterns: readonly Pattern[];
  readonly simplify: (character: string) => string;
  readonly soundOf: (character: string) => string | undefined;
  /** Terms by their sounds, `se qing`. */
  readonly bySound: () => ReadonlyMap<string, readonly string[]>;
  /** The characters of those terms. */
  readonly heard: () => ReadonlySet<string>;
}

export function chineseLexicon(patterns: readonly Pattern[], characters: string): ChineseLexicon {
  const sounds = once(() => soundsIn(characters));
  const soundOf = (character: string): string | undefined => sounds().get(character);
  const written = once(() =>
    patterns.flatMap(({ category, sides }) => (WRITTEN_BY_SOUND.has(category) ? sides.flat() : [])),
  );
  const heard = once(() => new Set(written().join('')));
  const bySound = once(() => {
    const terms = new Map<string, string[]>();
    for (const term of written()) {
      const key = soundsOf(term, soundOf);
      if (key !== undefined) terms.set(key, [...(terms.get(key) ?? []), term]);
    }
    return terms;
  });
  return { patterns, simplify: simplifier(characters), soundOf, bySound, heard };
}

/** Undefined where the sound of a character is not known. */
function soundsOf(text: string, soundOf: (character: string) => string | undefined): string | undefined {
  const sounds = [...text].map(soundOf);
  return sounds.includes(undefined) ? undefined : sounds.join(' ');
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function soundsIn(characters: string): ReadonlyMap<string, string> {
  const sounds = new Map<string, string>();
  for (const line of characters.split('\n')) {
    const [sound = '', all = ''] = line.split(' ');
    if (/^[a-z]+$/.test(sound) && sound !== 'simplified') for (const one of all) sounds.set(one, sound);
  }
  return sounds;
}

/** From traditional to simplified; the pairs stay one string, since a prompt asks for a few dozen of thousands. */
function simplifier(characters: string): (character: string) => string {
  const start = characters.indexOf('\nsimplified ');
  const pairs = start < 0 ? '' : characters.slice(start + 1, characters.indexOf('\n', start + 1));
  const known = new Map<string, string>();
  return (character) => {
    const before = known.get(character);
    if (before !== undefined) return before;
    const at = /\p{Script=Han}/u.test(character) ? pairs.indexOf(` ${character}`) : -1;
    const simple = at < 0 ? character : String.fromCodePoint(pairs.codePointAt(at + 1 + character.length) ?? 0);
    known.set(character, simple);
    return simple;
  };
}

/** Characters that are dropped between two others: they part a word without ending a phrase. */
const SEPARATOR = /[\s.*_\-·|~^+=`'"/\\•…＊．－—、\p{Extended_Pictographic}\u200d\ufe0f]/u;

interface Plain {
  readonly text: string;
  /** Where each UTF-16 unit of it was typed. */
  readonly positions: readonly number[];
}

function plainChinese(text: string, simplify: (character: string) => string): Plain {
  const positions: number[] = [];
  let plain = '';
  for (const match of text.matchAll(/./gsu)) {
    if (SEPARATOR.test(match[0])) continue;
    const simple = simplify(match[0].normalize('NFKC').toLowerCase());
    plain += simple;
    for (let i = 0; i < simple.length; i += 1) positions.push(match.index);
  }
  return { text: plain, positions };
}

/** Terms in simplified or traditional characters, parted by signs, half in pinyin, or written by sound. */
export function chineseHits(text: string, lexicon: ChineseLexicon, vocabulary: Vocabulary): readonly Hit[] {
  const plain = plainChinese(text, lexicon.simplify);
  const { words } = readChinese(plain.text, vocabulary);
  const finder = new TermFinder(plain.text, words, lexicon);
  const typedEnd = (to: number): number => {
    const last = plain.positions[to - 1] ?? text.length - 1;
    return last + String.fromCodePoint(text.codePointAt(last) ?? 0).length;
  };
  return lexicon.patterns.flatMap(({ category, sides, unless }) => {
    const found = sides.map((side) => side.flatMap((term) => finder.spans(term, sides.length > 1)));
    if (found.some((spans) => spans.length === 0)) return [];
    const [first = [], second] = found;
    const spans = second ? nearPairs(plain.text, first, second) : first;
    const isMeantSo = ({ from, to }: Span): boolean => {
      const around = plain.text.slice(Math.max(0, from - CHARACTERS_AROUND), to + CHARACTERS_AROUND);
      return !unless.some((term) => around.includes(term));
    };
    return spans
      .filter(isMeantSo)
      .map(({ from, to }) => ({ category, from: plain.positions[from] ?? 0, to: typedEnd(to) }));
  });
}

function nearPairs(text: string, first: readonly Span[], second: readonly Span[]): readonly Span[] {
  return first.flatMap((a) =>
    second.flatMap((b) => {
      const both = { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) };
      const apart = Math.max(a.from, b.from) - Math.min(a.to, b.to);
      return apart <= CHARACTERS_APART && !/[。！？\n]/u.test(text.slice(both.from, both.to)) ? [both] : [];
    }),
  );
}

/** Finds terms in one text. */
class TermFinder {
  readonly #text: string;
  readonly #lexicon: ChineseLexicon;
  readonly #starts: ReadonlySet<number>;
  readonly #ends: ReadonlySet<number>;
  /** Where the word ends that begins at a place. */
  readonly #wordEnds: ReadonlyMap<number, number>;
  readonly #isMixed: boolean;
  readonly #bySound: ReadonlyMap<string, readonly Span[]>;

  constructor(text: string, words: readonly Word[], lexicon: ChineseLexicon) {
    this.#text = text;
    this.#lexicon = lexicon;
    this.#starts = new Set(words.map(({ from }) => from));
    this.#ends = new Set(words.map(({ to }) => to));
    this.#wordEnds = new Map(words.map(({ from, to }) => [from, to]));
    this.#isMixed = /[a-z]\p{Script=Han}|\p{Script=Han}[a-z]/u.test(text);
    this.#bySound = soundAlikes(words, lexicon);
  }

  /** @param isOneOfTwo  two that belong together vouch for each other: then half a word is enough */
  spans(term: string, isOneOfTwo: boolean): readonly Span[] {
    const spans: Span[] = [];
    for (let at = this.#text.indexOf(term); at >= 0; at = this.#text.indexOf(term, at + 1)) {
      const [isStart, isEnd] = [this.#starts.has(at), this.#ends.has(at + term.length)];
      // 「血色」 is no blood: one character alone is no half of a word.
      const isHalfEnough = isOneOfTwo && term.length > 1;
      // 「色情片」 and 「强奸犯」 are still what they begin with; 「剖腹产」 is not.
      const isBeginning = /^[片照戏犯案文书网]$/u.test(
        this.#text.slice(at + term.length, this.#wordEnds.get(at) ?? at),
      );
      if (term.length > 3 || isBeginning || (isHalfEnough ? isStart || isEnd : isStart && isEnd))
        spans.push({ from: at, to: at + term.length });
    }
    if (this.#isMixed) spans.push(...this.#halfPinyin(term));
    return [...spans, ...(this.#bySound.get(term) ?? [])];
  }

  /** 「s情」, 「se情」: one character as its sound or the first letter of it. */
  #halfPinyin(term: string): readonly Span[] {
    const characters = [...term];
    if (characters.length < 2 || characters.length > LONGEST_BY_SOUND) return [];
    return characters.flatMap((_, replaced) => {
      if (!characters.some((one, i) => i !== replaced && this.#text.includes(one))) return [];
      const sound = this.#lexicon.soundOf(characters[replaced] ?? '');
      if (sound === undefined) return [];
      const written = characters.map((one, i) => (i === replaced ? `(?:${sound}|${sound.slice(0, 1)})` : one)).join('');
      const match = new RegExp(`(?<![a-z])${written}(?![a-z])`).exec(this.#text);
      if (!match) return [];
      const span = { from: match.index, to: match.index + match[0].length };
      // 「S情人节」: a Han character belongs to its own word first.
      const isWhole = replaced === characters.length - 1 || this.#ends.has(span.to);
      return isWhole ? [span] : [];
    });
  }
}

/** Runs of characters that make no word together but sound like a term, and share a character with it. */
function soundAlikes(
  words: readonly Word[],
  { soundOf, bySound, heard }: ChineseLexicon,
): ReadonlyMap<string, readonly Span[]> {
  const spans = new Map<string, Span[]>();
  words.forEach((word, i) => {
    for (let count = 2; count <= LONGEST_BY_SOUND; count += 1) {
      const run = words.slice(i, i + count);
      if (run.length < count || run.some(({ text, from }, k) => text.length !== 1 || from !== word.from + k)) return;
      if (!run.some(({ text }) => heard().has(text))) continue;
      const written = run.map(({ text }) => text).join('');
      for (const term of bySound().get(soundsOf(written, soundOf) ?? '') ?? [])
        if (term !== written && [...term].some((one, k) => one === written[k]))
          spans.set(term, [...(spans.get(term) ?? []), { from: word.from, to: word.from + count }]);
    }
  });
  return spans;
}
