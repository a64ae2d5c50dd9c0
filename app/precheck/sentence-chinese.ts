import { MEASURES } from './chinese.ts';
import { completionOf, nounOfMeasure } from './completion.ts';
import type { Flaw } from './flaw.ts';
import {
  endsOnIdea,
  holdsItsThing,
  isOfIdeas,
  isRequest,
  isTopic,
  isVerse,
  isWish,
  saysOnlyHow,
} from './topic-chinese.ts';
import type { Vocabulary } from './vocabulary.ts';
import { phrasesOf, type Reading, type Word } from './word.ts';

/** Nothing can end on these: what they announce is missing. */
const LEADS_ON = new Set(
  '和 与 及 或 或者 以及 并 并且 而 而且 但 但是 还有 因为 由于 如果 当 把 将 被 给 向 往 朝 从 在 对 对着 朝着 向着 沿着 随着 跟 用 以 于 正 正在 然后 接着 是 像 就像 宛如 仿佛 拿着 抱着 望着 看着 戴着 穿着 提着 举着 握着 撑着 骑着 推向 跑向 走向 飞向 冲向 游向 扑向 转向 指向 坐在 站在 躺在 趴在 走在 飘在 停在 落在 挂在 放在 摆在 的 切 变成 变得 成为 之 与其 为了 所以 是因为 突然 忽然 渐渐 缓缓 慢慢 轻轻 正要 刚要 一边 不断 纷纷 于是'.split(
    ' ',
  ),
);
/** 「那只」「一枚」: what is to come is counted so. */
const COUNTED = new RegExp(`[这那某每几一两三四五六七八九十\\d][${MEASURES}锅盆桶篮壶袋箱]`, 'gu');
/** 「天空是蓝色的」: this 的 ends a sentence. */
const ENDS_WITH_DE = /是[^，。；]*的$|^(?:给我|我想?|帮我)?(?:想要|来点?|整点?|要点?|弄点?|搞点?)[^，。；]*的$/u;
const IS_MEASURE_END = new RegExp(`^[一两三四五六七八九十几]?[${MEASURES}锅盆桶篮壶袋箱]$`, 'u');
/** 「那个」「另一位」: it points at what does not come. */
const POINTS_AT_NOTHING = new RegExp(`(?:^|[，,、。；;\\s])(?:这|那|某|另)一?[${MEASURES}]$`, 'u');
/** 「切成」「驶进」「放入」: a deed with the way it goes, and no end of the way. */
const WANTS_END =
  /(?:[切剪变化做堆叠卷折绕捏揉打碾磨锯掰]成|[驶走跑跳飞冲游爬钻闯扑奔滑落撒塞放倒扔投插抛装搬踏掉流射涌伸递送溜挤坠潜搬传移][进入向往到在至]了?|[跳爬登骑跃飞攀踏系套][上]|[放摆挂贴写画刻停落站坐躺趴蹲靠倒映]在)$/u;
/** 「把头发扎成」「给客人倒」「掏出」: into what, what to them, what out of it. With 把 or 被 the thing stands before the deed. */
const LACKS_THING =
  /(?:把[^，。]{1,10}(?<![完建达促])成|给[^，。]{1,6}[倒递盛夹浇]|^(?!.*[把被将]).*[拿掏取端捧捡拾拎抓][起出])了?$/u;
/** Deeds that need a thing, where they are all that is said of it: 「老奶奶正在缝」「在屋顶修」. */
const WANTS_THING = /^[缝修堆摸切剪擦刷捆端扛抬织砍锯挖埋拆搭捧捏揉搓炖炒摘采捡拧揭舀蘸递]$/u;
/** 「士兵们扛着」: what is held is not said. */
const HOLDS_NOTHING = /^(?:望|看|拿|抱|穿|戴|提|举|握|撑|骑|朝|沿|随|对|向|扛|抬|端|捧|推|拖|牵|拎|叼|夹|挎|揪|攥)$/u;

/** Where the text breaks off or stumbles. */
export function brokenChinese({ text, words }: Reading): readonly Flaw[] {
  return [...danglingIn(text, words), ...doubledIn(words)];
}

