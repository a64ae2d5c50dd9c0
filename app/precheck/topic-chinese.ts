import type { Vocabulary } from './vocabulary.ts';
import type { Word } from './word.ts';

/** 「追逐梦想」「平凡中的伟大」: the rule on abstract prompts speaks of it. 「跟着音乐摇摆」 is somebody's deed. */
export function isOfIdeas(words: readonly Word[]): boolean {
  const first = words[0];
  if (first?.part === 'subordinator' || (first?.part === 'preposition' && !/^(?:关于|对|对于)$/u.test(first.text)))
    return false;
  if (words.some(({ isIdea }) => isIdea === true)) return true;
  if (words.some(({ part }) => part === 'verb') && words.every(({ part, isIdea }) => part !== 'verb' || isIdea))
    return true;
  const endsOnQuality = /^(?:adjective|noun|idiom)$/.test(words.at(-1)?.part ?? '');
  return endsOnQuality && words.every(({ part }) => part !== 'verb');
}

/** 「对故乡的思念」「以客户为中心，打造极致体验」: an idea is what it comes to, and nothing is done that could be seen. */
export const endsOnIdea = (words: readonly Word[]): boolean =>
  words.at(-1)?.part === 'noun' &&
  words.at(-1)?.isIdea === true &&
  words.every(({ part, isIdea }) => part !== 'verb' || isIdea === true);

/** 「撸猫」「拆快递」: so short it names a pursuit, not what somebody does somewhere. */
export const isTopic = (text: string, words: readonly Word[], { zh }: Vocabulary): boolean =>
  /^\p{Script=Han}{2,3}$/u.test(text.trim()) &&
  /^[^被把在从向往对给跟走跑坐站躺]/u.test(words[0]?.text ?? '') &&
  words.every(({ part }) => ['verb', 'noun'].includes(part)) &&
  words.some(({ part }) => part === 'verb') &&
  (words.length > 1 || zh.code(text.trim()) === undefined || holdsItsThing(text.trim(), zh));

/** 「拔河」「露营」: a deed with its thing already in it. */
export const holdsItsThing = (deed: string, zh: Vocabulary['zh']): boolean =>
  /^\p{Script=Han}{2}$/u.test(deed) && (zh.code(deed.slice(-1))?.startsWith('n') ?? false);

/** 「祝大家万事如意」: nothing happens yet. */
export const isWish = (words: readonly Word[]): boolean =>
  /^(?:祝|祝愿|恭祝|愿|恭喜|祝福)$/u.test(words[0]?.text ?? '');

/** Words of today: no verse of old has them. */
const MODERN = /[的了着过在把被个们是这那很吗呢给跟和]|[一两三几]个/u;
/** Lines of five or seven characters, all of one length, most words of one: no subject is asked of a verse. */
export function isVerse(phrases: readonly (readonly Word[])[]): boolean {
  const lines = phrases.map((words) => words.map(({ text }) => text).join(''));
  const [length] = lines.map((line) => [...line].length);
  const words = phrases.flat();
  return (
    (length === 5 || length === 7) &&
    lines.every((line) => [...line].length === length && /^\p{Script=Han}+$/u.test(line) && !MODERN.test(line)) &&
    // One line alone may be a sentence of today; all but one of its words have to be short.
    words.filter(({ text }) => text.length === 1).length >= (lines.length > 1 ? words.length / 2 : words.length - 1) &&
    words.some(({ isVisible }) => isVisible) &&
    !words.some(({ part }) => part === 'preposition' || part === 'adverb') &&
    words.at(-1)?.part !== 'direction'
  );
}

/** 「做得酷一点」 says how, of nothing: that is for the rule on abstract prompts. */
const SAYS_ONLY_HOW = /^(?:做|弄|拍|搞|画|要|来|写)(?:得|成|点)/u;

/** How it is to be, and nothing that it could be about. */
export function saysOnlyHow(text: string, words: readonly Word[]): boolean {
  if (SAYS_ONLY_HOW.test(text.trim())) return true;
  // 「自由得像风一样」: the comparison is another rule's.
  const simile = words.findIndex(({ text: one }) => /^(?:像|就像|宛如|宛若|犹如|如同|仿佛)$/u.test(one));
  const said = simile > 0 ? words.slice(0, simile) : words;
  const spoken = said.filter(({ part }) => part !== 'mark' && part !== 'adverb' && part !== 'particle');
  return spoken.length > 0 && spoken.every(({ part }) => part === 'adjective' || part === 'idiom');
}

/** 「给我一个惊喜」「来点好看的」: asks for something, and nothing that could be seen. */
export const isRequest = (words: readonly Word[]): boolean =>
  /^(?:给我|帮我|来[点个一]|整[点个]|弄[点个]|搞[点个]|我?想?要)/u.test(words.map(({ text }) => text).join('')) &&
  !words.some(({ part, isVisible }) => part === 'noun' && isVisible);
