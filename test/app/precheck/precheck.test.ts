import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findingKinds } from '../../../app/contract/list.ts';
import { precheckReport, type Finding } from '../../../app/contract/report.ts';
import { parseLabelled } from '../../../app/precheck/evaluate.ts';
import { precheckPrompt, SAFE_PROMPT } from '../../../app/precheck/precheck.ts';
import { rootFolder } from '../../guard/source.ts';
import { vocabulary } from './lexicon.ts';

const check = (prompt: string) => precheckPrompt(prompt, vocabulary);
const ofKind = (kind: Finding['kind'], prompt: string): readonly Finding[] =>
  check(prompt).findings.filter((finding) => finding.kind === kind);
const kindsOf = (prompt: string): readonly string[] => [...new Set(check(prompt).findings.map(({ kind }) => kind))];
const apply = (text: string, { from, to, rewrite }: Finding): string => text.slice(0, from) + rewrite + text.slice(to);

/** The prompt after every finding of a kind was accepted, one after the other. */
function accept(kind: Finding['kind'], prompt: string): string {
  let text = prompt;
  for (let round = 0; round < 60; round += 1) {
    const [finding] = ofKind(kind, text);
    if (!finding) return text;
    text = apply(text, finding);
  }
  throw new Error(`${kind} never ends in ${JSON.stringify(prompt)}`);
}

describe('rewrites', () => {
  it.each<[Finding['kind'], string, string]>([
    ['incomplete', 'walking slowly', 'A person walking slowly'],
    ['incomplete', '在公园里', '一个人站在公园里'],
    ['incomplete', 'a cat and', 'a cat'],
    ['incomplete', 'a sign that says "open all night', 'a sign that says "open all night"'],
    ['incomplete', '一辆红色的', '一辆红色的汽车'],
    ['nested-negation', 'a room that is not without light', 'a room that is with light'],
    ['nested-negation', "there is no one who doesn't smile", 'everyone does smile'],
    ['nested-negation', 'there is no guest without a mask', 'every guest with a mask'],
    ['nested-negation', '小狗从来没有不叫的时候', '小狗总有叫的时候'],
    ['incomplete', '火车缓缓驶入', '火车缓缓驶入车站'],
    ['incomplete', '那只受伤的', '那只受伤的小猫'],
    ['incomplete', '站在山顶，望着', '一个人站在山顶，望着远处的大海'],
    ['incomplete', '在一个遥远的', '一个人站在一个遥远的地方'],
    ['vague-simile', '月光如同往事洒在湖面', '月光洒在湖面'],
    ['vague-simile', '她美得像一个梦', '她美极了'],
    ['incomplete', 'because the bridge collapsed', 'The bridge collapsed'],
    ['sensitive', 'a n4ked woman dancing on stage', 'a dressed woman dancing on stage'],
    ['sensitive', '血腥的肢解场面', '暴风雨'],
    ['too-abstract', '专业、诚信、共赢', '几位同事在明亮的办公室里握手，主题：专业、诚信、共赢'],
    ['nested-negation', 'a face that is not unhappy', 'a face that is happy'],
    ['nested-negation', '房间里不是没有光', '房间里有光'],
    ['nested-negation', '没有一个人不在笑', '每一个人都在笑'],
    ['vague-simile', 'a girl as free as the wind', 'a girl'],
    ['vague-simile', '像风一样自由的少女在草原上奔跑', '少女在草原上奔跑'],
    ['vague-simile', '马儿跑得像风一样快', '马儿跑得很快'],
    ['too-abstract', '美好的氛围', '孩子在阳光下的草地上笑着奔跑，美好的氛围'],
    ['hidden-characters', 'a \u202ered\u202c car', 'a red car'],
  ])('%s: %j becomes %j', (kind, prompt, better) => {
    expect(accept(kind, prompt)).toBe(better);
  });

  const words = fc.constantFrom(
    ...['a cat', 'the', ' and ', ' with ', 'not ', 'without ', ' unhappy', 'never ', 'like a dream', ' as free as the wind', ', ', '. ', '"', '(', ')', '\u200b', '\u202e', 'o\u0336', 'porn ', 'p.o.r.n', ' walking ', 'in the park', 'happiness', 'apples, pears, plums, nuts, figs, limes, dates, corn, peas, beans, rice, '],
    ...['猫', '的', '和', '在公园里', '不是没有', '不', '没有', '像风一样', '宛如梦境', '自由', '美好的氛围', '，', '。', '“', '（', '色情', '奔跑', '苹果、梨、桃、李、杏、枣、瓜、虾、蟹、鸡、鸭、鹅、', '一只', '👨‍👩‍👧', '\ud83d', '\udc68'],
  ); // prettier-ignore
  const prompts = fc.oneof(
    fc.array(words, { maxLength: 12 }).map((list) => list.join('')),
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
  );

  it('clear their finding, one after the other, until none of its kind is left', () => {
    fc.assert(
      fc.property(prompts, fc.constantFrom(...findingKinds), (prompt, kind) => {
        expect(ofKind(kind, accept(kind, prompt))).toEqual([]);
      }),
      { numRuns: 1_500 },
    );
  });

  it('have ranges in the text as typed, and a report that fits its schema', () => {
    fc.assert(
      fc.property(prompts, (prompt) => {
        const report = precheckReport.parse(check(prompt));
        for (const { from, to } of report.findings) expect(from <= to && to <= prompt.length).toBe(true);
      }),
      { numRuns: 1_500 },
    );
  });
});