/** The whole, where nobody and nothing is named that it could be about. */
export function subjectlessChinese({ text, words }: Reading, vocabulary: Vocabulary): readonly Flaw[] {
  const spoken = words.filter(({ part }) => part !== 'mark');
  const first = spoken[0];
  const last = spoken.at(-1);
  if (!first || !last) return [];
  const phrases = phrasesOf(words);
  const whole = text.slice(first.from, last.to);
  const isVisible = words.some((word) => word.isVisible);
  if (
    (!isVisible && isOfIdeas(spoken)) ||
    endsOnIdea(spoken) ||
    isTopic(text, spoken, vocabulary) ||
    isWish(spoken) ||
    isRequest(spoken) ||
    isVerse(phrases)
  )
    return [];
  const isCameraAlone =
    CAMERA_MOVES.test(whole) && words.every((word) => !word.isVisible || /^(?:相机|摄[像影]机)$/u.test(word.text));
  if (!isCameraAlone && (phrases.some((phrase) => hasSubject(phrase, vocabulary)) || saysOnlyHow(text, words)))
    return [];
  return [
    {
      from: first.from,
      to: last.to,
      reason: {
        en: 'It says what happens, but not to whom: name who or what is seen',
        zh: '说了发生什么，却没有说是谁：请写出画面里的人或物',
      },
      candidates: isCameraAlone
        ? [`一个人站在海边，${whole}`]
        : IS_CONDITION.test(whole)
          ? [`${whole}，一个人在等待`]
          : subjectsFor(whole, spoken),
    },
  ];
}

/** 「镜头缓缓拉远」: how it is filmed, of nobody. */
const CAMERA_MOVES =
  /^(?:镜头|相机|摄像机|摄影机|画面).{0,6}?(?:推近|推进|拉远|拉近|上移|下移|平移|旋转|上升|下降|摇动|移动|环绕)$/u;
/** 「大门关闭之后」: when, and nothing then. */
const IS_CONDITION = /(?:(?<!小)时候|之时|之后|以后|之前|以前)$/u;

function subjectsFor(whole: string, words: readonly Word[]): readonly string[] {
  const waits = [`一个人在等待，${whole}`];
  const first = words[0];
  if (first?.part === 'subordinator') return [whole.slice(first.text.length), `${whole}，一个人在等待`, ...waits];
  if (words.some(({ part }) => part === 'verb')) return [`一个人${whole}`, ...waits];
  if (/^(?:透过|从|朝|向|对着|朝着|向着)/u.test(whole)) return [`一个人${whole}望去`, `一个人${whole}`, ...waits];
  // 「静静地，轻轻地」: how, and nothing done.
  if (words.at(-1)?.text === '地') return [`一个人${whole}走着`, ...waits];
  if (first?.part === 'preposition' && !/^(?:在|于|沿|顺|围|靠|透)/u.test(first.text))
    return [`一个人${whole}`, ...waits];
  const place = first?.part === 'preposition' ? whole : `在${whole}`;
  return [`一个人站${place}`, `一个人${place}等待`, `一个人${whole}`, ...waits];
}

function danglingIn(text: string, words: readonly Word[]): readonly Flaw[] {
  const ends = words.flatMap(({ text: one }, i) => (/^[。！？!?；;]$/u.test(one) ? [i] : []));
  return [...new Set([...ends, words.length])].flatMap((end) => {
    let lastIndex = end - 1;
    while (lastIndex >= 0 && /^[，,、]$/u.test(words[lastIndex]?.text ?? '')) lastIndex -= 1;
    const last = words[lastIndex];
    const start = words
      .slice(0, end)
      .findLast(({ part, text: one }, i) => part === 'mark' && i < lastIndex && /[。！？!?；;，,]/u.test(one));
    if (!last || !leadsOn(text.slice(start?.to ?? 0, last.to), words, lastIndex)) return [];
    let keep = lastIndex;
    while (
      keep >= 0 &&
      (leadsOn(text.slice(0, words[keep]?.to), words, keep) || /^[，,、]$/u.test(words[keep]?.text ?? ''))
    )
      keep -= 1;
    const kept = words[keep];
    const measure = text
      .slice(start?.to ?? 0, last.to)
      .match(COUNTED)
      ?.at(-1)
      ?.slice(-1);
    const isSomebody = last.text === '的' && words.slice(0, lastIndex).some(({ part }) => part === 'verb');
    const noun =
      isSomebody && /^[个位名]$/u.test(measure ?? '')
        ? '人'
        : text.startsWith('在', start?.to ?? 0) && last.text === '的'
          ? '地方'
          : (nounOfMeasure(measure) ?? (last.text === '的' ? '花' : '灯笼'));
    const goesOn = completionOf(text.slice(0, last.to));
    const isCompleted = last.text === '的' || last.part === 'number';
    return [
      {
        from: isCompleted ? last.from : (kept?.to ?? 0),
        to: last.to,
        reason: { en: `The sentence breaks off after “${last.text}”`, zh: `句子在“${last.text}”之后断了` },
        candidates: isCompleted
          ? [last.text + noun, '']
          : goesOn === undefined
            ? ['', '一只小猫在公园里散步']
            : [text.slice(kept?.to ?? 0, last.to) + goesOn, ''],
      },
    ];
  });
}

