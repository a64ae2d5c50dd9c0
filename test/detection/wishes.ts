import type { Wish } from './pack-clips.ts';

const subjects = [
  ['a tiger', '老虎'],
  ['a snail', '蜗牛'],
  ['an elephant', '大象'],
  ['an octopus', '章鱼'],
  ['a turtle', '乌龟'],
  ['a penguin', '企鹅'],
  ['a whale', '鲸鱼'],
  ['a panda', '熊猫'],
  ['a rocket', '火箭'],
  ['a car', '汽车'],
  ['a flying saucer', '飞碟'],
  ['a butterfly', '蝴蝶'],
] as const;
const motions = [
  ['moves left', '向左移动'],
  ['moves right', '向右移动'],
  ['rises', '升起'],
  ['falls', '落下'],
  ['stands still', '静止不动'],
] as const;
const places = [
  ['at night', '夜晚'],
  ['in a park', '公园里'],
  ['on the beach', '海滩上'],
  ['in the city', '城市里'],
  ['in a snowy landscape', '雪地里'],
] as const;

/** What clips are asked for: every motion in every place, in both languages; a fifth at night, a fifth standing still. */
export function wishes(count: number, firstSeed: number): readonly Wish[] {
  return Array.from({ length: count }, (_, i) => {
    const [subject, motion, place] = [
      subjects[(i * 5 + firstSeed) % 12],
      motions[i % 5],
      places[Math.floor(i / 5) % 5],
    ];
    if (!subject || !motion || !place) throw new Error('bug: remainders are within their table');
    const prompt =
      i % 2 === 0 ? `${subject[0]} ${motion[0]} ${place[0]}` : `一只${subject[1]}在${place[1]}${motion[1]}`;
    return { prompt, seed: firstSeed + i };
  });
}
