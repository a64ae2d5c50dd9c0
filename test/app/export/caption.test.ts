import fc from 'fast-check';
import { expect, it } from 'vitest';

import { whole } from '../../../app/base/work.ts';
import { standInKinds } from '../../../app/contract/list.ts';
import type { StandInKind } from '../../../app/contract/stand-in.ts';
import { paintBackdrop, paletteOf } from '../../../app/export/backdrop.ts';
import { captionScript, markScript } from '../../../app/export/caption.ts';
import { gradeNames } from '../../../app/contract/list.ts';

const size = { widthPx: 1280, heightPx: 720 };
const brandOf = (text: string) => ({ name: text, text, colour: '#3c7dd9' });
const wordsOf = (caption: string, kind: StandInKind = 'time-lapse') => ({ kind, caption, brand: brandOf(caption) });
const captionLine = (script: string): string => script.split('\n').find((line) => line.includes(',Caption,')) ?? '';

it('says on every clip that is not what was asked for what it is, in both languages, and on no other', () => {
  const marked = gradeNames.filter((grade) => markScript(grade, size) !== null);
  expect(marked).toEqual(['still', 'template', 'fallback']);
  for (const grade of marked) expect(markScript(grade, size)).toMatch(/Stand-in.* \/ 替代片段/);
});

it('gives no word of the prompt the power of a command', () => {
  const line = captionLine(captionScript(wordsOf('{\\fs200}big\\Nnew {\\p1}'), size));
  expect(line.replace(/^[^}]*}/, '')).not.toMatch(/[{}]|\\(?!N)/);
});

it('takes any text: one line for each style, never a broken script', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.constantFrom(...standInKinds), (text, kind) => {
      const script = captionScript(wordsOf(text, kind), size);
      expect(script.isWellFormed()).toBe(true);
      expect(script.split('\n').filter((line) => line.startsWith('Dialogue:')).length).toBeLessThanOrEqual(6);
    }),
  );
});

it('shrinks a long caption before it cuts it', () => {
  const sizeOf = (text: string): number =>
    Number(/Style: Caption,[^,]+,(\d+)/.exec(captionScript(wordsOf(text), size))?.[1] ?? 0);
  expect(sizeOf('fox')).toBeGreaterThan(sizeOf('a long sentence about a fox '.repeat(8)));
});

it('paints a dark picture that moves slowly and comes back to where it began', () => {
  const small = { widthPx: 64, heightPx: 36 };
  const frames = [0, 1, 8, 16].map((frame) => whole(paintBackdrop(frame, 16, small)));
  const [first, second, half, again] = frames;
  const meanOf = (rgb: Uint8Array): number => rgb.reduce((sum, value) => sum + value, 0) / rgb.length;
  const distance = (a: Uint8Array, b: Uint8Array): number =>
    a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;
  if (!first || !second || !half || !again) throw new Error('four frames');
  expect(meanOf(first)).toBeLessThan(70);
  expect(distance(first, second)).toBeGreaterThan(0);
  expect(distance(first, second)).toBeLessThan(distance(first, half));
  expect(again).toEqual(first);
});

it('is dark enough for light words in any brand colour', () => {
  const channel = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.tuple(channel, channel, channel), (colour) => {
      const rgb = whole(paintBackdrop(1, 4, { widthPx: 32, heightPx: 18 }, paletteOf(colour)));
      const luma = (at: number): number =>
        0.2126 * (rgb[at] ?? 0) + 0.7152 * (rgb[at + 1] ?? 0) + 0.0722 * (rgb[at + 2] ?? 0);
      for (let at = 0; at < rgb.length; at += 3) expect(luma(at)).toBeLessThan(100);
    }),
  );
});