it('of many flaws of one kind in a long text each of the first is mended in its place', () => {
  const prompt = '在雾蒙蒙的森林里，没有一个人不笑，宛如梦境，'.repeat(40);
  const { findings } = check(prompt);
  expect(findings.map(({ kind }) => kind).filter((kind) => kind === 'nested-negation')).toHaveLength(8);
  for (const { from, to } of findings) expect(to - from).toBeLessThan(10);
  const startedMs = performance.now();
  check(prompt);
  // A whole second is far beyond what a busy machine makes of 50 ms; what grew with the square took longer.
  expect(performance.now() - startedMs).toBeLessThan(1_000);
});

describe('every rewrite for every labelled prompt', () => {
  const folder = join(rootFolder, 'test', 'fixture', 'prompt');
  const prompts = readdirSync(folder).flatMap((name) =>
    parseLabelled(readFileSync(join(folder, name), 'utf8')).map(({ prompt }) => prompt),
  );
  const taken = prompts.flatMap((prompt) => {
    const { findings } = check(prompt);
    return findings.map((finding) => ({ prompt, before: findings, finding, better: apply(prompt, finding) }));
  });
  const count = (findings: readonly Finding[], kind: Finding['kind']): number =>
    findings.filter((one) => one.kind === kind).length;

  it('clears its finding and brings no other', () => {
    expect(taken.length).toBeGreaterThan(1_000);
    const worse = taken.filter(({ before, finding, better }) => {
      const after = check(better).findings;
      const isThere = count(after, finding.kind) >= count(before, finding.kind);
      return isThere || after.some(({ kind }) => count(after, kind) > count(before, kind));
    });
    expect(worse.map(({ prompt, better }) => [prompt, better])).toEqual([]);
  });

  it('leaves what is outside its range, and gives up the whole for another prompt only where nothing was said', () => {
    const given = taken.filter(
      ({ prompt, finding }) =>
        finding.from === 0 &&
        finding.to === prompt.length &&
        (finding.rewrite === SAFE_PROMPT.en || finding.rewrite === SAFE_PROMPT.zh),
    );
    expect(given.filter(({ finding }) => finding.kind !== 'empty').map(({ prompt }) => prompt)).toEqual([]);
  });

  it('of a prompt that lacks somebody or something to see keeps every word of it', () => {
    const lacking = taken.filter(({ finding }) => finding.kind === 'too-abstract');
    const words = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    const lost = lacking.filter(({ prompt, better }) => {
      const kept = words(better).join(' ');
      return words(prompt).some((word) => !kept.includes(word));
    });
    expect(lost.map(({ prompt, better }) => [prompt, better])).toEqual([]);
  });
});

describe('verdict', () => {
  it.each([
    ['a red car on a beach', 'ok'],
    ['雪地里的熊猫', 'ok'],
    ['walking slowly', 'warn'],
    ['', 'blocked'],
    ['色情视频', 'blocked'],
    ['x'.repeat(2_001), 'blocked'],
    [
      Array.from(
        { length: 24 },
        (_, i) =>
          `a ${['cat', 'dog', 'cow', 'pig', 'fox', 'bear', 'wolf', 'deer', 'goat', 'duck', 'frog', 'crab', 'lion', 'swan', 'crow', 'hawk', 'seal', 'toad', 'moth', 'worm', 'snail', 'tiger', 'horse', 'sheep'][i]}`,
      ).join(', '),
      'safe-mode',
    ],
  ])('of %j is %s', (prompt, verdict) => {
    expect(check(prompt).verdict).toBe(verdict);
  });

  it('is ok for the prompts that are offered in the place of bad ones', () => {
    for (const prompt of Object.values(SAFE_PROMPT)) expect(check(prompt)).toEqual({ verdict: 'ok', findings: [] });
  });
});

