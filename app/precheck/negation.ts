import { readEnglish } from './english.ts';
import type { Flaw } from './flaw.ts';
import type { Vocabulary } from './vocabulary.ts';
import { phrasesOf, type Word } from './word.ts';

const reason = (inner: string): Flaw['reason'] => ({
  en: `A negation of a negation (“${inner}”) is often read as the opposite: say what is to be seen`,
  zh: `双重否定（“${inner}”）常被理解反了：请直接写要看到什么`,
});

/* English */

/** What a negator turns into when its negation is taken away. */
const POSITIVE: Readonly<Record<string, string>> = {
  not: '', never: 'always', no: 'every', none: 'all', nobody: 'everybody', nothing: 'everything', nowhere: 'everywhere', neither: 'each', without: 'with', hardly: '', barely: '', scarcely: '', avoid: '', avoids: '', cannot: 'can', "can't": 'can', "won't": 'will',
}; // prettier-ignore
/** Of the inner one: "without no people" → "with some people". */
const POSITIVE_INNER: Readonly<Record<string, string>> = {
  ...POSITIVE,
  no: 'some',
  never: '',
  nobody: 'somebody',
  nothing: 'something',
};
const NEGATED_ADJECTIVE =
  /^(?:un(?!der|i|less|til)\w{3,}|impossible|invisible|incomplete|imperfect|improbable|irregular|dishonest|inactive|inhabitable)$/;
