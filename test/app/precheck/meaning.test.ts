import { describe, expect, it } from 'vitest';

import { precheckPrompt } from '../../../app/precheck/precheck.ts';
import { vocabulary } from './lexicon.ts';

const kindsOf = (prompt: string): readonly string[] =>
  precheckPrompt(prompt, vocabulary).findings.map(({ kind }) => kind);

const isListed = (word: string): boolean =>
  ['abstract', 'visible', 'generic'].some((list) => vocabulary.zhLists.has(list, word));

/** None of these nouns is in a list that was typed by hand: the dictionaries' table alone knows them. */
describe('what a Chinese noun means', () => {
  it.each(['边界', '志向', '前途', '权势'])('%s is an idea, and no picture', (word) => {
    expect(isListed(word)).toBe(false);
    expect(kindsOf(`一种${word}`)).toEqual(['too-abstract']);
  });
  it.each(['摄像机', '邮局', '漩涡', '身份证'])('%s is a thing that a camera can show', (word) => {
    expect(isListed(word)).toBe(false);
    expect(kindsOf(`一个${word}`)).toEqual([]);
  });
  it('lets whose look or voice it is be seen, but not whose dream', () => {
    expect(kindsOf('他的目光')).toEqual([]);
    expect(kindsOf('他的梦想')).toEqual(['too-abstract']);
  });
});
