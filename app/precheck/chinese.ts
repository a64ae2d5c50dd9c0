import type { Vocabulary } from './vocabulary.ts';
import type { Part, Reading, Word } from './word.ts';

const PART_OF_CLASS: Readonly<Record<string, Part>> = {
  n: 'noun', v: 'verb', w: 'verb', a: 'adjective', t: 'time', d: 'adverb', p: 'preposition', c: 'conjunction', m: 'number', r: 'determiner', f: 'direction', u: 'particle', i: 'idiom', x: 'noun',
}; // prettier-ignore

const closed = (part: Part, words: string): readonly (readonly [string, Part])[] =>
  words.split(' ').map((word) => [word, part] as const);

/** Words of the grammar, and single characters whose commonest reading the dictionary does not tell. */
const CLOSED: ReadonlyMap<string, Part> = new Map([
  ...closed('preposition', '在 从 向 往 朝 对 对着 朝着 向着 沿着 随着 沿 把 将 被 给 跟 由 用 以 于 自 比 为 按 按照 透过 围绕 围着 趁着 透过 借着 顺着 迎着 跟着'),
  ...closed('conjunction', '和 与 及 或 或者 以及 并 并且 而 而且 但 但是 还有 同时 然后 接着 又 且'),
  ...closed('subordinator', '因为 由于 所以 如果 假如 要是 虽然 尽管 当 除非 直到 为了 以便 只要 只有 无论 不管'),
  ...closed('pronoun', '这 那 我 你 他 她 我们 你们 他们 她们 大家 有人 人们 众人 谁 自己 彼此 它 它们 咱们'),
  ...closed('particle', '的 地 得 着 了 过 吗 呢 吧 啊 们 之 所 般 似的 一样 一般'),
  ...closed('adverb', '不 没 别 没有 不是 并非 也 都 就 才 还 很 太 更 最 正 正在 在在 刚 刚刚 已 已经 曾 曾经 将要 单手 轻声 低声 大声 高声 齐声 会 能 能够 可以 可能 要 想 想要 应该 必须 需要 不会 不能 不可能 不想 不敢 敢 愿意 慢慢 慢慢地 缓缓 静静 轻轻 渐渐 突然 忽然 一起 一边 不断 非常 十分 极其 依次 同时 纷纷 独自 缓慢 快速 迅速 来回 四处 到处 一直 仍然 再 又 只 仅 不仅 无不 不得不 未必 绝非 从不 从未 绝不'),
  ...closed('direction', '上 下 里 中 内 外 前 后 旁 边 间 旁边 里面 上面 下面 前面 后面 外面 中间 之间 之中 之上 之下 上空 上方 下方 左边 右边 对面 身后 身边 背后 面前 周围 附近 深处 尽头 左 右 东 西 南 北 左边 右边 远处'),
  ...closed('verb', '吊 关 端 修 挤 赶 捧 扛 抬 踏 蹦 跃 滑 溜 冲 奔 逃 躲 藏 埋 挖 砍 锯 缝 织 绣 揉 捏 搓 擦 扫 拖 刷 浇 剪 梳 咬 舔 嚼 吞 吐 喷 洒 泼 流 涌 淌 燃 烧 烤 炸 蒸 冻 裂 闪 照 映 晃 抖 颤 震 鸣 吠 嚎 吼'),
  ...closed('verb', '跑 走 跳 飞 游 爬 坐 站 躺 看 望 吃 喝 睡 笑 哭 唱 追 骑 开 拿 抱 穿 戴 提 举 拉 推 打 踢 扔 洗 切 炒 煮 画 写 读 听 说 喊 叫 飘 落 升 转 滚 摇 划 弹 撞 挥 握 牵 踩 倒 放 摆 挂 是 有 像 变 变成 变得 成为 带 背 披 住 抓 捉 钓 种 摘 采 喂 摸 拍 敲 吹 演奏 散步 跳舞 奔跑 唱歌 飞行 游泳 睡觉 下雨 下雪 刮风 行走 奔驰 行驶 驶 驶过 走来 走去 来 去 到 进 出 起来 升起 落下 旋转 移动 走过 穿过 飞过 越过 跑过 划过 掠过 跃出 跳入 走进 跑进 飞进 驶出 走出 冲下 冲上 爬上 跳上 跳下 坐在 站在 躺在 趴在 蹲在 走在 飘在 漂在 停在 落在 挂在 放在 摆在 倒映 飘落 飘过 下棋 走路 跑步 长得像 形似 拿着 抱着 望着 看着 戴着 穿着 提着 举着 握着 撑着 骑着 踩着 追着 长着 冒着 闪着 下着 放着 摆着 挂着 跑向 走向 飞向 冲向 推向 游向 扑向 跳向 转向 指向 延时 俯拍 仰拍 跟拍 平拍 弹奏 亲吻 低头 滑翔 结冰 变形 生长 读书 写字 画画 炒菜 聊天 歌唱 舞蹈 钓鱼 耕种 扫地 冥想 洒落 拿起 抛起 扔出 接住 劈砍 切菜 骑行 洗衣服 翩翩起舞 载歌载舞 手舞足蹈 推近 拉远 躺着 坐着 蹲着 跪着 战胜 允许 自杀 上吊 割腕 强奸 做爱 斩首'),
  ...closed('adjective', '说不出 说不清 难以言说 难以形容 莫名 顶级 极致 一流 超级 古老 可爱 温暖 安静 宁静 喧闹 空旷 拥挤 苗条 年老 英俊 帅气 愤怒 兴奋 痛苦 温馨 金黄 透明 奇怪 可怕 危险 安全 普通 破碎 残破 生锈 卷曲 弯曲 缓慢 胖乎乎 圆滚滚 酷炫 华丽 朴素 古典 现代 复古 科幻 魔幻 奇幻 写实 卡通 孤单 忧郁 奇妙 强烈 红 红色 蓝 蓝色 绿 绿色 黄 黄色 白 白色 黑 黑色 紫 紫色 粉 粉色 橙色 金色 银色 灰色 棕色 彩色 大 小 高 矮 长 短 美 美丽 可爱 漂亮 巨大 小小 圆 方 旧 新 老 年轻 明亮 黑暗 透明 金 银 绝美 惊艳 震撼 唯美 梦幻 高级 酷 高质量 高清 超高清 大师级 未来感 科技感 高端 大气 上档次 奢华 低调 炫酷 治愈 十足 无限 很大 很小 快乐 幸福'),
  ...closed('time', '夜里 夜晚 晚上 清晨 早晨 早上 傍晚 黄昏 黄昏时 深夜 中午 下午 上午 白天 夏天 冬天 春天 秋天 从前 今天 明天 昨天 现在 时候 时 雨夜 夜间 午后 凌晨'),
  ...closed('noun', '镜头 画面 人 猫 狗 马 鸟 鱼 花 树 草 山 水 海 河 湖 雨 雪 风 云 月 月亮 太阳 星星 火 船 车 房子 桥 路 街 城 光 雾 灯 门 窗 书 刀 剑 男孩 女孩 女人 男人 老人 孩子 小孩 小狗 小猫 老虎 移动端 爱 美 时光 空无一人 警察 导演 小偷 侦探 教练 裁判 邻居 少年 青年 模特 塔 超市 相机 鼓 无人机 闪电 招牌 碗 跑道 井 接口 通道 看台 擂台 担架 托盘 展台 便衣 帮主 处长 镇长 站长 排长 店主 雇主 买主 昏君 劳工 追兵 逃兵 援兵 对联 炒锅 算盘 试管 喜酒 烧酒 熟食 飘带 披风 宣纸 露水 绫罗 恐怖组织 日落 日出 海上日落 一家三口 一家人'),
]); // prettier-ignore