/** They begin like a negation and deny nothing. */
const NOT_NEGATED = new Set([
  'intense',
  'invaluable',
  'impassive',
  'immediate',
  'instant',
  'inner',
  'inside',
  'indoor',
]);
const IDIOMS =
  /\b(?:not only|not just|not merely|not to mention|can(?:'t|not| not) help but|no one but|nothing but|none other than|no longer|no sooner|no matter|whether or not|if not|why not|not at all|not until|not unlike)\b/gi;
const NOT_WITH_POSITIVE_STEM = /n't$/;
/** "not [wearing shoes walks] without": so many verbs between make two clauses of it. */
const VERBS_BETWEEN_LIMIT = 1;
const WORDS_BETWEEN_LIMIT = 7;

/** Without one of these nothing is denied, and reading is spared. */
const DENIES =
  /\b(?:not?|none|never|no(?:body|thing|where)|neither|without|hardly|barely|scarcely|avoids?|cannot)\b|n't\b/i;

export function nestedEnglish(text: string, vocabulary: Vocabulary): readonly Flaw[] {
  // An idiom keeps its length, so that positions stay.
  const masked = text.replaceAll('’', "'").replace(IDIOMS, (idiom) => 'x'.repeat(idiom.length));
  if (!DENIES.test(masked)) return [];
  const { words } = readEnglish(masked, vocabulary);
  return phrasesOf(words).flatMap((phrase) => nestedIn(phrase, masked, vocabulary));
}

function nestedIn(phrase: readonly Word[], text: string, vocabulary: Vocabulary): readonly Flaw[] {
  const flaws: Flaw[] = [];
  let outer = -1;
  phrase.forEach((word, i) => {
    const outerWord = phrase[outer];
    const isNegation = isNegator(word, phrase[i - 1]);
    if (outerWord && (isNegation || isNegatedAdjective(word, vocabulary)) && isNested(phrase, outer, i)) {
      const between = text.slice(outerWord.to, word.from);
      const better = tidy(positive(outerWord, POSITIVE) + between + positive(word, POSITIVE_INNER));
      const existential = everyOne(phrase, outer, i, text);
      if (existential) {
        flaws.push({ ...existential, reason: reason(text.slice(outerWord.from, word.to)) });
        outer = -1;
        return;
      }
      // Where nothing is left of it, its space goes too.
      const to = better === '' && text.charAt(word.to) === ' ' ? word.to + 1 : word.to;
      flaws.push({
        from: outerWord.from,
        to,
        reason: reason(text.slice(outerWord.from, word.to)),
        candidates:
          /^can(?:'t|not)$/i.test(outerWord.text) && tidy(between) === ''
            ? ['must', better]
            : [better, tidy(between), ''],
      });
      outer = -1;
    } else if (isNegation) outer = i;
    else if (word.part === 'conjunction' && word.lemma !== 'nor') outer = -1;
  });
  return flaws;
}

/** "there is no guest without a mask" → "every guest with a mask"; "there isn't a child who isn't …" → "every child is …". */
function everyOne(phrase: readonly Word[], outer: number, inner: number, text: string): Omit<Flaw, 'reason'> | null {
  const [there, is] = phrase.slice(Math.max(0, outer - 2), outer);
  const start = /^there$/i.test(is?.text ?? '') ? is : /^there$/i.test(there?.text ?? '') ? there : undefined;
  const [outerWord, innerWord] = [phrase[outer], phrase[inner]];
  if (!start || !outerWord || !innerWord || !/^(?:no|isn't|aren't)$/i.test(outerWord.text)) return null;
  const core = text
    .slice(outerWord.to, innerWord.from)
    .replace(/^\s*(?:a single|a|an|any)\s/i, ' ')
    .replace(/\s(?:who|that|which)\s*$/i, ' ');
  const candidate = tidy(`every ${core} ${positive(innerWord, POSITIVE_INNER)}`).replace(/^every one\b/i, 'everyone');
  return { from: start.from, to: innerWord.to, candidates: [candidate, tidy(core)] };
}

function isNegator(word: Word, before: Word | undefined): boolean {
  const text = word.text.toLowerCase();
  if (text === 'no' && /^(?:yes|or)$/i.test(before?.text ?? '')) return false;
  return text in POSITIVE || /^\w+n't$/.test(text);
}

function isNegatedAdjective({ text }: Word, { en }: Vocabulary): boolean {
  const lower = text.toLowerCase();
  const stem = /^(?:in|im|ir|il|dis)(\w{4,})$/.exec(lower)?.[1];
  if (stem !== undefined && !NOT_NEGATED.has(lower) && (en.code(stem)?.includes('j') ?? false)) return true;
  if (!NEGATED_ADJECTIVE.test(lower)) return false;
  return !lower.startsWith('un') || /[jvw]/.test(en.code(lower.slice(2)) ?? '') || /(?:ed|ing|y|ful|able)$/.test(lower);
}

const positive = ({ text }: Word, table: Readonly<Record<string, string>>): string => {
  const lower = text.toLowerCase();
  const mapped = table[lower];
  if (mapped !== undefined) return mapped;
  // "don't show …": told plainly, it needs no "do".
  if (lower === "don't") return '';
  if (NOT_WITH_POSITIVE_STEM.test(lower)) return text.slice(0, -3);
  return lower === 'impossible' || lower.startsWith('im') || lower.startsWith('in') || lower.startsWith('un')
    ? text.slice(2)
    : text.replace(/^(?:dis|ir)/i, '');
};

function isNested(phrase: readonly Word[], outer: number, inner: number): boolean {
  const between = phrase.slice(outer + 1, inner);
  if (between.length > WORDS_BETWEEN_LIMIT) return false;
  if (between.filter(({ part }) => part === 'verb').length > VERBS_BETWEEN_LIMIT) return false;
  const outerText = phrase[outer]?.text.toLowerCase() ?? '';
  const innerText = phrase[inner]?.text.toLowerCase() ?? '';
  const isClausal = innerText === 'not' || innerText.endsWith("n't") || innerText === 'cannot' || innerText === 'never';
  const finite = innerText.endsWith("n't") || between.at(-1)?.part === 'auxiliary';
  // "a man without a hat does not look": the second one belongs to the man.
  const isShut =
    outerText === 'without' ||
    (!/^(?:no|none|nobody|nothing|neither)$/.test(outerText) && isInsideRelative(phrase, outer));
  if (isShut && isClausal && finite && !between.some(isRelative)) return false;
  return true;
}

const isRelative = ({ text }: Word): boolean => /^(?:who|that|which|whom|where)$/i.test(text);

/** "a girl who is not happy doesn't smile": the first negation is shut inside its clause. */
const isInsideRelative = (phrase: readonly Word[], outer: number): boolean =>
  phrase.slice(Math.max(0, outer - 2), outer).some(({ text }) => /^(?:who|that|which)$/i.test(text));

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();

/* Chinese */

/** Words in which 不, 没, 无, 别, 非 or 未 negates nothing, and fixed phrases that people read as one. */
const ZH_IDIOMS =
  /不得不|无不|不仅不|不但不|不只不|不仅|不但|不只|不光|不知不觉|非[^，。；、]{1,8}?不可|无时无刻不?|不([^是会能要想可许敢得让])不(?!\1).|没(.)没(?!\2).|无(.)无(?!\3).|不一会儿?|不管|不论|不同|不断|不久|不远处?|不少|不错|不锈钢|不规则|不停|不禁|不时|不由得|差不多|了不起|对不起|不倒翁|一动不动|无论|无限|无人机|无数|无穷|别墅|别人|分别|特别|区别|级别|性别|告别|个别|离别|道别|别致|别针|非常|非洲|除非|是非|非凡|未来|未婚|无名|无声|无垠|无边|没落|沉没|淹没|出没|不明飞行物|不丹|不灭|不朽|不老/gu;
const ZH_NEGATOR =
  /并不是|并没有|并非|绝非|绝不是|绝不会|绝不|不是|不要|不能|不会|不可能|不允许|不应该|不可以|不让|没有|从不|从未|从没有|从没|未必|不必|不想|禁止|避免|拒绝|不|没|别|未|无|勿|莫/gu;
/** 「没有一个人…」 speaks of all: what it denies is denied of each. */
const ZH_UNIVERSAL = /^(?:没有?|无)(?:一|哪|任何|谁|什么|半)/u;
const ZH_DISTANCE_LIMIT = 9;

const ZH_POSITIVE: Readonly<Record<string, string>> = {
  没有: '有', 没: '有', 无: '有', 并没有: '有', 从没有: '一直有', 从没: '一直', 不要: '要', 不能: '要', 不会: '会', 不可能: '可能', 不允许: '要', 不应该: '应该', 不可以: '可以', 不想: '想', 不让: '让', 从不: '一直', 从未: '一直', 从不是: '一直', 绝不会: '会', 别: '', 禁止: '要', 避免: '要', 拒绝: '要',
}; // prettier-ignore

export function nestedChinese(text: string): readonly Flaw[] {
  const masked = text.replace(ZH_IDIOMS, (idiom) => '〇'.repeat(idiom.length));
  const negators = [...masked.matchAll(ZH_NEGATOR)].map((match) => ({
    text: match[0],
    from: match.index,
    to: match.index + match[0].length,
  }));
  const flaws: Flaw[] = [];
  for (let i = 0; i + 1 < negators.length; i += 1) {
    const outer = negators[i];
    const inner = negators[i + 1];
    if (!outer || !inner || !isNestedChinese(masked, outer, inner)) continue;
    const between = text.slice(outer.to, inner.from);
    // 「从来没有不…」: 从来 goes with what it denied.
    const from = text.slice(0, outer.from).endsWith('从来') ? outer.from - '从来'.length : outer.from;
    flaws.push({
      from,
      to: inner.to,
      reason: reason(text.slice(from, inner.to)),
      candidates: [
        ...(/^[^，。]{1,6}的时候/u.test(text.slice(inner.to)) && /^(?:没有?|从没有?)$/u.test(outer.text)
          ? ['总有']
          : []),
        ...universalPositive(outer.text + between, inner.text),
        plainPositive(outer.text, between, inner.text),
        between,
        '',
      ],
    });
    i += 1;
  }
  return flaws;
}

interface Negator {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

function isNestedChinese(text: string, outer: Negator, inner: Negator): boolean {
  const between = text.slice(outer.to, inner.from);
  if (between.length > ZH_DISTANCE_LIMIT || /[，。；、！？,;!?.\n]/u.test(between)) return false;
  const isOfAll = ZH_UNIVERSAL.test(outer.text + between);
  // 「没有头发也并非光头」: two denials side by side.
  if ((/[而但也和且并或又]/u.test(between.slice(0, -1)) || /[也且而]$/u.test(between)) && !isOfAll) return false;
  // 「没有尾巴的猫不动」: the first one belongs to the cat.
  if (/的(?!.*的).+$/u.test(between) && !isOfAll)
    return /^(?:不是|并非|绝非|并不是|别|不要|禁止|不允许)$/u.test(outer.text);
  return true;
}

/** 「没有一个人不笑」 → 「每一个人都笑」. */
function universalPositive(start: string, inner: string): readonly string[] {
  const all = inner.startsWith('没') || inner === '无' ? '都有' : '都';
  const match = /^(?:没有?|无)(任何|一|哪怕?|谁|什么|半)?(.*)$/u.exec(start);
  if (!match || !/^(?:没|无)/u.test(start)) return [];
  const [, quantifier, rest = ''] = match;
  if (rest === '') return [];
  if (rest === '人') return [`人人${all}`];
  // After 一 comes the measure word; a bare noun needs one.
  return quantifier === '一' ? [`每一${rest}${all}`, `每${rest}${all}`] : [`每个${rest}${all}`];
}

function plainPositive(outer: string, between: string, inner: string): string {
  const isJustDenied = /是|非|未必/u.test(outer);
  const kept = inner.startsWith('没') || inner === '无' ? '有' : '';
  return (isJustDenied ? '' : (ZH_POSITIVE[outer] ?? '')) + between + kept;
}
