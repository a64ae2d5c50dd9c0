/** The texts of `resources/lexicon`, as they are on the disk; each may be read when it is first asked for. */
export interface LexiconTexts {
  readonly enWords: string;
  readonly enLists: string;
  readonly zhWords: string;
  readonly zhMeanings: string;
  readonly zhLists: string;
  readonly characters: string;
  readonly sensitive: string;
}

/** Everything that the precheck knows of words. Reading it costs milliseconds: a line is taken apart when it is asked for. */
export interface Vocabulary {
  readonly en: WordTable;
  readonly enLists: WordLists;
  readonly zh: WordTable;
  /**
   * Chinese words by what they mean: `t` a thing, `n` another noun, `v` a deed, `w` one that can't be seen, `a` a quality,
   * `i` an idea, `u` a happening, a sound, a film, `p` a set phrase that names things, `m` another.
   */
  readonly zhMeanings: WordTable;
  readonly zhLists: WordLists;
  readonly texts: LexiconTexts;
}

export function openVocabulary(texts: LexiconTexts): Vocabulary {
  let enLists: WordLists | undefined;
  let zhLists: WordLists | undefined;
  return {
    en: new WordTable(() => texts.enWords, 2),
    get enLists() {
      return (enLists ??= new WordLists(texts.enLists));
    },
    zh: new WordTable(() => texts.zhWords, 1),
    zhMeanings: new WordTable(() => texts.zhMeanings, 1),
    get zhLists() {
      return (zhLists ??= new WordLists(texts.zhLists));
    },
    texts,
  };
}

/**
 * Words and what is known of each: `KEY rest:code rest:code …`, one line for all words that begin with the same key, lines
 * in order of their keys. A line is found by halving the text, so that nothing has to be read before the first question.
 */
export class WordTable {
  readonly #text: () => string;
  readonly #keyLength: number;
  readonly #lines = new Map<string, Line>();

  /** @param text  asked for once there is a question */
  constructor(text: () => string, keyLength: number) {
    this.#text = text;
    this.#keyLength = keyLength;
  }

  /** Undefined for a word that the table doesn't have. */
  code(word: string): string | undefined {
    const key = word.slice(0, this.#keyLength);
    let line = this.#lines.get(key);
    if (!line) this.#lines.set(key, (line = { text: this.#line(key) ?? '', asked: 0, words: null }));
    line.asked += 1;
    if (line.asked > ASKED_OFTEN) line.words ??= wordsOf(line.text);
    const rest = word.slice(key.length);
    if (line.words) return line.words.get(rest);
    const at = line.text.indexOf(` ${rest}:`);
    if (at < 0) return undefined;
    const start = at + rest.length + 2;
    const end = line.text.indexOf(' ', start);
    return line.text.slice(start, end < 0 ? undefined : end);
  }

  #line(key: string): string | null {
    const text = this.#text();
    let low = 0;
    let high = text.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const start = text.lastIndexOf('\n', middle - 1) + 1;
      const newline = text.indexOf('\n', middle);
      const end = newline < 0 ? text.length : newline;
      const found = text.slice(start, text.indexOf(' ', start));
      if (found === key) return text.slice(start, end);
      if (found < key) low = end + 1;
      else high = start;
    }
    return null;
  }
}

/** Taking a line apart costs as much as so many searches in it. */
const ASKED_OFTEN = 24;

interface Line {
  readonly text: string;
  asked: number;
  /** Once it is asked for often. */
  words: ReadonlyMap<string, string> | null;
}

function wordsOf(line: string): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const entry of line.split(' ').slice(1)) {
    const colon = entry.indexOf(':');
    words.set(entry.slice(0, colon), entry.slice(colon + 1));
  }
  return words;
}

/** Named lists of words, `NAME word word …`. */
export class WordLists {
  readonly #rows: ReadonlyMap<string, string>;
  readonly #lists = new Map<string, ReadonlySet<string>>();

  constructor(text: string) {
    this.#rows = rowsOf(text);
  }

  list(name: string): ReadonlySet<string> {
    const known = this.#lists.get(name);
    if (known) return known;
    const words = new Set(this.#rows.get(name)?.split(' ').slice(1));
    this.#lists.set(name, words);
    return words;
  }

  has(name: string, word: string): boolean {
    return this.list(name).has(word);
  }
}

function rowsOf(text: string): ReadonlyMap<string, string> {
  const rows = new Map<string, string>();
  for (const line of text.split('\n')) if (!line.startsWith('#')) rows.set(line.slice(0, line.indexOf(' ')), line);
  return rows;
}
