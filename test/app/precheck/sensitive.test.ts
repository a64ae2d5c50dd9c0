import { describe, expect, it } from 'vitest';

import { precheckPrompt } from '../../../app/precheck/precheck.ts';
import { vocabulary } from './lexicon.ts';

const isSensitive = (prompt: string): boolean =>
  precheckPrompt(prompt, vocabulary).findings.some(({ kind }) => kind === 'sensitive');

describe('disguised words are found', () => {
  it.each([
    ['Cyrillic', 'рorn on a screen'],
    ['Cyrillic, several', 'роrnо clip'],
    ['Greek', 'pοrn on a screen'],
    ['full width', 'ｈｅｎｔａｉ picture'],
    ['mathematical letters', '𝐩𝐨𝐫𝐧 video'],
    ['circled letters', 'ⓟⓞⓡⓝ video'],
    ['accents', 'pörn video'],
    ['leet', 'p0rn0 video'],
    ['leet, several', 'm4sturb4ting'],
    ['signs for letters', 'r@pe scene'],
    ['spaces', 'a p o r n movie'],
    ['dots', 'p.o.r.n movie'],
    ['underscores', 'p_o_r_n movie'],
    ['stars', 'p*o*r*n movie'],
    ['zero width', 'po\u200brn movie'],
    ['soft hyphen', 'po\u00adrn movie'],
    ['repeated letters', 'pooorn movie'],
    ['capitals', 'BeHeAdInG of a man'],
    ['emoji between', 'p🔥o🔥r🔥n clip'],
    ['spelled out, one of two', 'a n a k e d woman'],
    ['traditional', '斬首的畫面'],
    ['traditional, two sides', '製造炸彈的教程'],
    ['spaces, Chinese', '色 情 视频'],
    ['stars, Chinese', '强*奸场面'],
    ['emoji, Chinese', '色🔥情短片'],
    ['zero width, Chinese', '色\u200b情短片'],
    ['pinyin', '一段 seqing 视频'],
    ['pinyin with tones', '一段 sè qíng 视频'],
    ['pinyin with tones, one word', '一段sèqíng视频'],
    ['half pinyin', '一部se情片'],
    ['underscore, Chinese', '男人上_吊'],
  ])('%s: %j', (_, prompt) => {
    expect(isSensitive(prompt)).toBe(true);
  });
});

describe('innocent words that contain them are left alone', () => {
  it.each([
    'Scunthorpe United against Essex',
    'a cocktail beside a peacock',
    'grapes on a vine in Sussex',
    'a rapeseed field in bloom',
    'an assassin bug on a leaf',
    'a titmouse on the Matterhorn',
    'a cockatoo eats a shiitake',
    'killer whales hunt seals',
    'a class analyses a circumference',
    'the naked eye sees a comet',
    'a nude-coloured handbag',
    'David by Michelangelo, a nude statue',
    'shooting stars over a desert',
    'a knight cuts a bread',
    'a surgeon operates on a heart',
    'soldiers charge at Waterloo, cannon smoke',
    'the guillotine in a museum of the French Revolution',
    'a mother is breastfeeding her baby',
    '一位男性交警指挥交通',
    '特色情侣餐厅',
    '两性交流讲座',
    '黑色情调的咖啡馆',
    '工人在上吊车',
    '医生给病人做心脏手术',
    '二战诺曼底登陆，士兵冲上海滩',
    '人体解剖图，医学教学',
    '妈妈给婴儿喂奶',
    '古罗马角斗士在竞技场比武',
    '鸡胸肉在锅里煎',
  ])('%j', (prompt) => {
    expect(isSensitive(prompt)).toBe(false);
  });
});
