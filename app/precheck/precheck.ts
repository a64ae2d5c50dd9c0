import type { Finding, PrecheckReport } from '../contract/report.ts';
import { cleanPrompt, detectLanguage, hiddenPattern, PROMPT_LIMIT_CHARACTERS } from '../prompt/clean.ts';

/**
 * What can be said of a prompt before any model runs. A finding's range is in the text as typed; its rewrite replaces
 * that range and clears the finding.
 */
export function precheckPrompt(prompt: string): PrecheckReport {
  const isChinese = detectLanguage(prompt) === 'zh';
  const findings: Finding[] = [];
  for (const match of prompt.matchAll(hiddenPattern)) {
    const count = [...match[0]].length;
    findings.push({
      kind: 'hidden-characters',
      from: match.index,
      to: match.index + match[0].length,
      message: isChinese
        ? `这里有 ${count} 个看不见的字符`
        : `${count} character${count === 1 ? '' : 's'} here can't be seen`,
      rewrite: '',
    });
  }
  if (cleanPrompt(prompt) === '')
    findings.push({
      kind: 'empty',
      from: 0,
      to: prompt.length,
      message: 'The prompt is empty: say what is to be seen (提示词为空)',
      rewrite: 'A small cat walks to the right in a park',
    });
  if (prompt.length > PROMPT_LIMIT_CHARACTERS)
    findings.push({
      kind: 'too-long',
      from: PROMPT_LIMIT_CHARACTERS,
      to: prompt.length,
      message: isChinese
        ? `超过 ${PROMPT_LIMIT_CHARACTERS} 个字符的部分不会被读取`
        : `Only the first ${PROMPT_LIMIT_CHARACTERS} characters are read`,
      rewrite: '',
    });
  const isBlocked = findings.some(({ kind }) => kind === 'empty' || kind === 'too-long');
  return { verdict: isBlocked ? 'blocked' : findings.length > 0 ? 'warn' : 'ok', findings };
}
