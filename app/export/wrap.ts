/** A line of text and how wide it is, in em: a Chinese character is 1, a Latin letter about a half. */
export interface WrappedText {
  readonly lines: readonly string[];
  /** False when the text was cut to fit; its last line then ends in an ellipsis. */
  readonly isWhole: boolean;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u;
/** Closing punctuation never begins a line, opening punctuation never ends one. */
const CLINGS_BACK = /^[,.;:!?)\]}»”’…、。，．；：！？）】》」』〉％%]/u;
const CLINGS_ON = /[([{«“‘（【《「『〈]$/u;
const ELLIPSIS = '…';

function characterEm(character: string): number {
  if (WIDE.test(character)) return 1;
  if (/[iljtfr.,:;'!|()[\] ]/.test(character)) return 0.32;
  if (/[mwMW@]/.test(character)) return 0.88;
  return /[A-Z0-9]/.test(character) ? 0.64 : 0.56;
}

export const widthEm = (text: string): number => Array.from(text).reduce((sum, one) => sum + characterEm(one), 0);

/**
 * Text without what a caption can't show: control and format characters, line breaks, and pictographs, for which the
 * caption's font has no glyphs.
 */
export const plainCaption = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Extended_Pictographic}\p{Regional_Indicator}\u{1f3fb}-\u{1f3ff}\u{fe0f}\u{20e3}]/gu, '')
    .replace(/[\p{Cf}\p{Co}\p{Cn}\ufffd]/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();

/** Pieces that may be parted from one another: words with their spaces, single Chinese characters, long words cut. */
function pieces(text: string, limitEm: number): readonly string[] {
  const found: string[] = [];
  const push = (piece: string): void => {
    const last = found.at(-1);
    if (last !== undefined && (CLINGS_BACK.test(piece) || CLINGS_ON.test(last))) found[found.length - 1] = last + piece;
    else found.push(piece);
  };
  for (const word of text.match(/\S+\s*/gu) ?? []) {
    let run = '';
    for (const character of Array.from(word)) {
      const isWide = WIDE.test(character);
      const hasOwnPiece = isWide || widthEm(run + character) > limitEm;
      if (hasOwnPiece && run !== '') {
        push(run);
        run = '';
      }
      if (isWide) push(character);
      else run += character;
    }
    if (run !== '') push(run);
  }
  return found;
}

/** Break `text` into at most `lineLimit` lines of at most `limitEm`, between words or Chinese characters. */
export function wrapText(text: string, limitEm: number, lineLimit: number): WrappedText {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces(text, limitEm)) {
    if (line !== '' && widthEm((line + piece).trimEnd()) > limitEm) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  if (lines.length <= lineLimit) return { lines, isWhole: true };
  const kept = lines.slice(0, lineLimit);
  const last = Array.from(kept.at(-1) ?? '');
  while (last.length > 0 && widthEm(last.join('') + ELLIPSIS) > limitEm) last.pop();
  return { lines: [...kept.slice(0, -1), last.join('').trimEnd() + ELLIPSIS], isWhole: false };
}
