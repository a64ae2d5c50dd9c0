import type { LanguageName } from '../contract/name.ts';

/** Longest prompt that is read, in UTF-16 units: many times what any text encoder takes in. */
export const PROMPT_LIMIT_CHARACTERS = 2_000;

/** Characters below this one are controls (C0). */
const FIRST_PRINTABLE = 0x20;
/** DELETE and the C1 controls. */
const UPPER_CONTROLS = { from: 0x7f, to: 0x9f } as const;
const LAYOUT_CHARACTERS: ReadonlySet<string> = new Set(['\t', '\n', '\r']);

/** Characters that a reader can't see: zero-width, bidirectional overrides, fillers, tags. */
export const hiddenPattern =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\u{e0000}-\u{e007f}]+/gu;

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
  return text.normalize('NFC').replace(hiddenPattern, '').replace(/\s+/gu, ' ').trim();
}

/** By script, not by dictionary: one Han character weighs as much as a short English word. */
export function detectLanguage(text: string): LanguageName {
  const hanCount = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latinWordCount = text.match(/\p{Script=Latin}+/gu)?.length ?? 0;
  if (hanCount === 0 && latinWordCount === 0) return 'other';
  return hanCount >= latinWordCount ? 'zh' : 'en';
}
