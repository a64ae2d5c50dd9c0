import type { LanguageName } from '../contract/name.ts';
import { visibleText } from './hidden.ts';

/** Longest prompt that is read, in UTF-16 units: many times what any text encoder takes in. */
export const PROMPT_LIMIT_CHARACTERS = 2_000;

/** Characters below this one are controls (C0). */
const FIRST_PRINTABLE = 0x20;
/** DELETE and the C1 controls. */
const UPPER_CONTROLS = { from: 0x7f, to: 0x9f } as const;
const LAYOUT_CHARACTERS: ReadonlySet<string> = new Set(['\t', '\n', '\r']);

/** Control characters other than tab and line ends: no keyboard types them, and they mean nothing to a model. */
export function hasControlCharacters(text: string): boolean {
  return [...text].some(isControl);
}

function isControl(character: string): boolean {
  const code = character.charCodeAt(0);
  if (code >= FIRST_PRINTABLE) return code >= UPPER_CONTROLS.from && code <= UPPER_CONTROLS.to;
  return !LAYOUT_CHARACTERS.has(character);
}

/** The text as the model reads it: composed form, nothing hidden, single spaces. */
export function cleanPrompt(text: string): string {
  return visibleText(text.normalize('NFC')).text.replace(/\s+/gu, ' ').trim();
}

/** Nothing that means anything: no letter, no digit, no picture character. */
export function isEmptyPrompt(prompt: string): boolean {
  const hasMeaning = (text: string): boolean => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(cleanPrompt(text));
  // The beginning nearly always tells; a pasted book need not be read to its end.
  return !hasMeaning(prompt.slice(0, PROMPT_LIMIT_CHARACTERS)) && !hasMeaning(prompt);
}

/** By script, not by dictionary: one Han character weighs as much as a short English word. */
export function detectLanguage(text: string): LanguageName {
  const hanCount = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latinWordCount = text.match(/\p{Script=Latin}+/gu)?.length ?? 0;
  if (hanCount === 0 && latinWordCount === 0) return 'other';
  return hanCount >= latinWordCount ? 'zh' : 'en';
}
