import { sceneFor } from './density.ts';
import type { Flaw } from './flaw.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Reading, Word } from './word.ts';

const reason = (simile: string): Flaw['reason'] => ({
  en: `“${simile.trim()}” compares with something that can't be seen: say what it looks like`,
  zh: `“${simile.trim()}”比作了看不见的东西：请写出看起来是什么样子`,
});

/* English */

/** "as … as": a quality that no picture shows, whatever it is compared with. */
const UNSEEN_QUALITY =
  /^(?:free|freely|pure|eternal|endless|infinite|timeless|mysterious|lonely|wise|divine|perfect|hopeful|true|innocent|immortal|invisible|silent|meaningful|deep)$/;
const COMPARED_LIMIT_WORDS = 8;

export function vagueEnglish({ text, words }: Reading, vocabulary: Vocabulary): readonly Flaw[] {
  return words.flatMap((word, i) => {
    const simile = vagueAt(words, i, vocabulary);
    if (!simile) return [];
    const start =
      words[i - 1]?.text === ',' && word.text.toLowerCase() !== 'as'
        ? (words[i - 1]?.from ?? word.from)
        : (words[i - 1]?.to ?? word.from);
    const to = simile.at(-1)?.to ?? word.to;
    const said = text.slice(word.from, to);
    const picture = PICTURES.find(({ theme }) => theme.test(said))?.en;
    return [
      {
        from: i === 0 ? 0 : start,
        to,
        reason: reason(said),
        candidates:
          i === 0
            ? ['', sceneFor(said, 'en'), 'A small cat walks in a park']
            : picture === undefined
              ? ['']
              : [` ${picture}`, ''],
      },
    ];
  });
}

/** What a worn comparison usually wants to be seen. */
const PICTURES = [{ theme: /\bdream|\bfairy/i, en: 'in soft mist' }] as const;

/** The words of a vague comparison that begins here, or null. */
function vagueAt(words: readonly Word[], i: number, vocabulary: Vocabulary): readonly Word[] | null {
  const word = words[i];
  const lower = word?.text.toLowerCase();
  const rest = phraseFrom(words, i);
  if (lower === 'as') {
    if (/^(?:if|though)$/i.test(rest[1]?.text ?? '')) return vagueClause(rest);
    const second = rest.findIndex((one, at) => at > 1 && at <= 3 && one.text.toLowerCase() === 'as');
    if (second < 0) return null;
    const vehicle = nounPhrase(rest, second + 1, vocabulary);
    const quality = rest[second - 1]?.text.toLowerCase() ?? '';
    // A quality that no picture shows is vague whatever follows, and "love" may look like a verb.
    if (UNSEEN_QUALITY.test(quality)) return rest.slice(0, vehicle?.end ?? second + 2);
    return vehicle && !vehicle.isVisible ? rest.slice(0, vehicle.end) : null;
  }
  if (lower !== 'like' || isLiking(words, i)) return null;
  const vehicle = nounPhrase(rest, 1, vocabulary);
  if (!vehicle || vehicle.isVisible) return null;
  return withTail(rest, vehicle.end, vocabulary);
}

/** "like a whisper of the soul", "like destiny calling": what hangs on the vehicle goes with it. */
function withTail(rest: readonly Word[], end: number, vocabulary: Vocabulary): readonly Word[] {
  let to = end;
  while (rest[to]?.text.toLowerCase() === 'of' || rest[to]?.text.toLowerCase() === 'in') {
    const next = nounPhrase(rest, to + 1, vocabulary);
    if (!next || (rest[to]?.text.toLowerCase() === 'in' && next.isVisible)) break;
    to = next.end;
  }
  if (/(?:ing|self)$/i.test(rest[to]?.text ?? '')) to += 1;
  return rest.slice(0, to);
}

function vagueClause(rest: readonly Word[]): readonly Word[] | null {
  const nouns = rest.slice(2).filter(({ part }) => part === 'noun');
  return nouns.length > 0 && nouns.every(({ isVisible }) => !isVisible) ? rest : null;
}

/** Up to the next mark, and not too far. */
function phraseFrom(words: readonly Word[], i: number): readonly Word[] {
  const end = words.findIndex(({ part }, at) => at > i && part === 'mark');
  return words.slice(i, Math.min(end < 0 ? words.length : end, i + COMPARED_LIMIT_WORDS + 4));
}

/** The first noun phrase at a place: its head decides. */
function nounPhrase(
  words: readonly Word[],
  from: number,
  { enLists }: Vocabulary,
): { readonly end: number; readonly isVisible: boolean } | null {
  let at = from;
  while (at < words.length && ['determiner', 'adjective', 'adverb', 'number'].includes(words[at]?.part ?? '')) at += 1;
  let end = at;
  while (words[end]?.part === 'noun') end += 1;
  const head = words[end - 1];
  if (end === at || !head) {
    // "the unknown", "the eternal": an adjective that stands for a thing can't be seen.
    const isNominal = words[from]?.part === 'determiner' && at > from + 1;
    return isNominal ? { end: at, isVisible: false } : null;
  }
  return { end, isVisible: head.isVisible || enLists.has('spatial', head.lemma) };
}