export const MEASURES =
  '个只条辆位名头匹座棵朵片张把本件架艘台群双对排串杯碗盘瓶盏颗粒块层幅段首间栋幢家所轮道阵场束堆队列滴根枝株顶口尊扇缕团捧叶滩汪支副套部份种声次封枚筐罐瓣抹股簇沓摞叠勺款尾';
const NUMBER = new RegExp(
  `^(?:[一二两三四五六七八九十百千万几数半\\d]+|每|这|那|某|另|整|各|无数|许多|很多|大量|多|几十|上百)[${MEASURES}]?$`,
  'u',
);
const DIGITS_OR_LATIN = /^[\p{L}\p{N}]+(?:[-.'’:][\p{L}\p{N}]+)*/u;
const EMOJI = /^\p{Extended_Pictographic}[\p{M}\u200d\ufe0f\p{Extended_Pictographic}]*/u;

const LISTS = ['words', 'visible', 'abstract', 'generic'] as const;

/** A word that the dictionary lacks is read character by character, and each costs as much as the rarest word. */
const UNKNOWN_LOG = 0;
const TOTAL_LOG = 26;
const LISTED_LOG = 13;
/** Of words that only the table of meanings has: rare, or of today. */
const OTHER_LOG = 4;
const LONGEST_WORD = 5;

/** Words of a Chinese text: the likeliest way to cut it, by how often words occur, and the class of each. */
export function readChinese(text: string, vocabulary: Vocabulary): Reading {
  const words: Word[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const han = /^\p{Script=Han}+/u.exec(rest)?.[0];
    if (han !== undefined) {
      for (const piece of cut(han, vocabulary)) {
        words.push(wordOf(piece, at, words, vocabulary));
        at += piece.length;
      }
      continue;
    }
    const other = EMOJI.exec(rest)?.[0] ?? latinRun(rest) ?? String.fromCodePoint(rest.codePointAt(0) ?? 0);
    if (other.trim() !== '') words.push(foreign(other, at));
    at += other.length;
  }
  return { text, words: words.map((word, i) => settle(word, words[i - 1], words[i + 1], vocabulary, words[i - 2])) };
}

/** Letters and digits of other scripts, up to the next Chinese character. */
function latinRun(text: string): string | undefined {
  const run = DIGITS_OR_LATIN.exec(text)?.[0];
  if (run === undefined) return undefined;
  const han = run.search(/\p{Script=Han}/u);
  return han < 0 ? run : run.slice(0, han);
}

function foreign(text: string, from: number): Word {
  const isMark = !/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text);
  const isNumber = /^\d/.test(text);
  const part: Part = isMark ? 'mark' : isNumber ? 'number' : 'noun';
  return { text, from, to: from + text.length, part, lemma: text.toLowerCase(), isVisible: part === 'noun' };
}

/** Dynamic programming from the end: the best cut after each character, as jieba does it. */
function cut(han: string, vocabulary: Vocabulary): readonly string[] {
  const characters = [...han];
  const best: { score: number; length: number }[] = Array.from({ length: characters.length + 1 }, () => ({
    score: 0,
    length: 1,
  }));
  for (let i = characters.length - 1; i >= 0; i -= 1) {
    let chosen = { score: -Infinity, length: 1 };
    let word = '';
    for (let length = 1; length <= LONGEST_WORD && i + length <= characters.length; length += 1) {
      word += characters[i + length - 1] ?? '';
      const log = logOf(word, vocabulary);
      if (log === null && length > 1) continue;
      const score = (log ?? UNKNOWN_LOG) - TOTAL_LOG + (best[i + length]?.score ?? 0);
      if (score > chosen.score) chosen = { score, length };
    }
    best[i] = chosen;
  }
  const pieces: string[] = [];
  for (let i = 0; i < characters.length;) {
    const length = best[i]?.length ?? 1;
    pieces.push(characters.slice(i, i + length).join(''));
    i += length;
  }
  return withHeads(withAgents(withSimiles(pieces, vocabulary)), vocabulary);
}

/** 「售货 + 员」, 「修 + 表 + 匠」: who does it is one word, though the dictionary lacks it. */
function withAgents(pieces: readonly string[]): readonly string[] {
  const out: string[] = [];
  for (const piece of pieces) {
    const [last = '', beforeLast = ''] = [out.at(-1), out.at(-2)];
    const taken =
      !AGENT.test(piece) || (CLOSED.has(last) && last.length > 1)
        ? 0
        : last.length >= 2
          ? 1
          : last !== '' && beforeLast.length === 1
            ? 2
            : 0;
    out.push(out.splice(out.length - taken, taken).join('') + piece);
  }
  return out;
}

/** 「背影像孤独一样」 is no 影像: where a comparison closes, 像 opens it. */
function withSimiles(pieces: readonly string[], { zh }: Vocabulary): readonly string[] {
  return pieces.flatMap((piece, i) => {
    const [before = '', after = ''] = [pieces[i - 1], pieces[i + 1]];
    const opens = (image: string, thing: string): boolean =>
      /^.像$/u.test(image) &&
      thing.length === 1 &&
      zh.code(thing + image.charAt(0)) !== undefined &&
      closesAfter(image);
    const closesAfter = (image: string): boolean =>
      pieces
        .slice(pieces.indexOf(image) + 1, pieces.indexOf(image) + 6)
        .some((one) => /^(?:一样|一般|似的|般)$/u.test(one));
    if (opens(piece, before)) return ['像'];
    return opens(after, piece) ? [piece + after.charAt(0)] : [piece];
  });
}

/**
 * 「杀青 + 宴」「破碎 + 感」「显眼 + 包」: a deed or quality of two characters does not take an object of one; together they name a
 * thing. 「走进 + 屋」 does, where the deed says which way it goes or how it ends.
 */
function withHeads(pieces: readonly string[], { zh, zhMeanings }: Vocabulary): readonly string[] {
  const out: string[] = [];
  for (const piece of pieces) {
    const last = out.at(-1) ?? '';
    const code = `${zhMeanings.code(last) ?? ''}${zh.code(last)?.[0] ?? ''}`;
    const isHead =
      last.length === 2 &&
      (piece === '感' || (HEADS.test(piece) && /^[vwa]/.test(code) && !CLOSED.has(last) && !ENDS_ON_RESULT.test(last)));
    if (isHead) out[out.length - 1] = last + piece;
    else out.push(piece);
  }
  return out;
}
const HEADS =
  /^[宴感头包机器室店馆场车船杆椅桌灯刀猫狗犬鱼鸟马花树服帽衫裙鞋镜笔剧舞歌曲赛课秀展队团族迷控墙桥塔楼箱盒袋瓶杯盘锅炉伞旗牌糕糖饭面汤茶酒]$/u;
const ENDS_ON_RESULT = /[进出上下过到在向起开住着了成为入满遍往回掉穿破好完见有是要欢去来给]$/u;

const AGENT = /^[员匠师商贩]$/u;

function logOf(word: string, { zh, zhMeanings, zhLists }: Vocabulary): number | null {
  const code = zh.code(word);
  const log = code === undefined ? null : Number(code.slice(1));
  if (word.length === 1) return log;
  const isListed = CLOSED.has(word) || LISTS.some((list) => zhLists.has(list, word));
  if (isListed) return Math.max(log ?? 0, LISTED_LOG);
  return log ?? (zhMeanings.code(word) === undefined ? null : OTHER_LOG);
}

function wordOf(text: string, from: number, before: readonly Word[], vocabulary: Vocabulary): Word {
  const part = partOf(text, before.at(-1), vocabulary);
  return {
    text,
    from,
    to: from + text.length,
    part,
    lemma: text,
    isVisible:
      (part === 'noun' && isVisible(text, vocabulary)) || SEEN_PRONOUNS.has(text) || isPicture(text, part, vocabulary),
    isIdea: part === 'noun' ? isIdea(text, vocabulary) : part === 'verb' && vocabulary.zhMeanings.code(text) === 'w',
  };
}

const isPicture = (text: string, part: Part, { zhMeanings }: Vocabulary): boolean =>
  part === 'idiom' && zhMeanings.code(text) === 'p';

const SEEN_PRONOUNS = new Set('我 你 他 她 我们 你们 他们 她们 大家 有人 人们 众人'.split(' '));

const PART_OF_MEANING: Readonly<Record<string, Part>> = {
  t: 'noun',
  n: 'noun',
  i: 'noun',
  u: 'noun',
  v: 'verb',
  w: 'verb',
  a: 'adjective',
  p: 'idiom',
  m: 'idiom',
};

function partOf(text: string, before: Word | undefined, { zh, zhLists, zhMeanings }: Vocabulary): Part {
  const certain = CLOSED.get(text);
  if (certain) return certain;
  if (NUMBER.test(text)) return 'number';
  // 「三 + 支」: a measure word after a number.
  if (before?.part === 'number' && [...text].length === 1 && MEASURES.includes(text)) return 'number';
  // 「有个老头」.
  if (text === '个' && before?.part === 'verb') return 'number';
  if (text.length > 2 && AGENT.test(text.slice(-1))) return 'noun';
  if (MANNER.test(text)) return 'adverb';
  const code = zh.code(text)?.[0];
  const part = PART_OF_CLASS[code ?? 'n'] ?? 'noun';
  if (zhLists.has('generic', text) || zhLists.has('abstract', text) || zhLists.has('visible', text))
    return part === 'adjective' ? part : 'noun';
  const meant = PART_OF_MEANING[zhMeanings.code(text) ?? ''];
  if (meant) return meant;
  if (part === 'number' && !NUMBER.test(text))
    return [...text].length > 1 && /^[一二两三四五六七八九十]/u.test(text) ? 'number' : 'noun';
  if (part === 'particle' || part === 'preposition' || part === 'conjunction')
    return [...text].length > 1 ? part : 'noun';
  return part;
}

const ABSTRACT_ENDING =
  /(?:.[质义念绪觉度率值权律则策略况态效缘识智愿仰德恨祸运史育艺望欲悟命福术论意志势情]|感|性|主义|精神|氛围|气氛|意境|文化|理念|效率|程度|可能性|制度|之美|之情|情怀|宣传片|广告片?|纪录片|预告片|形象片|样片)$/u;

function isVisible(word: string, { zhLists, zhMeanings }: Vocabulary): boolean {
  if (zhLists.has('visible', word)) return true;
  return (
    !zhLists.has('generic', word) &&
    !zhLists.has('abstract', word) &&
    !/[iu]/.test(zhMeanings.code(word) ?? '') &&
    !ABSTRACT_ENDING.test(word)
  );
}

function isIdea(word: string, { zhLists, zhMeanings }: Vocabulary): boolean {
  if (zhLists.has('abstract', word)) return true;
  return zhMeanings.code(word) === 'i' && !zhLists.has('visible', word) && !zhLists.has('generic', word);
}

const MANNER =
  /^(?:[随顺迎冒临凌乘][风雨水流波浪空]|沿[街路江河途]|正在|轻声|低声|大声|高声|齐声|慢慢|慢慢地|缓缓|静静|轻轻|渐渐|不断|不停|突然|忽然|独自)$/u;

const FEAST = /节$|^(?:中秋|元宵|端午|除夕|清明|七夕|重阳|元旦|圣诞|跨年|国庆|春晚)$/u;
const WHEN = /^(?:的|[期之]间|时|前后?|后|那天|当[天晚]|晚上|夜|夜晚|早晨|里|上|中)$/u;

/** A list of things: 「信封、日历、邮票」. */
const isListMark = (word: Word | undefined): boolean => word?.text === '、';

/** What neighbours decide: 「在」 before a verb is an adverb, a verb right after 「的」 is a thing. */
function settle(
  word: Word,
  before: Word | undefined,
  after: Word | undefined,
  { zh }: Vocabulary,
  counted: Word | undefined,
): Word {
  if (word.text === '在' && (after?.part === 'verb' || after?.part === 'adverb')) return { ...word, part: 'adverb' };
  if (isListMark(before) && isListMark(after) && word.text.length > 1 && (word.part === 'verb' || word.part === 'time'))
    return { ...word, part: 'noun', isVisible: true };
  if (word.text.length > 1 && word.part !== 'noun' && word.text.endsWith('地')) return { ...word, part: 'adverb' };
  if (['adjective', 'noun', 'verb', 'idiom'].includes(word.part) && after?.text === '地')
    return { ...word, part: 'adverb', isVisible: false };
  // 「孩子的笑像…」: a deed that belongs to somebody is a thing.
  if (
    word.part === 'verb' &&
    before?.text === '的' &&
    (after === undefined || /^(?:verb|mark|adverb)$/.test(after.part))
  )
    return { ...word, part: 'noun', isVisible: false };
  // 「星际穿越」「高空跳伞」: what stands before nouns alone makes a thing of the deed.
  if (
    word.part === 'verb' &&
    before?.part === 'adjective' &&
    zh.code(before.text)?.startsWith('n') &&
    (after === undefined || after.part === 'mark')
  )
    return { ...word, part: 'noun', isVisible: word.isIdea !== true };
  // 「焦虑与和解」: what is joined is of one kind.
  if (
    word.part === 'verb' &&
    /^[与和及]$/u.test(before?.text ?? '') &&
    (counted?.part === 'noun' || counted?.part === 'adjective') &&
    (after === undefined || after.part === 'mark')
  )
    return { ...word, part: 'noun', isVisible: false, isIdea: true };
  // 「很棒」「非常潮」: what has a degree is a quality.
  if (word.part === 'noun' && word.text.length === 1 && /^(?:很|非常|太|最|更|特别|超级|好)$/u.test(before?.text ?? ''))
    return { ...word, part: 'adjective', isVisible: false, isIdea: false };
  // A manner of doing stands before a deed, whatever the dictionary calls it: 「轻声低语」「正在雕刻」.
  if (word.part === 'noun' && (MANNER.test(before?.text ?? '') || before?.text === '地'))
    return { ...word, part: 'verb', isVisible: false };
  if (word.text === '着' || word.text === '了' || word.text === '过') return { ...word, part: 'particle' };
  if (word.part === 'noun' && [...word.text].length <= 2 && (after?.text === '着' || after?.text === '了'))
    return { ...word, part: 'verb', isVisible: false };
  // 「端午节赛龙舟」「春节晚会」: the feast itself is seen, but 「春节期间」 is when.
  if (word.part === 'time' && FEAST.test(word.text) && !WHEN.test(after?.text ?? ''))
    return { ...word, part: 'noun', isVisible: true };
  // 「一行白鹭上青天」「三只猴子下山」: what was counted does it.
  if (
    /^[上下]$/u.test(word.text) &&
    counted?.part === 'number' &&
    before?.part === 'noun' &&
    /^(?:noun|time)$/.test(after?.part ?? '')
  )
    return { ...word, part: 'verb' };
  if (word.part === 'direction' && before === undefined && after?.part === 'verb') return { ...word, part: 'adverb' };
  return word;
}
