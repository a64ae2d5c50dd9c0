/** A word of the prompt and the tokens that it was cut into. */
export interface WordGroup {
  readonly word: string;
  /** Places of its tokens, in order. */
  readonly tokens: readonly number[];
}

const SPECIAL = /^(<[^<>]*>|\[[A-Z]+\])$/;
const MARK = '▁';
/** Chinese is written without spaces: a piece is a word. */
const HAN = /^\p{Script=Han}/u;
const PUNCTUATION = /^[\p{P}\p{S}\s]*$/u;

/**
 * Tokens put together into words: a piece that begins with "##", or one without "▁" where the tokenizer marks beginnings with it,
 * belongs to the word before. Punctuation and marks of the tokenizer are left out: nobody looks for them in the picture.
 */
export function groupWords(tokens: readonly string[]): readonly WordGroup[] {
  const hasMarks = tokens.some((token) => token.startsWith(MARK));
  const groups: { word: string; tokens: number[] }[] = [];
  let isOpen = false;
  tokens.forEach((token, index) => {
    const text = token.replace(/^##/, '').replaceAll(MARK, '');
    if (SPECIAL.test(token) || PUNCTUATION.test(text)) {
      isOpen = false;
      return;
    }
    const isGoingOn = token.startsWith('##') || (hasMarks && !token.startsWith(MARK) && !HAN.test(text));
    const last = groups.at(-1);
    if (isOpen && isGoingOn && last) {
      last.word += text;
      last.tokens.push(index);
    } else groups.push({ word: text, tokens: [index] });
    isOpen = true;
  });
  return groups;
}
