/** Words that say how others hang together, and show nothing of their own; whoever looks at them less has lost nothing. */
const functionWords = new Set(
  [
    'a an the this that these those some any one it its they them their he she his her i you your we our there here',
    'in on at of to by from with for into onto under over above below between among near off out up down through across along',
    'around behind beside before after during as and or but while then than so if when where who which what not no',
    'is are was were be been being am do does did has have had can could will would shall should may might must',
    'very too also just only more most less much many few each every both all s t',
    '的 地 得 着 了 过 在 有 是 和 与 及 或 而 且 但 从 到 往 向 被 把 对 于 之 其 这 那 它 他 她 们 我 你',
    '一 个 只 条 头 匹 辆 架 位 名 朵 座 片 些 里 中 上 下 内 外 间 边 面 旁 前 后 时 正 很 也 都 就 还 不 没 来 去',
  ]
    .join(' ')
    .split(' '),
);

/**
 * Whether a token carries something that can be seen. Marks of tokenizers, punctuation, pieces of words and words that only join
 * others carry nothing.
 *
 * @param token  as the tokenizer spells it: `tiger`, `▁tiger`, `##s`, `</s>`
 */
export function isKeyword(token: string): boolean {
  if (token.startsWith('##') || /^[<[].*[>\]]$/.test(token)) return false;
  const word = token.replace(/^[▁Ġ ]+/, '').toLowerCase();
  return /\p{L}/u.test(word) && !functionWords.has(word);
}
