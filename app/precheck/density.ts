import type { Flaw } from './flaw.ts';
import { phrasesOf, type Reading, type Word } from './word.ts';

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
    const at = run[0] ? words.indexOf(run[0]) : 0;
    if (head && isSeen(run, words[at - 1], words.slice(at + run.length)))
      entities.push(...(isEnumeration(run) ? run.map((one) => entityOf(one)) : [entityOf(...run)]));
    run = [];
  };
  for (const [i, word] of words.entries()) {
    if (word.part !== 'noun' || (word.from !== (run.at(-1)?.to ?? word.from) && !isOneGap(run.at(-1), word))) close();
    if (word.part === 'noun') run.push(word);
    else if (word.part === 'idiom' && word.isVisible) entities.push({ name: word.lemma, from: word.from, to: word.to });
    else if (
      word.part === 'pronoun' &&
      word.isVisible &&
      !isOwner(word, words[i + 1], words[i + 2]) &&
      !isOnlySpeaking(words, i)
    )
      entities.push({ name: word.lemma, from: word.from, to: word.to });
  }
  close();
  return entities;
}

/** "I want something …", 「帮我做…」, 「让人感到…」: who asks or feels is not in the picture, but "I walk on a beach" is. */
function isOnlySpeaking(words: readonly Word[], i: number): boolean {
  const text = words[i]?.text.toLowerCase() ?? '';
  if (!/^(?:i|me|you|we|us|我|你|我们|你们|大家)$/u.test(text)) return false;
  if (/^(?:帮|给|替|请|祝|愿|for|give|show|make|surprise|let)$/iu.test(words[i - 1]?.text ?? '')) return true;
  const deed = words.slice(i + 1).find(({ part }) => part === 'verb' || part === 'auxiliary' || part === 'mark');
  return deed === undefined
    ? /^(?:想要?|要|需要)$/u.test(words[i + 1]?.text ?? '')
    : deed.isIdea === true || deed.part === 'auxiliary';
}

/** In Chinese the last noun of a row is what is meant: 「工匠精神」 and 「城市的灵魂」 show no craftsman and no city. */
function isSeen(run: readonly Word[], before: Word | undefined, after: readonly Word[]): boolean {
  const head = run.at(-1);
  if (!head || !run.some(({ isVisible }) => isVisible)) return false;
  if (!/\p{Script=Han}/u.test(head.text)) return true;
  if (head.text === '人' && run.length === 1 && /^(?:让|令|使)$/u.test(before?.text ?? '')) return false;
  return head.isIdea !== true && !isOwnerOfIdea(after);
}

/** 「城市的灵魂」, 「人与自然的和谐」: what belongs to it is all that is named. */
function isOwnerOfIdea([next, other, of, last, end]: readonly Word[]): boolean {
  const [particle, owned, rest] =
    next?.part === 'conjunction' && other?.part === 'noun' ? [of, last, end] : [next, other, of];
  if (particle?.text !== '的' || !owned) return false;
  const isQuality = owned.part === 'adjective' && (rest === undefined || rest.part === 'mark');
  return isQuality || (owned.part === 'noun' && owned.isIdea === true);
}

/** 「狮子老虎大象长颈鹿斑马」: no name of one thing is so long. */
const isEnumeration = (run: readonly Word[]): boolean =>
  run.length > 4 && run.every(({ text, isVisible }) => isVisible && /^\p{Script=Han}{2,}$/u.test(text));

const entityOf = (...run: readonly Word[]): Entity => ({
  name: run.map(({ lemma }) => lemma).join(' '),
  from: run[0]?.from ?? 0,
  to: run.at(-1)?.to ?? 0,
});

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
  const says = spoken.some(
    ({ part, isIdea }) => ['noun', 'adjective', 'idiom', 'pronoun'].includes(part) || isIdea === true,
  );
  const first = spoken[0];
  const last = spoken.at(-1);
  // "camping": a pursuit in one word.
  const isPursuit = spoken.length === 1 && first?.part === 'verb' && first.text.endsWith('ing');
  if (!says || !first || !last || isPursuit) return [];
  if (entitiesOf(reading).length > 0 && !isListOfIdeas(reading)) return [];
  const whole = reading.text.slice(first.from, last.to);
  return [
    {
      from: first.from,
      to: last.to,
      reason: {
        en: 'Nothing here can be seen: name a person, an animal or a thing',
        zh: '这里没有看得见的东西：请写出人物、动物或物体',
      },
      candidates: sceneWith(whole, language),
    },
  ];
}

/** "Passion. Precision. Performance.": in such a row a word is told by those beside it. */
function isListOfIdeas({ words }: Reading): boolean {
  const phrases = phrasesOf(words);
  const ideas = phrases.filter(([word]) => word?.part === 'noun' && word.isIdea === true).length;
  return phrases.length > 2 && phrases.every(({ length }) => length === 1) && ideas * 3 >= phrases.length * 2;
}

