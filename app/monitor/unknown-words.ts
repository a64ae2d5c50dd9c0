/** How tokenizers spell a word that they don't have. */
const UNKNOWN = /^(?:<unk>|\[UNK\])$/;
/** Marks of the tokenizer's own: begin, end, padding. */
const OWN_MARK = /^(?:<\/?s>|<pad>|\[(?:CLS|SEP|PAD)\])$/;
/** A word, a Chinese character or a sign: what a tokenizer of whole words cuts a text into. */
const PIECE = /\p{Script=Han}|[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu;

/** Whether a token says nothing of the prompt itself. */
export const isOwnMark = (token: string): boolean => OWN_MARK.test(token);

/** Where each word, Chinese character and sign of a prompt stands. */
export const wordPieces = (prompt: string): readonly { readonly text: string; readonly to: number }[] =>
  [...prompt.matchAll(PIECE)].map((match) => ({ text: match[0], to: match.index + match[0].length }));

export interface UnknownWords {
  /** Of all words of the prompt, 0..1. */
  readonly ratio: number;
  /** As typed, in order, each once; empty where they can't be told apart. */
  readonly words: readonly string[];
}

/**
 * Words that the pack's tokenizer has no token for. They reach the model as one and the same blank, so that a pooled
 * embedding can lie right among healthy ones while nothing of the prompt is left in it.
 */
export function unknownWords(prompt: string, tokens: readonly string[]): UnknownWords {
  const content = tokens.filter((token) => !isOwnMark(token));
  const unknownCount = content.filter((token) => UNKNOWN.test(token)).length;
  if (unknownCount === 0) return { ratio: 0, words: [] };
  // A piece that begins with ## goes on with the word before.
  const heads = content.filter((token) => !token.startsWith('##'));
  const pieces = wordPieces(prompt).map(({ text }) => text);
  const words = pieces.length === heads.length ? pieces.filter((_, i) => UNKNOWN.test(heads[i] ?? '')) : [];
  return {
    ratio: unknownCount / Math.max(1, heads.length),
    words: [...new Set(words.filter((word) => /[\p{L}\p{N}]/u.test(word)))],
  };
}
