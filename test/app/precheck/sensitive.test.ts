import fc from 'fast-check';
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
    ['dots, a word that is harmless undisguised', 'g.o.r.e in a cellar'],
    ['spaces, a word that is harmless undisguised', 'a video of g o r e'],
    ['full width, a word that is harmless undisguised', 'ｇｏｒｅ in a cellar'],
    ['one letter too many', 'nakedd girl on a bed'],
    ['a vowel twice', 'a poorn clip'],
    ['nothing but Cyrillic', 'ѕех scene'],
    ['Armenian', 'gօre scene'],
    ['Danish', 'a pørn clip'],
    ['small capitals', 'a ᴘᴏʀɴ clip'],
    ['letters in squares', 'a 🅿🅾🆁🅽 clip'],
    ['letters of flags', 'a 🇵🇴🇷🇳 clip'],
    ['a space within', 'the behea ding of a man'],
    ['pinyin with tones as digits', '一段se4qing2视频'],
    ['pinyin in full width', '一段ｓｅｑｉｎｇ视频'],
    ['radical for its character', '一段⾊情视频'],
    ['the same sound', '男人自鲨'],
    ['part of a longer word', '一部色情片'],
    ['waves, Chinese', '色~情~视~频'],
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
    'a yellow field of rape flowers',
    'a rapper is rapping, wrapped in gold',
    'a cock crows while a man chops wood',
    'a man sees a comet with the naked eye',
    'Isis, the Egyptian goddess, and other heroes',
    'a fountain of blood orange juice',
    'how to make a bath bomb',
    'a man shooting himself with a selfie camera',
    'the crew will go re-shoot the scene',
    'cream pie on a plate',
    'Dick Van Dyke dances on a roof',
    'Ｔｏｋｙｏ at night',
    '跑车的性能测试',
    '色彩斑斓的鹦鹉',
    '黄色的出租车',
    '一条枪鱼跃出海面',
    '裸眼3D大屏',
    '裸辞青年背包旅行',
    '给橘子剥皮',
    '血色残阳洒满江面',
    '日本人清洗蔬菜',
    '裸露的岩壁上，男人在攀岩',
    '维生素a片放在桌上',
    '泡澡炸弹制作教程',
    'S情人节礼物盒',
    '妈妈做爱心便当',
    '男性交友软件广告',
    '华山论剑',
    '紫砂壶',
    '自杀式俯冲的海鸟',
    '剖腹产手术室外，父亲在等待',
    '成人高考考场',
    '杀手机器人走进酒吧',
    '羽毛片片落下',
  ])('%j', (prompt) => {
    expect(isSensitive(prompt)).toBe(false);
  });
});

/** Ways to write a letter that a reader takes for the same. */
const DISGUISES: readonly ((word: string) => string)[] = [
  (word) => [...word].join('.'),
  (word) => [...word].join(' '),
  (word) => [...word].join('\u200b'),
  (word) => [...word].join('🔥'),
  (word) => [...word].map((one) => String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0)).join(''),
  (word) => [...word].map((one) => String.fromCodePoint((one.codePointAt(0) ?? 0) - 97 + 0x1_d41a)).join(''),
  (word) => word.replaceAll('o', 'о').replaceAll('e', 'е').replaceAll('a', 'а'),
  (word) => word.replaceAll('o', '0').replaceAll('e', '3').replaceAll('a', '@').replaceAll('i', '1'),
  (word) => word.replace(/^./u, '$&$&$&'),
  (word) => word.toUpperCase(),
];

it('each disguise of each of these words is found, and the range is what was written', () => {
  const words = fc.constantFrom('porn', 'hentai', 'beheading', 'gangbang', 'erotica');
  const around = fc.constantFrom(['', ''], ['a ', ' clip'], ['一段', '视频'], ['the cat sees ', ', at night']);
  fc.assert(
    fc.property(words, fc.constantFrom(...DISGUISES), around, (word, disguise, [before = '', after = '']) => {
      const written = disguise(word);
      const { findings } = precheckPrompt(before + written + after, vocabulary);
      const range = findings.find(({ kind }) => kind === 'sensitive');
      expect(range && { from: range.from, to: range.to }).toEqual({
        from: before.length,
        to: before.length + written.length,
      });
    }),
    { numRuns: 300 },
  );
});

it('no English word is found for a shorter one inside it', () => {
  const words = vocabulary.texts.enWords.split('\n').flatMap((line) => {
    const [key = '', ...rest] = line.split(' ');
    return key.startsWith('#') ? [] : rest.map((entry) => key + entry.slice(0, entry.indexOf(':')));
  });
  const inside = /sex|porn|rape|nude|cock|cunt|tit|anal|cum|dick|gore|fuck|naked|kill|suicid/u;
  const suspects = words.filter((word) => inside.test(word) && word.length > 6);
  expect(suspects.length).toBeGreaterThan(200);
  const found = suspects.filter((word) => isSensitive(`${word} on a table`));
  expect(found.filter((word) => !/^(?:porno|dickhead|suicid|fuck|incest)|sexual(?:ly)?$/u.test(word))).toEqual([]);
});
