import type { LanguageName } from '../contract/name.ts';
import type { Finding } from '../contract/report.ts';
import { detectLanguage } from '../prompt/clean.ts';
import { readChinese } from './chinese.ts';
import { abstractFlaws, denseFlaws } from './density.ts';
import { readEnglish } from './english.ts';
import type { Flaw, KindFlaw } from './flaw.ts';
import { nestedChinese, nestedEnglish } from './negation.ts';
import { unpairedFlaws } from './pair.ts';
import { sensitiveFlaws } from './sensitive.ts';
import { brokenChinese, subjectlessChinese } from './sentence-chinese.ts';
import { brokenEnglish, subjectlessEnglish } from './sentence-english.ts';
import { vagueChinese, vagueEnglish } from './simile.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Reading } from './word.ts';

type Kind = Finding['kind'];

/** Everything that the rules on words find in a text; it is read once for all of them. */
export function flawsIn(text: string, vocabulary: Vocabulary): readonly KindFlaw[] {
  const flaws: KindFlaw[] = [];
  for (const { kind, find, unless } of rulesFor(text, vocabulary))
    if (!flaws.some((one) => unless.includes(one.kind))) flaws.push(...find().map((flaw) => ({ ...flaw, kind })));
  return flaws;
}

/** Japanese writes Han characters too, but the rules are not about it. */
export function languageOf(text: string): LanguageName {
  const language = detectLanguage(text);
  const kana = text.match(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  return language === 'zh' && kana * 5 > text.length ? 'other' : language;
}

interface KindRule {
  readonly kind: Kind;
  readonly find: () => readonly Flaw[];
  /** Not asked where one of these was found: it would only say the same in other words. */
  readonly unless: readonly Kind[];
}

function rulesFor(text: string, vocabulary: Vocabulary): readonly KindRule[] {
  const language = languageOf(text);
  const sensitive: KindRule = { kind: 'sensitive', find: () => sensitiveFlaws(text, vocabulary), unless: [] };
  if (language === 'other') return [sensitive, { kind: 'incomplete', find: () => unpairedFlaws(text), unless: [] }];
  const isChinese = language === 'zh';
  let known: Reading | undefined;
  const read = (): Reading => (known ??= isChinese ? readChinese(text, vocabulary) : readEnglish(text, vocabulary));
  const broken = (): readonly Flaw[] => (isChinese ? brokenChinese(read()) : brokenEnglish(read()));
  return [
    sensitive,
    { kind: 'incomplete', find: () => [...unpairedFlaws(text), ...broken()], unless: [] },
    {
      kind: 'incomplete',
      find: () => (isChinese ? subjectlessChinese(read(), vocabulary) : subjectlessEnglish(read(), vocabulary)),
      // A sentence that breaks off is mended first; one that is not drawn at all needs no subject.
      unless: ['sensitive', 'incomplete'],
    },
    { kind: 'too-dense', find: () => denseFlaws(read()), unless: [] },
    {
      kind: 'nested-negation',
      find: () => (isChinese ? nestedChinese(text) : nestedEnglish(text, vocabulary)),
      unless: [],
    },
    {
      kind: 'too-abstract',
      find: () => abstractFlaws(read(), isChinese ? 'zh' : 'en'),
      unless: ['sensitive', 'incomplete', 'nested-negation'],
    },
    {
      kind: 'vague-simile',
      find: () => (isChinese ? vagueChinese(read(), vocabulary) : vagueEnglish(read(), vocabulary)),
      unless: [],
    },
  ];
}