/** "she would like", "people like music": a verb. */
function isLiking(words: readonly Word[], i: number): boolean {
  const before = words[i - 1];
  if (!before) return false;
  if (/^(?:i|you|he|she|we|they|who|people|everybody|everyone)$/i.test(before.text)) return true;
  if (/^(?:would|do|don't|to|doesn't|really|also|i'd)$/i.test(before.text)) return true;
  const isPlural = before.part === 'noun' && before.text.toLowerCase() !== before.lemma;
  return isPlural && !words.slice(0, i).some(({ part }) => part === 'verb' || part === 'auxiliary');
}

/* Chinese */

const ZH_MARKER = /^(?:像|好像|就像|宛如|宛若|犹如|如同|仿佛|好似|恰似|恍如|恍若|有如|似|如)$/u;
const ZH_CLOSER = /^(?:一样|一般|似的|般|那样|那般|般地)$/u;
const ZH_IDIOM =
  /(?:给人一种)?(?:如梦似幻|如梦如幻|如诗如画|似梦似幻|亦真亦幻|如梦初醒|恍如隔世|如痴如醉|诗情画意|如诗如歌)(?:的感觉|一般|般)?(?:的|地)?|(?:宛如|有如|好似|恰似|犹如|如同|仿佛|如|像|似)?(?:梦境|梦幻|梦|诗|史诗|仙境|天堂|童话|永恒|灵魂|神话)一?般(?:的|地)?/gu;
const ZH_UNSEEN_QUALITY = /^(?:自由|纯洁|永恒|神秘|孤独|幸福|浪漫|无限|寂寞|深沉|真挚|圣洁|自在)$/u;

export function vagueChinese({ text, words }: Reading, vocabulary: Vocabulary): readonly Flaw[] {
  const flaws: Flaw[] = [...text.matchAll(ZH_IDIOM)].map((match) =>
    flaw(text, match.index, match.index + match[0].length),
  );
  words.forEach((word, i) => {
    if (!ZH_MARKER.test(word.text) || flaws.some(({ from, to }) => word.from < to && word.to > from)) return;
    const simile = vagueChineseAt(words, i, vocabulary);
    // 「她美得像一个梦」: 得 goes, and a degree takes its place.
    const takesDegree =
      words[i - 1]?.text === '得' &&
      /^(?:adjective|noun)$/.test(words[i - 2]?.part ?? '') &&
      simile?.from !== word.from;
    if (simile) flaws.push(flaw(text, simile.from, simile.to, simile.said, takesDegree));
  });
  return flaws.toSorted((a, b) => a.from - b.from);
}

function flaw(text: string, from: number, to: number, said = text.slice(from, to), takesDegree = false): Flaw {
  const isAll = text.slice(0, from).trim() === '' && text.slice(to).trim() === '';
  return {
    from,
    to,
    reason: reason(said),
    candidates: isAll
      ? [sceneFor(said, 'zh'), '一只小猫在公园里散步']
      : takesDegree
        ? ['极了', '']
        : insteadInChinese(said, text.slice(to)),
  };
}

function insteadInChinese(said: string, after: string): readonly string[] {
  if (/梦/u.test(said) && after === '') return ['笼罩着薄雾', ''];
  // 「眼神像命运一样深」: alone a quality of one character needs its 很.
  return /^\p{Script=Han}(?:$|[，。])/u.test(after) ? ['很', ''] : [''];
}

/** 「月光如同往事洒在湖面」: with a deed after it, the comparison is over; 「如同燃烧的火焰」 has its thing behind the deed. */
function endOfVehicle(phrase: readonly Word[]): number {
  const deed = phrase.findIndex(
    ({ part }, i) =>
      i > 1 && part === 'verb' && phrase[i - 1]?.part === 'noun' && !phrase.slice(i).some(({ text }) => text === '的'),
  );
  return deed < 0 ? phrase.length : deed;
}

function vagueChineseAt(
  words: readonly Word[],
  i: number,
  { zhLists }: Vocabulary,
): { readonly from: number; readonly to: number; readonly said: string } | null {
  const endOfPhrase = words.findIndex(({ part }, at) => at > i && part === 'mark');
  const phrase = words.slice(i, endOfPhrase < 0 ? undefined : endOfPhrase);
  const closer = phrase.findIndex(({ text }) => ZH_CLOSER.test(text));
  const marker = phrase[0];
  // 「如」 alone begins examples and names.
  if (marker?.text === '如' && closer < 0) return null;
  // 「像」 alone also means to resemble or to seem; only with 一样 or a noun at the end does it compare.
  const end = closer < 0 ? endOfVehicle(phrase) : closer;
  const vehicle = phrase.slice(1, end);
  const nouns = vehicle.filter(({ part, text }) => part === 'noun' || part === 'time' || zhLists.has('abstract', text));
  const head = nouns.at(-1);
  const ground = closer < 0 ? [] : phrase.slice(closer + 1);
  const quality = ground.find(({ part }) => part === 'adjective' || part === 'noun' || part === 'verb');
  const isUnseenQuality = quality !== undefined && ZH_UNSEEN_QUALITY.test(quality.text);
  const isVague = isUnseenQuality || (head !== undefined && nouns.every(({ isVisible }) => !isVisible));
  if (!marker || !isVague) return null;
  const last = phrase[closer < 0 ? end - 1 : closer];
  const before = words[i - 1];
  // 「自由得像风一样」: with nothing after it, 得 would hang; 「跑得像风一样快」 keeps it.
  const takesDe = before?.text === '得' && ground.length === 0;
  const takesComma = before?.part === 'mark' && /[，,、]/u.test(before.text) && ground.length === 0;
  let to = last?.to ?? marker.to;
  // 「像风一样自由的少女」: the quality goes too, as far as its 的 or 地.
  const particle = ground.findIndex(({ text }) => text === '的' || text === '地' || text === '得');
  if (particle >= 0 && (isUnseenQuality || particle === 0) && ground[particle]?.text !== '得')
    to = ground[particle]?.to ?? to;
  else if (isUnseenQuality && ground.every(({ part }) => part !== 'verb')) to = ground.at(-1)?.to ?? to;
  const from = takesDe || takesComma ? (before?.from ?? marker.from) : marker.from;
  return { from, to, said: phrase.map(({ text }) => text).join('') };
}
