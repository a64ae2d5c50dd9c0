/** A list of alternatives, each a sequence of words (English) or a string (Chinese). */
export interface Pattern {
  readonly category: string;
  readonly language: 'en' | 'zh';
  /** Only where its words are written in disguise: harmless otherwise, but then nobody hides them. */
  readonly isOnlyDisguised: boolean;
  /** Each side must be there, near the others. */
  readonly sides: readonly (readonly string[])[];
  /** None of these may be near. */
  readonly unless: readonly string[];
}

/** The patterns of `resources/lexicon/sensitive.txt`. */
export function parseSensitive(text: string): readonly Pattern[] {
  let category = '';
  const patterns: Pattern[] = [];
  for (const line of text.split('\n')) {
    const heading = /^\[([\w-]+)\]$/.exec(line.trim())?.[1];
    if (heading !== undefined) category = heading;
    const [, language, mark, pattern = ''] = /^(en|zh)(!?) (.*)$/.exec(line) ?? [];
    if (language !== 'en' && language !== 'zh') continue;
    const [wanted = '', unless = ''] = pattern.split(' - ');
    const sides = wanted.split(' + ').map((side) => alternatives(side, language));
    const isOnlyDisguised = mark === '!';
    patterns.push({
      category,
      language,
      isOnlyDisguised,
      sides,
      unless: unless === '' ? [] : alternatives(unless, language),
    });
  }
  return patterns;
}

/** `{a|b} word` → `a word`, `b word`. */
function alternatives(side: string, language: 'en' | 'zh'): readonly string[] {
  const pieces = side.split(/(\{[^}]*\})/).filter((piece) => piece !== '');
  const expanded = pieces.reduce<readonly string[]>(
    (all, piece) => {
      const options = piece.startsWith('{') ? piece.slice(1, -1).split('|') : [piece];
      return all.flatMap((start) => options.map((option) => start + option));
    },
    [''],
  );
  // Hyphens and spaces part words alike.
  return expanded
    .map((one) => (language === 'zh' ? one.trim() : one.replace(/[\s-]+/g, ' ').trim()))
    .filter((one) => one !== '');
}