describe('each rule', () => {
  it.each([
    ['a red car on a beach', ''],
    ['moving left, a panda in the snow', ''],
    ['下雨了', ''],
    ['a cat (orange', 'incomplete'],
    ['a 5" screen on a desk', ''],
    ['a man smiles :)', ''],
    ['not only the king but also the queen rides', ''],
    ['他不得不跳过小河', ''],
    ['小丑不慌不忙地穿上鞋子', ''],
    ['没有尾巴的猫不动', ''],
    ['a cloud shaped like a whale', ''],
    ['皮球像弹簧一样弹跳', ''],
    ['a woman applies nude lipstick', ''],
    ['Scunthorpe United plays in Essex', ''],
    ['一家特色情怀餐厅里，厨师在炒菜', ''],
    ['男性交通警察站在路口', ''],
    ['p0rn on a screen', 'sensitive'],
    ['pоrn (with a Cyrillic o) on a screen', 'sensitive'],
    ['ｐｏｒｎ on a screen', 'sensitive'],
    ['色-情视频在播放', 'sensitive'],
    ['s情视频在播放', 'sensitive'],
    ['輪姦的畫面', 'sensitive'],
    ['一行白鹭上青天', ''],
    ['独钓寒江雪', ''],
    ['春节联欢晚会', ''],
    ['星际穿越', ''],
    ['拆快递', ''],
    ['撸猫', ''],
    ['守株待兔', ''],
    ['不负韶华', 'too-abstract'],
    ['破碎感', 'too-abstract'],
    ['雨越下越', 'incomplete'],
    ['一个很棒的视频', 'too-abstract'],
    ['给我一个惊喜', 'too-abstract'],
    ['make life simpler', 'too-abstract'],
    ['skydiving', ''],
    ['camping', ''],
    ['拔河比赛', ''],
    ['国庆阅兵', ''],
    ['焦虑与和解', 'too-abstract'],
    ['turns around with tears in her eyes', 'incomplete'],
    ['over the shoulder shot of a detective', ''],
    ['slowly opening the door', 'incomplete'],
    ['climbs over the wall', 'incomplete'],
    ['think different', 'too-abstract'],
    ['Unleash your potential', 'too-abstract'],
  ])('%j: %s', (prompt, kind) => {
    expect(kindsOf(prompt).join()).toBe(kind);
  });

  it('speaks the language of the prompt', () => {
    expect(check('在公园里').findings[0]?.message).toMatch(/请写出/);
    expect(check('in the park').findings[0]?.message).toMatch(/name who or what/);
  });
});

describe('hidden characters', () => {
  it.each([
    ['👨‍👩‍👧 a family walks', 0],
    ['🏴󠁧󠁢󠁥󠁮󠁧󠁿 a flag waves', 0],
    ['❤️ and 1️⃣ on a wall', 0],
    ['نمی‌خواهم', 0],
    ['Việt Nam, naïve café', 0],
    ['a\u0000cat', 1],
    ['a \ud800 cat', 1],
    ['a cat\u{e0068}', 1],
  ])('in %j: %d', (prompt, count) => {
    expect(check(prompt).findings.filter(({ kind }) => kind === 'hidden-characters')).toHaveLength(count);
  });

  it('strewn all over are one finding, and its rewrite is the text as it is seen', () => {
    const prompt = [...'a small cat walks in a park'].join('\u200b');
    const [finding, ...rest] = ofKind('hidden-characters', prompt);
    expect(rest).toEqual([]);
    expect(finding && apply(prompt, finding)).toBe('a small cat walks in a park');
  });
});

it('takes less than 50 ms a prompt, on a busy machine too', () => {
  const prompts = [
    '一只戴着红围巾的小熊猫在雾蒙蒙的森林里慢慢行走，宛如梦境',
    'a red panda walks through a foggy forest like a dream',
  ];
  for (const prompt of prompts) check(prompt);
  const startedMs = performance.now();
  for (let round = 0; round < 20; round += 1) for (const prompt of prompts) check(prompt);
  expect((performance.now() - startedMs) / 40).toBeLessThan(50);
});
