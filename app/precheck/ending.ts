/**
 * The part of speech that an English word's ending suggests: `r` adverb, `j` adjective, `a` noun of what can't be seen,
 * else `c`, noun of what can. Word lists hold only the words for which this is not so.
 */
export function partByEnding(word: string): 'r' | 'j' | 'a' | 'c' {
  if (word.endsWith('ly')) return 'r';
  if (/(?:ful|ous|less|ive|able|ible|ical|ish|ic|al)$/.test(word)) return 'j';
  if (/(?:ness|ity|tion|sion|ism|ship|hood|ment|ance|ence|acy|dom)$/.test(word)) return 'a';
  return 'c';
}
