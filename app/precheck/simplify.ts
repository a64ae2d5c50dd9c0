import type { LanguageName } from '../contract/name.ts';
import { cleanPrompt } from '../prompt/clean.ts';

/** Said of the picture, not of what is in it: quality, camera, light, style. A clause that is only this can go. */
const ABOUT_PICTURE_EN =
  /\b(?:\d+k|u?hd|hdr|cinematic|camera|lens|bokeh|depth of field|lighting|lit|render(?:ed|ing)?|masterpiece|quality|detail(?:ed|s)?|resolution|style|mood|atmosphere|aesthetic|vibe|trending|photoreal\w*|realistic|award[- ]winning|close[- ]?up|zoom\w*|pan(?:s|ning)?|tracking shot|slow motion|\d+ ?(?:fps|mm)|colou?r grading|film grain|ultra|unreal engine|octane)\b/i;
const ABOUT_PICTURE_ZH =
  /\d+k|高清|超清|画质|画面|镜头|运镜|特写|景深|电影感|光影|光线|质感|风格|氛围|意境|渲染|杰作|细节|慢动作|色调|分辨率|写实|大师级|构图|虚化/iu;

/** What stands before the thing that is shown: "a cinematic shot of …", 「一段视频，…」. */
const LEAD_IN_EN =
  /^(?:please )?(?:(?:make|create|generate|show|draw|render|film)(?: me)? )?(?:an? |the )?(?:[\w-]+ ){0,4}?(?:shot|video|clip|scene|image|picture|photo|footage|animation|view|close[- ]?up|portrait) (?:of|showing|with|where|in which) /i;
const LEAD_IN_ZH =
  /^(?:请|帮我)?(?:生成|制作|画|拍摄|做)?(?:一[段个张幅支])?[^，。]{0,6}?(?:视频|画面|镜头|短片|影片|图片|动画|特写)(?:中|里|上)?[,，:：]?(?:展现|展示|显示|呈现|是|拍摄)?/u;

/** What hangs on a figure and can be left away without changing what happens. */
const ORNAMENTS_EN = [
  / \([^()]*\)/g,
  / (?:with|wearing|dressed in|holding|covered in|made of|surrounded by|adorned with|who|which|that) (?:(?! (?:is|are|was|were) \w+ing\b| \w+ing (?:\w+ly )?(?:in|on|at|through|across|along|into|over|under|to|down|up|around|past|towards?|by)\b| (?:in|on|at|through|across|along|into|over|under|near|beside|by) (?:an?|the|its|his|her)\b).)*/gi,
  / (?:like|as if|as though|as \w+ as) .*$/gi,
  /\b(?:very|really|extremely|incredibly|absolutely|stunningly|breathtakingly|highly) /gi,
] as const;
const ORNAMENTS_ZH = [
  /[（(][^（()）]*[）)]/gu,
  /(?:身?穿着?|戴着|披着|拿着|带着|背着|手持|长着|有着)[^，。的]{1,12}的/gu,
  /(?:仿佛|宛如|宛若|犹如|如同|好像|好似|就像|像)[^，。]*?(?:一样|一般|似的|般)[地的]?/gu,
  /(?:仿佛|宛如|宛若|犹如|如同)[^，。]*$/gu,
  /(?:非常|十分|极其|特别|无比|超级)/gu,
] as const;

const STARTS_AS_MOTION_EN = /^(?:is |are |then |and )?\w+(?:ing|s)\b/i;
const STARTS_AS_PLACE_EN =
  /^(?:in|on|at|near|by|under|over|above|across|through|along|inside|outside|beside|between|among|behind|beneath|against|around|towards?|into) /i;
const HAS_MOTION_EN =
  /\b(?!morning\b|evening\b|nothing\b|something\b|king\b|ring\b|ceiling\b|building\b|clothing\b|string\b|wing\b)\w{2,}ing\b|\b(?:is|are)\b|\b(?:an?|the|one|two|three|\w+s?) \w+ (?:walks?|runs?|moves?|jumps?|flies|fly|swims?|falls?|rises?|spins?|turns?|dances?|floats?|drives?|rides?|sits?|stands?|opens?|bounces?|rolls?)\b/i;
const HAS_PLACE_EN =
  /\b(?:in|on|at|near|by|under|over|above|across|through|along|inside|beside|between|among|behind|beneath|underwater|indoors)\b/i;
