import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { plainCaption, widthEm, wrapText } from '../../../app/export/wrap.ts';

describe('wrapText', () => {
  it('breaks English between words', () => {
    expect(wrapText('a red fox runs', 4, 9).lines).toEqual(['a red', 'fox runs']);
  });

  it('breaks Chinese between characters, and punctuation stays with what it closes', () => {
    expect(wrapText('猫在沙滩上，追气球。', 5, 9).lines).toEqual(['猫在沙滩', '上，追气', '球。']);
  });

  it('cuts a word that is longer than a line', () => {
    expect(wrapText('x'.repeat(40), 5, 99).lines.length).toBeGreaterThan(3);
  });

  it('ends in an ellipsis where the text was cut', () => {
    const { lines, isWhole } = wrapText('one two three four five six seven', 4, 2);
    expect(isWhole).toBe(false);
    expect(lines).toHaveLength(2);
    expect(lines.at(-1)).toMatch(/…$/);
  });

  it('never makes a line wider than the limit by more than clinging punctuation, and loses no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (raw) => {
        const text = plainCaption(raw);
        const { lines, isWhole } = wrapText(text, 12, 1_000);
        expect(isWhole).toBe(true);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        for (const line of lines) expect(widthEm(line.replace(/[^\p{L}\p{N}]/gu, ''))).toBeLessThanOrEqual(12.001);
      }),
    );
  });
});

describe('plainCaption', () => {
  it.each([
    ['a\nb\tc\u0007d', 'a b c d'],
    ['fox 🦊👨‍👩‍👧 runs', 'fox runs'],
    ['\u202Eevil\u200B', 'evil'],
    ['\ud800lone', 'lone'],
    ['  ', ''],
    ['🎈', ''],
  ])('%j becomes %j', (from, to) => {
    expect(plainCaption(from)).toBe(to);
  });
});
