import fc from 'fast-check';
import { expect, it } from 'vitest';

import { paintBackdrop } from '../../../app/export/backdrop.ts';
import { captionScript } from '../../../app/export/caption.ts';

const size = { widthPx: 1280, heightPx: 720 };
const captionLine = (script: string): string => script.split('\n').find((line) => line.includes(',Caption,')) ?? '';

it('always says what the clip is, in both languages', () => {
  expect(captionScript('', size)).toContain('Fallback clip / 替代片段');
});

it('gives no word of the prompt the power of a command', () => {
  const line = captionLine(captionScript('{\\fs200}big\\Nnew {\\p1}', size));
  expect(line.replace(/^[^}]*}/, '')).not.toMatch(/[{}]|\\(?!N)/);
});

it('takes any text: one line for each style, never a broken script', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const script = captionScript(text, size);
      expect(script.isWellFormed()).toBe(true);
      expect(script.split('\n').filter((line) => line.startsWith('Dialogue:')).length).toBeLessThanOrEqual(6);
    }),
  );
});

it('shrinks a long caption before it cuts it', () => {
  const sizeOf = (text: string): number =>
    Number(/Style: Caption,[^,]+,(\d+)/.exec(captionScript(text, size))?.[1] ?? 0);
  expect(sizeOf('fox')).toBeGreaterThan(sizeOf('a long sentence about a fox '.repeat(8)));
});

it('paints a dark picture that moves slowly and comes back to where it began', () => {
  const small = { widthPx: 64, heightPx: 36 };
  const frames = [0, 1, 8, 16].map((frame) => paintBackdrop(frame, 16, small));
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
