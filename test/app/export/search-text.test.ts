import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { excerptOf, indexedText, matchQuery } from '../../../app/export/search-text.ts';

describe('a query', () => {
  it.each([
    ['panda', '"panda" *'],
    ['red panda', '"red" * AND "panda" *'],
    ['熊猫', '"熊 猫" *'],
    ['熊猫 snow', '"熊 猫" * AND "snow" *'],
    ['wan-mini', '"wan mini" *'],
    ['" OR 1=1 --', '"OR" * AND "1 1" *'],
    ['NEAR(a b)', '"NEAR a" * AND "b" *'],
    ['   ', null],
    ['"*^:()', null],
  ])('of %j is %j', (text, expected) => expect(matchQuery(text)).toBe(expected));

  it('never holds syntax of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(matchQuery(text) ?? '"a" *').toMatch(/^"[\p{L}\p{N}\p{M} ]+" \*( AND "[\p{L}\p{N}\p{M} ]+" \*)*$/u);
      }),
    );
  });
});

it('puts signs of unspaced scripts apart and leaves words alone', () => {
  expect(indexedText('一只panda走').trim().split(/\s+/)).toEqual(['一', '只', 'panda', '走']);
});

describe('an excerpt', () => {
  it('shows what was found, with its surroundings', () => {
    const { excerpt, marks } = excerptOf(`${'word '.repeat(40)}a Red panda${' more'.repeat(80)}`, 'red PANDA');
    expect(excerpt.length).toBeLessThanOrEqual(201);
    expect(marks.map(({ from, to }) => excerpt.slice(from, to))).toEqual(['Red', 'panda']);
  });

  it('marks Chinese, and words that were typed with signs between them', () => {
    const found = excerptOf('雪中的熊猫，wan mini', '熊猫 wan-mini');
    expect(found.marks.map(({ from, to }) => found.excerpt.slice(from, to))).toEqual(['熊猫', 'wan', 'mini']);
  });

  it('has marks inside of itself, in order, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ maxLength: 20 }), (text, query) => {
        const { excerpt, marks } = excerptOf(text, query);
        let last = 0;
        for (const { from, to } of marks) {
          expect(from).toBeGreaterThanOrEqual(last);
          expect(to).toBeGreaterThan(from);
          last = to;
        }
        expect(last).toBeLessThanOrEqual(excerpt.length);
      }),
    );
  });
});
