import type { LanguageName } from '../contract/name.ts';
import type { Finding, PrecheckReport } from '../contract/report.ts';
import { detectLanguage, isEmptyPrompt, PROMPT_LIMIT_CHARACTERS } from '../prompt/clean.ts';
import { hiddenSpans, visibleText, type Span, type VisibleText } from '../prompt/hidden.ts';
import { readChinese } from './chinese.ts';
import { abstractFlaws, denseFlaws } from './density.ts';
import { readEnglish } from './english.ts';
import { cureEach, type Flaw, type Rule } from './flaw.ts';
import { nestedChinese, nestedEnglish } from './negation.ts';
import { unpairedFlaws } from './pair.ts';
import { safeModePlan } from './safe-mode.ts';
import { sensitiveFlaws } from './sensitive.ts';
import { brokenChinese, subjectlessChinese } from './sentence-chinese.ts';
import { brokenEnglish, subjectlessEnglish } from './sentence-english.ts';
import { vagueChinese, vagueEnglish } from './simile.ts';
import { verdictOf } from './verdict.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Reading } from './word.ts';

type Kind = Finding['kind'];

/** A prompt that no rule finds anything in: what is offered where nothing of the prompt can be kept. */
export const SAFE_PROMPT = { en: 'A small cat walks in a park', zh: '一只小猫在公园里散步' } as const;

/** More of one kind than this tell the user nothing new, and each costs time to find a rewrite for. */
const FINDINGS_PER_KIND = 8;

/**
 * What can be said of a prompt before any model runs. A finding's range is in UTF-16 units of the text as typed; its
 * rewrite replaces that range and clears the finding.
 */
export function precheckPrompt(prompt: string, vocabulary: Vocabulary): PrecheckReport {
  const empty = emptyFindings(prompt);
  const findings =
    empty.length > 0
      ? [...empty, ...tooLongFindings(prompt)]
      : [...hiddenFindings(prompt), ...tooLongFindings(prompt), ...wordFindings(prompt, vocabulary)];
  const verdict = verdictOf(findings);
  return verdict === 'safe-mode'
    ? { verdict, findings, safeMode: safeModePlan(prompt, findings) }
    : { verdict, findings };
}

const messageLanguage = (prompt: string): 'en' | 'zh' =>
  detectLanguage(prompt) === 'zh' || /[。！？、]/u.test(prompt) ? 'zh' : 'en';

function hiddenFindings(prompt: string): readonly Finding[] {
  const language = messageLanguage(prompt);
  const spans = hiddenSpans(prompt);
  const said = ({ from, to }: Span, count: number, rewrite: string): Finding => {
    const message = {
      en: `${count} character${count === 1 ? '' : 's'} here can't be seen, but the model would read ${count === 1 ? 'it' : 'them'}`,
      zh: `这里有 ${count} 个看不见的字符，模型却会读到`,
    }[language];
    return { kind: 'hidden-characters', from, to, message, rewrite };
  };
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return [];
  if (spans.length <= FINDINGS_PER_KIND) return spans.map((span) => said(span, charactersIn(prompt, span), ''));
  // Strewn all over: one finding for the stretch, which is shown as it is seen.
  const stretch = { from: first.from, to: last.to };
  const count = spans.reduce((sum, span) => sum + charactersIn(prompt, span), 0);
  return [said(stretch, count, withoutSpans(prompt, spans, stretch))];
}

const charactersIn = (text: string, { from, to }: Span): number => [...text.slice(from, to)].length;

/** What is left of a stretch of text when spans are taken out of it. */
function withoutSpans(text: string, spans: readonly Span[], { from, to }: Span): string {
  const kept: string[] = [];
  let at = from;
  for (const span of spans) {
    kept.push(text.slice(at, span.from));
    at = span.to;
  }
  return [...kept, text.slice(at, to)].join('');
}

function emptyFindings(prompt: string): readonly Finding[] {
  if (!isEmptyPrompt(prompt)) return [];
  const language = messageLanguage(prompt);
  const message = 'The prompt is empty: say what is to be seen (提示词为空，请写出想看到的画面)';
  return [{ kind: 'empty', from: 0, to: prompt.length, message, rewrite: SAFE_PROMPT[language] }];
}