/** 「越下越」: so much of what? */
const DEGREES = /^(?:越|更|最|很|太|非常|十分|极其|特别|就|才|还|都|也)$/u;

function leadsOn(sentence: string, words: readonly Word[], i: number): boolean {
  const word = words[i];
  if (!word) return false;
  if (word.text === '的') return !ENDS_WITH_DE.test(sentence);
  const before = words[i - 1];
  // 「拿着一个」: a measure word without its thing; 「猫三只」 has it in front.
  if (word.part === 'number' && IS_MEASURE_END.test(word.text))
    return !(before?.part === 'noun' && (i === 1 || words[i - 2]?.part === 'mark'));
  if (DEGREES.test(word.text) && i > 0) return true;
  if (word.text === '着') return HOLDS_NOTHING.test(before?.text ?? '');
  if (POINTS_AT_NOTHING.test(sentence) || WANTS_END.test(sentence) || LACKS_THING.test(sentence)) return true;
  if (WANTS_THING.test(word.text) && before?.part !== 'mark' && i > 1 && !/[被一]/u.test(sentence.slice(-4)))
    return true;
  return LEADS_ON.has(word.text);
}

function doubledIn(words: readonly Word[]): readonly Flaw[] {
  return words.flatMap((word, i) => {
    const before = words[i - 1];
    if (before?.text !== word.text || !/^(?:的|在|和|与|把|被|是)$/u.test(word.text)) return [];
    return [
      {
        from: before.from,
        to: word.to,
        reason: {
          en: `“${before.text}${word.text}” breaks the sentence`,
          zh: `“${before.text}${word.text}”打断了句子`,
        },
        candidates: [word.text],
      },
    ];
  });
}

type State = 'free' | 'after-preposition' | 'after-verb';

/** Words that may stand before the noun that they belong to. */
const MODIFIERS = new Set<Word['part']>(['adjective', 'number', 'determiner', 'particle', 'idiom', 'noun']);

