import type { Flaw } from './flaw.ts';
import type { Reading, Word } from './word.ts';

/** More things than this in one clip, and none of them is drawn well. */
export const ENTITY_LIMIT = 20;
/** So many are left when the rest is cut away. */
const ENTITIES_KEPT = 12;

interface Entity {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Everything that can be seen, in order; nouns that stand together ("fire engine") are one thing. */
export function entitiesOf({ words }: Reading): readonly Entity[] {
  const entities: Entity[] = [];
  let run: Word[] = [];
  const close = (): void => {
    const head = run.at(-1);
    if (head && isSeen(run, words[words.indexOf(head) + 1], words[words.indexOf(head) + 2]))
      entities.push({ name: run.map(({ lemma }) => lemma).join(' '), from: run[0]?.from ?? head.from, to: head.to });
    run = [];
  };
  for (const [i, word] of words.entries()) {
    if (word.part !== 'noun' || (word.from !== (run.at(-1)?.to ?? word.from) && !isOneGap(run.at(-1), word))) close();
    if (word.part === 'noun') run.push(word);
    else if (word.part === 'pronoun' && word.isVisible && !isOwner(word, words[i + 1], words[i + 2]))
      entities.push({ name: word.lemma, from: word.from, to: word.to });
  }
  close();
  return entities;
}

/** In Chinese the last noun of a row is what is meant: 「工匠精神」 and 「城市的灵魂」 show no craftsman and no city. */
function isSeen(run: readonly Word[], next: Word | undefined, owned: Word | undefined): boolean {
  const head = run.at(-1);
  if (!head || !run.some(({ isVisible }) => isVisible)) return false;
  if (!/\p{Script=Han}/u.test(head.text)) return true;
  const isOwnerOfIdea = next?.text === '的' && owned?.part === 'noun' && owned.isIdea === true;
  return head.isIdea !== true && !isOwnerOfIdea;
}

/** 「我们企业」, 「他的梦想」: whose it is, is not seen; but whose look or voice it is, 「他的目光」. */
const isOwner = (owner: Word, next: Word | undefined, owned: Word | undefined): boolean => {
  if (next?.text === '的') return !/^[他她]们?$/u.test(owner.text) || owned?.part !== 'noun' || owned.isIdea === true;
  return next?.part === 'noun' && /\p{Script=Han}/u.test(next.text);
};

const isOneGap = (before: Word | undefined, word: Word): boolean => before !== undefined && word.from - before.to === 1;

/** Nothing that a camera could see: only moods, ideas, qualities. */
export function abstractFlaws(reading: Reading, language: 'en' | 'zh'): readonly Flaw[] {
  const { words } = reading;
  const spoken = words.filter(({ part }) => part !== 'mark');
  const says = spoken.some(({ part }) => ['noun', 'adjective', 'idiom', 'pronoun'].includes(part));
  const first = spoken[0];
  const last = spoken.at(-1);
  if (!says || !first || !last || entitiesOf(reading).length > 0) return [];
  const whole = reading.text.slice(first.from, last.to);
  const scene = sceneFor(whole, language);
  return [
    {
      from: first.from,
      to: last.to,
      reason: {
        en: 'Nothing here can be seen: name a person, an animal or a thing',
        zh: '这里没有看得见的东西：请写出人物、动物或物体',
      },
      candidates: language === 'zh' ? [`${scene}，${whole}`, scene] : [`${scene}, ${whole}`, scene],
    },
  ];
}

const SCENES: readonly { readonly theme: RegExp; readonly en: string; readonly zh: string }[] = [
  { theme: /happy|happi|joy|\bfun\b|幸福|快乐|欢乐|美好/iu, en: 'A child laughs and runs through a sunny meadow', zh: '孩子在阳光下的草地上笑着奔跑' },
  { theme: /love|romance|爱|浪漫|温馨/iu, en: 'An old couple walks hand in hand along the beach', zh: '一对老夫妻牵手走在海边' },
  { theme: /lone|sad|nostalg|melanch|孤独|悲伤|忧伤|回忆|寂寞/iu, en: 'An old man sits alone on a bench in the rain', zh: '一位老人独自坐在雨中的长椅上' },
  { theme: /free|hope|dream|courage|youth|自由|希望|梦想|勇气|青春/iu, en: 'A girl opens a window and a white bird flies out', zh: '女孩推开窗户，一只白鸟飞向天空' },
  { theme: /tech|future|innovat|modern|科技|未来|创新/iu, en: 'A robot walks through a city with glass towers', zh: '机器人走过玻璃高楼之间的街道' },
  { theme: /time|eternal|life|fate|时间|时光|岁月|人生|命运/iu, en: 'Leaves fall on an old clock in a garden', zh: '落叶飘在花园里的旧钟上' },
  { theme: /myster|tension|dark|fear|神秘|紧张|恐惧/iu, en: 'A person with a lantern walks into a foggy forest', zh: '一个人提着灯笼走进雾中的森林' },
  { theme: /./u, en: 'A small cat walks in a park', zh: '一只小猫在公园里散步' },
]; // prettier-ignore

const sceneFor = (text: string, language: 'en' | 'zh'): string =>
  SCENES.find(({ theme }) => theme.test(text))?.[language] ?? '';

/** Too much to see: the range holds what is too many, and without it the rest still stands. */
export function denseFlaws(reading: Reading): readonly Flaw[] {
  const entities = entitiesOf(reading);
  const distinct = new Set(entities.map(({ name }) => name));
  if (distinct.size <= ENTITY_LIMIT) return [];
  const seen = new Set<string>();
  const firstTooMany = entities.find(({ name }) => seen.add(name).size > ENTITIES_KEPT);
  const { words, text } = reading;
  const from = cutBefore(words, firstTooMany?.from ?? text.length);
  const to = words.at(-1)?.to ?? text.length;
  return [
    {
      from,
      to,
      reason: {
        en: `${distinct.size} different things are more than one clip can show; at most ${ENTITY_LIMIT} come out well`,
        zh: `${distinct.size} 种不同的东西，一个片段装不下；最多 ${ENTITY_LIMIT} 种才画得好`,
      },
      candidates: ['', /\p{Script=Han}/u.test(text) ? '一只小猫在公园里散步' : 'A small cat walks in a park'],
    },
  ];
}

/** The end of the phrase before a position: no comma, "and" or measure word is left hanging. */
function cutBefore(words: readonly Word[], position: number): number {
  const before = words.filter(({ to }) => to <= position);
  const mark = before.findLastIndex(({ part }) => part === 'mark' || part === 'conjunction');
  let end = mark < 0 ? before.length : mark;
  while (
    end > 0 &&
    ['mark', 'conjunction', 'preposition', 'determiner', 'number'].includes(before[end - 1]?.part ?? '')
  )
    end -= 1;
  return before[end - 1]?.to ?? 0;
}
