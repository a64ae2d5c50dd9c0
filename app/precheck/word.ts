export type Part =
  | 'noun'
  | 'pronoun'
  | 'verb'
  | 'auxiliary'
  | 'adjective'
  | 'adverb'
  | 'preposition'
  | 'conjunction'
  | 'subordinator'
  | 'determiner'
  | 'number'
  | 'direction'
  | 'particle'
  | 'time'
  | 'idiom'
  /** Ends a phrase: comma, full stop, quotation mark, line end. */
  | 'mark';

/** One word of a prompt; `from` and `to` are UTF-16 positions in the text that was read. */
export interface Word {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly part: Part;
  /** In the form in which two mentions of one thing are equal: lower case, singular. */
  readonly lemma: string;
  /** Names something that a camera can see: false for abstract and generic nouns, and for all that is no noun. */
  readonly isVisible: boolean;
  /** A noun that names an idea, mood or quality; a verb for a deed that can't be seen. */
  readonly isIdea?: boolean;
}

/** What the rules of both languages see. */
export interface Reading {
  readonly text: string;
  readonly words: readonly Word[];
}

/** The words between two marks. */
export function phrasesOf(words: readonly Word[]): readonly (readonly Word[])[] {
  const phrases: Word[][] = [[]];
  for (const word of words)
    if (word.part === 'mark') phrases.push([]);
    else phrases.at(-1)?.push(word);
  return phrases.filter((phrase) => phrase.length > 0);
}
