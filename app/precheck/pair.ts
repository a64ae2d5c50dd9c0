import type { Flaw } from './flaw.ts';

const CLOSER_OF: ReadonlyMap<string, string> = new Map([
  ['(', ')'], ['[', ']'], ['{', '}'], ['（', '）'], ['【', '】'], ['「', '」'], ['『', '』'], ['《', '》'], ['“', '”'],
]); // prettier-ignore
const CLOSERS: ReadonlySet<string> = new Set(CLOSER_OF.values());
const IS_SMILEY = /[:;=8xX]-?$/;
/** 5" is a length. */
const IS_LENGTH = /\d$/;

/** Quotation marks and brackets that have no partner; a range ends where its phrase does. */
export function unpairedFlaws(text: string): readonly Flaw[] {
  const open: { readonly mark: string; readonly at: number }[] = [];
  const alone: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const mark = text.charAt(at);
    const before = text.slice(Math.max(0, at - 2), at);
    if (mark === '"') {
      const opened = open.findLastIndex((one) => one.mark === '"');
      if (opened >= 0) open.splice(opened, 1);
      else if (!IS_LENGTH.test(before)) open.push({ mark, at });
    } else if (CLOSER_OF.has(mark) && !IS_SMILEY.test(before)) open.push({ mark, at });
    else if (CLOSERS.has(mark) && !IS_SMILEY.test(before)) {
      const opened = open.findLastIndex((one) => CLOSER_OF.get(one.mark) === mark);
      // 1) a numbered list, ”…“ turned around: a closer that nothing opened.
      if (opened >= 0) open.splice(opened, 1);
      else if (!/(?:^|\s)\d{1,2}$|(?:^|\s)\w$/.test(text.slice(Math.max(0, at - 3), at))) alone.push(at);
    }
  }
  const reason = (mark: string): Flaw['reason'] => ({
    en: `${mark} has no partner`,
    zh: `${mark} 没有配对`,
  });
  return [
    ...open.map(({ mark, at }): Flaw => {
      const end = phraseEnd(text, at + 1);
      const inside = text.slice(at, end);
      const closer = CLOSER_OF.get(mark) ?? mark;
      return { from: at, to: end, reason: reason(mark), candidates: [inside + closer, inside.slice(1)] };
    }),
    ...alone.map((at): Flaw => ({ from: at, to: at + 1, reason: reason(text.charAt(at)), candidates: [''] })),
  ].toSorted((a, b) => a.from - b.from);
}

function phraseEnd(text: string, from: number): number {
  const length = text.slice(from).search(/[，。；！？,;!?\n]|\.(?:\s|$)/);
  const end = length < 0 ? text.length : from + length;
  return from + text.slice(from, end).trimEnd().length;
}