function tooLongFindings(prompt: string): readonly Finding[] {
  if (prompt.length <= PROMPT_LIMIT_CHARACTERS) return [];
  // A pair of surrogates is never torn apart.
  const isInsidePair =
    /^[\udc00-\udfff]/.test(prompt.charAt(PROMPT_LIMIT_CHARACTERS)) &&
    /[\ud800-\udbff]$/.test(prompt.charAt(PROMPT_LIMIT_CHARACTERS - 1));
  const from = isInsidePair ? PROMPT_LIMIT_CHARACTERS - 1 : PROMPT_LIMIT_CHARACTERS;
  const message = {
    en: `Only the first ${PROMPT_LIMIT_CHARACTERS} characters are read`,
    zh: `超过 ${PROMPT_LIMIT_CHARACTERS} 个字符的部分不会被读取`,
  }[messageLanguage(prompt)];
  return [{ kind: 'too-long', from, to: prompt.length, message, rewrite: '' }];
}

/** Of a prompt that is too long the last whole phrase: where it is cut, no sentence breaks off. */
function readPart(prompt: string): string {
  if (prompt.length <= PROMPT_LIMIT_CHARACTERS) return prompt;
  const read = prompt.slice(0, PROMPT_LIMIT_CHARACTERS);
  const end = Math.max(...['。', '，', '. ', ', ', '\n'].map((mark) => read.lastIndexOf(mark)));
  return end > 0 ? read.slice(0, end + 1) : read;
}

/** Everything that is said of words: they are read as they are seen, and only as far as they are read at all. */
function wordFindings(prompt: string, vocabulary: Vocabulary): readonly Finding[] {
  const visible = visibleText(readPart(prompt));
  const language = languageOf(visible.text);
  const spoken = language === 'zh' ? 'zh' : 'en';
  const findings: Finding[] = [];
  for (const { kind, rule, unless } of rulesFor(language, vocabulary)) {
    if (findings.some((one) => unless.includes(one.kind))) continue;
    for (const { from, to, reason, rewrite } of cureEach(limited(rule), visible.text, SAFE_PROMPT[spoken])) {
      const span = typedSpan(visible, { from, to }, prompt);
      // Two flaws may call for the same cure of the whole: it is offered once.
      if (findings.some((one) => one.kind === kind && one.from === span.from)) continue;
      findings.push({ kind, ...span, message: reason[spoken], rewrite });
    }
  }
  return findings;
}

const limited =
  (rule: Rule): Rule =>
  (text) =>
    rule(text).slice(0, FINDINGS_PER_KIND);

/** A rewrite of the whole takes what is beyond the read part with it. */
function typedSpan(visible: VisibleText, span: Span, prompt: string): Span {
  const isWhole = span.from === 0 && span.to === visible.text.length;
  return isWhole ? { from: 0, to: prompt.length } : visible.typed(span);
}

/** Japanese writes Han characters too, but the rules are not about it. */
function languageOf(text: string): LanguageName {
  const language = detectLanguage(text);
  const kana = text.match(/[\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  return language === 'zh' && kana * 5 > text.length ? 'other' : language;
}

interface KindRule {
  readonly kind: Kind;
  readonly rule: Rule;
  /** Not asked where one of these was found: it would only say the same in other words. */
  readonly unless: readonly Kind[];
}

function rulesFor(language: LanguageName, vocabulary: Vocabulary): readonly KindRule[] {
  const sensitive: KindRule = { kind: 'sensitive', rule: (text) => sensitiveFlaws(text, vocabulary), unless: [] };
  if (language === 'other') return [sensitive, { kind: 'incomplete', rule: unpairedFlaws, unless: [] }];
  const isChinese = language === 'zh';
  const read = (text: string): Reading => (isChinese ? readChinese(text, vocabulary) : readEnglish(text, vocabulary));
  const subjectless = (text: string): readonly Flaw[] =>
    isChinese ? subjectlessChinese(text, vocabulary) : subjectlessEnglish(text, vocabulary);
  const broken = (text: string): readonly Flaw[] =>
    isChinese ? brokenChinese(text, vocabulary) : brokenEnglish(text, vocabulary);
  return [
    sensitive,
    { kind: 'incomplete', rule: (text) => [...unpairedFlaws(text), ...broken(text)], unless: [] },
    // A sentence that breaks off is mended first; one that is not drawn at all needs no subject.
    { kind: 'incomplete', rule: subjectless, unless: ['sensitive', 'incomplete'] },
    { kind: 'too-dense', rule: (text) => denseFlaws(read(text)), unless: [] },
    {
      kind: 'nested-negation',
      rule: (text) => (isChinese ? nestedChinese(text) : nestedEnglish(text, vocabulary)),
      unless: [],
    },
    {
      kind: 'too-abstract',
      rule: (text) => abstractFlaws(read(text), isChinese ? 'zh' : 'en'),
      unless: ['sensitive', 'incomplete', 'nested-negation'],
    },
    {
      kind: 'vague-simile',
      rule: (text) => (isChinese ? vagueChinese(text, vocabulary) : vagueEnglish(text, vocabulary)),
      unless: [],
    },
  ];
}
