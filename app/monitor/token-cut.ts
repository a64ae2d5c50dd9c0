import type { LanguageName } from '../contract/name.ts';
import type { Finding } from '../contract/report.ts';
import { isOwnMark, wordPieces } from './unknown-words.ts';

/**
 * How much of a prompt its tokens cover, in UTF-16 units from its beginning; null where the tokens can't be laid over the
 * text. Tokenizers of whole words are followed piece by piece, those of SentencePiece letter by letter.
 */
export function usedLength(prompt: string, tokens: readonly string[]): number | null {
  const content = tokens.filter((token) => !isOwnMark(token));
  return content.some((token) => token.includes('▁')) ? alongLetters(prompt, content) : alongWords(prompt, content);
}

function alongWords(prompt: string, tokens: readonly string[]): number | null {
  const pieces = wordPieces(prompt);
  const last = pieces[tokens.filter((token) => !token.startsWith('##')).length - 1];
  return last ? last.to : null;
}

/** ▁ stands for a space, or for the beginning. */
function alongLetters(prompt: string, tokens: readonly string[]): number | null {
  const letters = [...tokens.join('').normalize('NFKC').replaceAll('▁', '').toLowerCase()];
  let next = 0;
  for (const match of prompt.matchAll(/./gsu)) {
    if (next >= letters.length) return match.index;
    for (const letter of match[0].normalize('NFKC').toLowerCase()) {
      if (/\s/u.test(letter)) continue;
      if (letter !== letters[next]) return null;
      next += 1;
    }
  }
  return prompt.length;
}

/** What the tokenizer had to leave out, marked where it begins, beside the findings of the precheck. */
export function truncationFinding(
  prompt: string,
  language: LanguageName,
  { tokens, maxTokens }: { readonly tokens: readonly string[]; readonly maxTokens: number },
): Finding {
  const used = usedLength(prompt, tokens) ?? 0;
  const from = prompt.slice(0, used).trimEnd().length;
  return {
    kind: 'too-long',
    from,
    to: prompt.length,
    message:
      language === 'zh'
        ? `模型只读取前 ${maxTokens} 个词元，此处之后没有用上`
        : `The model reads ${maxTokens} tokens: what follows here was not used`,
    rewrite: '',
  };
}
