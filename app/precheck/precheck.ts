import type { Finding, PrecheckReport } from '../contract/report.ts';
import { detectLanguage, isEmptyPrompt, PROMPT_LIMIT_CHARACTERS } from '../prompt/clean.ts';
import { hiddenSpans, visibleText, type Span, type VisibleText } from '../prompt/hidden.ts';
import { cureEach, FINDINGS_PER_KIND } from './flaw.ts';
import { flawsIn, languageOf } from './rules.ts';
import { safeModePlan } from './safe-mode.ts';
import { verdictOf } from './verdict.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A prompt that no rule finds anything in: what is offered where nothing of the prompt can be kept. */
export const SAFE_PROMPT = { en: 'A small cat walks in a park', zh: '一只小猫在公园里散步' } as const;

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
  // From the end of the last whole phrase: what is left does not break off.
  const from = readPart(prompt).length;
  const message = {
    en: `Only the first ${PROMPT_LIMIT_CHARACTERS} characters are read`,
    zh: `超过 ${PROMPT_LIMIT_CHARACTERS} 个字符的部分不会被读取`,
  }[messageLanguage(prompt)];
  return [{ kind: 'too-long', from, to: prompt.length, message, rewrite: '' }];
}

/** Of a prompt that is too long the last whole phrase: where it is cut, no sentence breaks off. */
function readPart(prompt: string): string {
  if (prompt.length <= PROMPT_LIMIT_CHARACTERS) return prompt;
  // A pair of surrogates is never torn apart.
  const read = prompt.slice(0, PROMPT_LIMIT_CHARACTERS).replace(/[\ud800-\udbff]$/, '');
  const end = Math.max(...['。', '，', '. ', ', ', '\n'].map((mark) => read.lastIndexOf(mark)));
  return end > 0 ? read.slice(0, end + 1) : read;
}

/** Everything that is said of words: they are read as they are seen, and only as far as they are read at all. */
function wordFindings(prompt: string, vocabulary: Vocabulary): readonly Finding[] {
  const visible = visibleText(readPart(prompt));
  const spoken = languageOf(visible.text) === 'zh' ? 'zh' : 'en';
  const findings: Finding[] = [];
  for (const { kind, from, to, reason, rewrite } of cureEach(
    (text) => flawsIn(text, vocabulary),
    visible.text,
    SAFE_PROMPT[spoken],
  )) {
    const span = typedSpan(visible, { from, to }, prompt);
    // Two flaws may call for the same cure of the whole: it is offered once.
    if (findings.some((one) => one.kind === kind && one.from === span.from && one.to === span.to)) continue;
    findings.push({ kind, ...span, message: reason[spoken], rewrite });
  }
  return findings;
}

/** A rewrite of the whole takes what is beyond the read part with it. */
function typedSpan(visible: VisibleText, span: Span, prompt: string): Span {
  const isWhole = span.from === 0 && span.to === visible.text.length;
  return isWhole ? { from: 0, to: prompt.length } : visible.typed(span);
}
