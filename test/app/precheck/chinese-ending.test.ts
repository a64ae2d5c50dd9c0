import { describe, expect, it } from 'vitest';

import { precheckPrompt } from '../../../app/precheck/precheck.ts';
import { vocabulary } from './lexicon.ts';

const kindsOf = (prompt: string): readonly string[] =>
  precheckPrompt(prompt, vocabulary).findings.map(({ kind }) => kind);

describe('how a Chinese sentence breaks off', () => {
  it.each([
    ['an adverb without its deed', '老人抬起头，忽然'],
    ['an adverb without its deed', '云雾在山间缓缓'],
    ['a measure without its thing', '小女孩捡了一枚'],
    ['a measure without its thing', '桌上摆着一罐'],
    ['a deed with a way and no end of it', '青蛙从荷叶跳进了'],
    ['a deed with a way and no end of it', '工人把箱子搬到了'],
    ['something made into nothing', '妈妈把面团揉成'],
    ['something given to somebody', '服务员给顾客倒'],
    ['something taken up', '魔术师微笑着掏出'],
    ['a place where nobody is', '在昏暗的山洞里'],
    ['a camera alone', '摄像机慢慢上移'],
  ])('%s: %s', (_, prompt) => {
    const { findings } = precheckPrompt(prompt, vocabulary);
    expect(findings.map(({ kind }) => kind)).toEqual(['incomplete']);
    for (const { rewrite, from, to } of findings)
      expect(kindsOf(prompt.slice(0, from) + rewrite + prompt.slice(to))).toEqual([]);
  });

  it.each([
    '春天来到了',
    '雪渐渐停了',
    '他把书轻轻拿起',
    '掉在地上的硬币被男孩捡起',
    '房子建成',
    '一枚金币落在石板上',
    '在昏暗的山洞里一只蝙蝠飞过',
    '在拥挤的地铁车厢里，女孩靠着门看书',
    '摄像机缓缓下移，露出一座古堡',
    '男孩给花浇水',
    '老师给孩子盛汤',
    '女孩慢慢地转身',
    '渐渐亮起的路灯',
    '花瓣不断飘落',
    '一罐蜂蜜放在木桌上',
    '有一只狐狸在雪地里奔跑',
  ])('but this is whole: %s', (prompt) => {
    expect(kindsOf(prompt)).toEqual([]);
  });

  it.each(['对自由的渴望', '对友情的渴望与执念'])('and this is of ideas alone: %s', (prompt) => {
    expect(kindsOf(prompt)).toEqual(['too-abstract']);
  });
});
