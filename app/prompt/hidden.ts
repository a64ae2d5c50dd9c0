/** A range of UTF-16 positions. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Zero-width characters, bidirectional controls, fillers and tags; controls that no keyboard types; halves of surrogate
 * pairs. None of them is seen, all of them change what a model reads.
 */
const INVISIBLE =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|\p{Surrogate}/u;
/** Strokes drawn over a letter, or more than two marks on one: no language writes so. */
const ZALGO =
  /[\u0334-\u0338\u0488\u0489\u20d0-\u20e1\u20e5-\u20f0]|(?<=[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff]{2})[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff]/u;
const HIDDEN = new RegExp(`(?:${INVISIBLE.source}|${ZALGO.source})+`, 'gu');

/** Joined emoji, flags of regions, keycaps, and joiners between letters of scripts that need them: seen, or rightly unseen. */
const JOINED =
  /\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)+|\u{1f3f4}[\u{e0061}-\u{e007a}\u{e0030}-\u{e0039}]{2,6}\u{e007f}|[\p{Extended_Pictographic}#*0-9][\ufe0e\ufe0f]|\p{Script=Han}[\ufe00-\ufe0e\u{e0100}-\u{e01ef}]|(?<=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Mongolian}\p{M}])[\u200c\u200d\u180b-\u180f](?=\p{L})/gu;

/** Everything in a text that can't be seen and shouldn't be there, in order. */
export function hiddenSpans(text: string): readonly Span[] {
  const allowed = new Set<number>();
  for (const match of text.matchAll(JOINED))
    for (let i = match.index; i < match.index + match[0].length; i += 1) allowed.add(i);
  const spans: { from: number; to: number }[] = [];
  for (const match of text.matchAll(HIDDEN)) {
    for (let i = match.index; i < match.index + match[0].length; i += 1) {
      if (allowed.has(i)) continue;
      const last = spans.at(-1);
      if (last?.to === i) last.to = i + 1;
      else spans.push({ from: i, to: i + 1 });
    }
  }
  return spans;
}

/** A text as it is seen, and the way back from its positions to those of the text as it was typed. */
export interface VisibleText {
  readonly text: string;
  /** The span of the typed text that shows as this one; hidden characters inside belong to it. */
  typed(span: Span): Span;
}

/** Never splits a surrogate pair: a half by itself is hidden, a whole one is never cut. */
export function visibleText(typed: string): VisibleText {
  const hidden = hiddenSpans(typed);
  if (hidden.length === 0) return { text: typed, typed: (span) => span };
  const positions: number[] = [];
  let at = 0;
  for (const { from, to } of [...hidden, { from: typed.length, to: typed.length }]) {
    for (; at < from; at += 1) positions.push(at);
    at = to;
  }
  const text = positions.map((position) => typed.charAt(position)).join('');
  return {
    text,
    typed: ({ from, to }) => ({
      from: positions[from] ?? typed.length,
      to: to > from ? (positions[to - 1] ?? typed.length - 1) + 1 : (positions[from] ?? typed.length),
    }),
  };
}