/** What a theme looks like in one clip; the first that the words touch. */
const SCENES: readonly { readonly theme: RegExp; readonly en: string; readonly zh: string }[] = [
  { theme: /never giv|give up|persever|resilien|challenge|struggle|overcom|effort|courage|brav|坚持|奋斗|拼搏|挑战|勇气|不屈|毅力|砥砺|努力|自强/iu, en: 'A climber pulls herself up to the top of a rock', zh: '攀岩者一点点爬上岩壁的顶端' },
  { theme: /busines|compan|corporat|team|growth|success|synerg|leader|profession|servic|client|customer|commitment|企业|公司|团队|共赢|合作|客户|赋能|专业|品牌|服务|责任|担当|诚信|成功/iu, en: 'Colleagues at a bright office table shake hands', zh: '几位同事在明亮的办公室里握手' },
  { theme: /luxur|elegan|premium|sophisticat|exclusiv|prestig|高端|奢华|尊贵|高级|格调|品质|品味/iu, en: 'A gold watch turns slowly on black velvet', zh: '一块金表在黑色丝绒上缓缓转动' },
  { theme: /anxi|stress|pressure|burnout|tired|exhaust|焦虑|内耗|内卷|压力|疲惫|迷茫/iu, en: 'A tired office worker looks out of a train window at night', zh: '疲惫的上班族在深夜的地铁里望着窗外' },
  { theme: /\bhappy|happi|joy|\bfun\b|幸福|快乐|欢乐|美好|开心|喜悦/iu, en: 'A child laughs and runs through a sunny meadow', zh: '孩子在阳光下的草地上笑着奔跑' },
  { theme: /love|romance|romantic|爱|浪漫|温馨|温情|陪伴/iu, en: 'An old couple walks hand in hand along the beach', zh: '一对老夫妻牵手走在海边' },
  { theme: /健康|如意|祝|恭喜|新年|平安|\bwish|celebrat|festiv/iu, en: 'A family lights red lanterns in a courtyard', zh: '一家人在院子里点亮红灯笼' },
  { theme: /lone|\bsad|nostalg|melanch|grief|sorrow|regret|孤独|悲|忧伤|回忆|寂寞|乡愁|思念|离别|遗憾/iu, en: 'An old man sits alone on a bench in the rain', zh: '一位老人独自坐在雨中的长椅上' },
  { theme: /peace|calm|seren|quiet|tranquil|relax|heal|belong|宁静|安静|静好|治愈|松弛|从容|慢生活|禅/iu, en: 'A woman drinks tea at a window while snow falls', zh: '女人坐在窗边喝茶，窗外下着雪' },
  { theme: /\bfree|hope|dream|inspir|spirit|youth|journey|adventure|discover|explor|自由|希望|梦|青春|韶华|旅程|征程|探索|远方/iu, en: 'A girl opens a window and a white bird flies out', zh: '女孩推开窗户，一只白鸟飞向天空' },
  { theme: /tradition|heritage|cultur|craft|histor|传承|传统|文化|匠心|历史|底蕴|国潮/iu, en: 'An old craftsman carves a wooden mask', zh: '老匠人在灯下雕刻木头面具' },
  { theme: /tech|future|innovat|modern|digital|smart|科技|未来|创新|数字|智能|智慧/iu, en: 'A robot walks through a city with glass towers', zh: '机器人走过玻璃高楼之间的街道' },
  { theme: /\btime|eternal|life|fate|destin|existen|memor|meaning|时间|时光|岁月|人生|命运|生命|人间|存在|意义|永恒/iu, en: 'Leaves fall on an old clock in a garden', zh: '落叶飘在花园里的旧钟上' },
  { theme: /dualit|contrast|versus|\bevil|chaos|balance|善恶|对立|博弈|矛盾|平衡|辩证|混沌/iu, en: 'A black horse and a white horse run side by side', zh: '一匹黑马和一匹白马并肩奔跑' },
  { theme: /myster|tension|dark|fear|secret|神秘|紧张|恐惧|恐怖|悬疑|秘密/iu, en: 'A person with a lantern walks into a foggy forest', zh: '一个人提着灯笼走进雾中的森林' },
  { theme: /epic|cool|dramatic|power|energy|viral|awesome|史诗|震撼|酷|炫|热血|激情|力量|冲击/iu, en: 'A motorcycle speeds through a neon city at night', zh: '摩托车在霓虹闪烁的夜城里飞驰' },
  { theme: /./su, en: 'A person stands on a hill and looks at the sunrise', zh: '一个人站在山顶看日出' },
]; // prettier-ignore

/** What could be seen instead. */
export const sceneFor = (text: string, language: 'en' | 'zh'): string =>
  SCENES.find(({ theme }) => theme.test(text))?.[language] ?? '';

/** A mood goes with the scene as it stands; a message is its theme. */
const IS_MOOD =
  /(?:氛围|气氛|感|风格?|调|色彩|质感|意境|的)$|\b(?:mood|vibes?|atmosphere|feeling|style|aesthetics?|tones?)$/iu;

function sceneWith(whole: string, language: 'en' | 'zh'): readonly string[] {
  const scene = sceneFor(whole, language);
  const isMood = IS_MOOD.test(whole);
  const said = whole.replace(/[\s。.!！]+$/u, '');
  if (language === 'zh') return [isMood ? `${scene}，${said}` : `${scene}，主题：${said}`, `${scene}，${said}`, scene];
  const lower = /^\p{Lu}\p{Ll}/u.test(said) ? said.charAt(0).toLowerCase() + said.slice(1) : said;
  return [isMood ? `${scene}, ${lower}` : `${scene}, theme: ${lower}`, `${scene}, ${lower}`, scene];
}

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