const HAS_PLACE_ZH = /[在从于]|[里上中下旁边间内外](?:$|[，。])|海底|天空|水下|室内/u;
const HAS_MOTION_ZH =
  /[走跑跳飞游动转升落掉爬骑坐站躺弹滚摇飘漂舞唱吃喝追拍推拉开关冲滑撞睡看望笑哭划驶奔翻旋绕燃烧流绽]/u;

/**
 * The prompt with only its subject, motion and place: what the cure `simplify-prompt` renders, and what safe mode
 * offers. Ornament, style, camera and comparison go; the words that stay are the user's own. Applied twice it changes
 * nothing more, and it is never empty for a prompt with a letter in it.
 */
export function simplifyPrompt(prompt: string, language: LanguageName): string {
  const cleaned = cleanPrompt(prompt);
  if (language === 'other') return firstSentence(cleaned);
  let text = cleaned;
  for (let round = 0; round < ROUND_LIMIT; round += 1) {
    const next = language === 'zh' ? simplifyOnce(text, zh) : simplifyOnce(text, en);
    if (next === text || next === '') break;
    text = next;
  }
  return text;
}

/** Each round only removes, so that this is never reached by text that people write. */
const ROUND_LIMIT = 20;

interface Rules {
  readonly separator: RegExp;
  readonly joiner: string;
  readonly aboutPicture: RegExp;
  readonly leadIn: RegExp;
  readonly ornaments: readonly RegExp[];
  readonly hasMotion: (text: string) => boolean;
  readonly hasPlace: (text: string) => boolean;
  readonly addsMotion: (clause: string) => boolean;
  readonly addsPlace: (clause: string) => boolean;
}

const en: Rules = {
  separator: /[,;.!?:|]+(?=\s|$)|\s[–—-]\s|\n/,
  joiner: ' ',
  aboutPicture: ABOUT_PICTURE_EN,
  leadIn: LEAD_IN_EN,
  ornaments: ORNAMENTS_EN,
  hasMotion: (text) => HAS_MOTION_EN.test(text),
  hasPlace: (text) => HAS_PLACE_EN.test(text),
  addsMotion: (clause) => STARTS_AS_MOTION_EN.test(clause) && HAS_MOTION_EN.test(clause),
  addsPlace: (clause) => STARTS_AS_PLACE_EN.test(clause),
};
const zh: Rules = {
  separator: /[，,。；;！!？?：:|\n]|——/u,
  joiner: '，',
  aboutPicture: ABOUT_PICTURE_ZH,
  leadIn: LEAD_IN_ZH,
  ornaments: ORNAMENTS_ZH,
  hasMotion: (text) => HAS_MOTION_ZH.test(text),
  hasPlace: (text) => HAS_PLACE_ZH.test(text),
  addsMotion: (clause) => HAS_MOTION_ZH.test(clause),
  addsPlace: (clause) => HAS_PLACE_ZH.test(clause),
};

function simplifyOnce(text: string, rules: Rules): string {
  const body = withoutPrefix(text, rules.leadIn);
  const clauses = body
    .split(rules.separator)
    .map((clause) => tidy(clause))
    .filter(hasLetter);
  const shown = clauses.filter((clause) => !rules.aboutPicture.test(clause));
  const [first = clauses[0] ?? text, ...rest] = shown.map((clause) => plain(clause, rules.ornaments));
  let simple = first;
  for (const clause of rest) {
    const isNeeded =
      (!rules.hasMotion(simple) && rules.addsMotion(clause)) || (!rules.hasPlace(simple) && rules.addsPlace(clause));
    if (isNeeded) simple += rules.joiner + clause;
  }
  return simple;
}

/** An ornament that is all there is stays. */
function plain(clause: string, ornaments: readonly RegExp[]): string {
  return ornaments.reduce((text, ornament) => {
    const rest = tidy(text.replace(ornament, ''));
    return hasLetter(rest) ? rest : text;
  }, clause);
}

function withoutPrefix(text: string, prefix: RegExp): string {
  const rest = text.replace(prefix, '');
  return hasLetter(rest) ? rest : text;
}

function firstSentence(text: string): string {
  return text.split(/(?<=[.!?。！？])\s*/u).find(hasLetter) ?? text;
}

const tidy = (text: string): string => text.replace(/\s+/gu, ' ').trim();
const hasLetter = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);