/** Whether somebody or something is named that is neither the object of a verb nor only a place or a condition. */
function hasSubject(phrase: readonly Word[], { zh, zhLists }: Vocabulary): boolean {
  const text = phrase.map((word) => word.text).join('');
  if (/(?:时候|之时|之后|以后|之前|以前|时)$/u.test(text) && /^(?:当|在|每当|等到|直到|等)/u.test(text)) return false;
  if (phrase[0]?.part === 'subordinator') return false;
  if (IS_CONDITION.test(text) && !/^(?:很久|不久|多年|若干年)|没?有.*时候$/u.test(text)) return false;
  if (phrase[0]?.part === 'time' && /(?:来到?|到|来临|降临|过去)了?$/u.test(text)) return true;
  if (zhLists.list('weather').has(text) || /(?:下雨|下雪|刮风|起风|起雾|打雷|天亮|天黑)了?$/u.test(text)) return true;
  // Widened, since the compiler does not follow assignments around a loop.
  let state = 'free' as State;
  let beforeSimile: State = 'free';
  /** 「用沾满泥的双手捧起…」: what describes the object of a preposition gives it up only with 的. */
  let isObjectDescribed = false as boolean;
  for (const [i, word] of phrase.entries()) {
    const next = phrase[i + 1];
    switch (word.part) {
      case 'preposition':
        state = 'after-preposition';
        isObjectDescribed = next?.part === 'verb' && word.text !== '被';
        break;
      case 'verb': {
        if (zhLists.has('instruct', word.text) && i <= 1) break;
        // 「给我爸做个…」: for whom it is made.
        if (
          zhLists.has('instruct', word.text) &&
          /^[给帮替为]$/u.test(phrase[0]?.text ?? '') &&
          phrase.slice(1, i).every(({ part }) => part === 'noun' || part === 'pronoun')
        ) {
          state = 'free';
          break;
        }
        // 「别让女孩…」「不要让画面…」: told what is to be seen, and the next noun is it.
        if (/^(?:让|使|叫)$/u.test(word.text) || isToldNot(phrase, i)) break;
        if (word.text === '像') beforeSimile = state;
        // 「桌上有…」「门口站着…」: what is there follows the verb.
        const isExistential =
          i > 0 &&
          state !== 'after-verb' &&
          ['direction', 'noun', 'time'].includes(phrase[i - 1]?.part ?? '') &&
          (/^没?有$/u.test(word.text) || next?.text === '着' || word.text.endsWith('着') || word.text.endsWith('满'));
        // 「有个老头在修鞋」: told of for the first time.
        const isIntroduced = i === 0 && (word.text === '有个' || (word.text === '有' && next?.part === 'number'));
        state = isExistential || isIntroduced ? 'free' : 'after-verb';
        break;
      }
      case 'particle':
        // 「像风一样」 is told by the way: what was free before it is free again.
        if (/^(?:一样|一般|似的|般)$/u.test(word.text)) state = beforeSimile;
        if (word.text !== '的') break;
        // 「在拥挤的车厢里」「在猫的窝里」: the noun is still that of the preposition; 「掉在地上的硬币」 is free of it.
        if (isObjectDescribed || (state === 'after-preposition' && describesPlace(phrase.slice(0, i)))) {
          state = 'after-preposition';
          isObjectDescribed = false;
        } else if (headFollows(phrase, i)) state = 'free';
        break;
      case 'direction':
        // 「公园里」: a place; what follows is free again.
        if (state === 'after-preposition') state = 'free';
        break;
      case 'pronoun':
        if (state === 'free') return true;
        break;
      case 'conjunction':
        // 「和朋友一起…」: with whom, but not who.
        if (i === 0 && /^[和与跟]$/u.test(word.text)) state = 'after-preposition';
        break;
      case 'noun':
        if (state === 'free' && !isPlaceHere(phrase, i) && !isBeforeDe(phrase, i)) return true;
        // 「拔河比赛」: such a deed has no room for another thing, so that this one is what it is about.
        if (
          i > 0 &&
          phrase[i - 1]?.part === 'verb' &&
          holdsItsThing(phrase[i - 1]?.text ?? '', zh) &&
          !isPlaceHere(phrase, i)
        )
          return true;
        if (state === 'after-preposition' && next?.part !== 'noun' && next?.part !== 'direction' && next?.text !== '的')
          state = 'free';
        break;
      default:
        break;
    }
  }
  return false;
}

/** 「不要出现…」: a prohibition begins as an order does. */
const isToldNot = (phrase: readonly Word[], i: number): boolean =>
  /^(?:不要|不让|不允许|请勿|禁止|避免|别)/u.test(phrase.map(({ text }) => text).join('')) &&
  !phrase.slice(0, i).some(({ part }) => part === 'noun' || part === 'pronoun');

/** 「雪地里」: the noun only tells where. */
function isPlaceHere(phrase: readonly Word[], i: number): boolean {
  const next = phrase[i + 1];
  // 「画面里…」: the picture itself is where everything is.
  const isPicture = /^(?:画面|镜头|视频|影片)$/u.test(phrase[i]?.text ?? '');
  return next?.part === 'direction' && !isPicture && !/^(?:[左右东西南北]|上下|左右|前后|来回)$/u.test(next.text);
}

/** 「熊猫的…」: what counts is what follows. */
const isBeforeDe = (phrase: readonly Word[], i: number): boolean =>
  phrase[i + 1]?.text === '的' && phrase.slice(i + 2).some(({ part }) => MODIFIERS.has(part));

const describesPlace = (before: readonly Word[]): boolean =>
  /^(?:noun|adjective)$/.test(before.at(-1)?.part ?? '') && before.every(({ part }) => part !== 'verb');

/** After 的: the thing described, unless the words before it describe an object (「穿着红色的裙子」). */
function headFollows(phrase: readonly Word[], i: number): boolean {
  const before = phrase[i - 1];
  const hasVerb = phrase.slice(0, i).some(({ part }) => part === 'verb');
  if (!hasVerb) return true;
  return (
    before?.part === 'noun' || before?.part === 'verb' || before?.part === 'particle' || before?.part === 'pronoun'
  );
}
