import type { Flaw } from './flaw.ts';
import type { Vocabulary } from './vocabulary.ts';
import { phrasesOf, type Reading, type Word } from './word.ts';

/** Nothing can end on these: what they announce is missing. */
const LEADS_ON = new Set(
  "near a an the my your its our their every and or but nor with of from for to into onto toward towards between among during against via per than like as beside beneath because although while whereas if unless that which whose whom who when where is are was were be am isn't aren't wasn't weren't has have will would can could should must may might do does and/or upon at without within throughout".split(' '),
); // prettier-ignore
/** After these a particle is a preposition still waiting for its place. */
const WANTS_PLACE = new Set('land sit stand lie lean rest base focus place arrive depend rely perch'.split(' '));
const PARTICLES = new Set(['on', 'in', 'at']);

/** "Snowing in the mountains" needs nobody. */
const WEATHER = /^(?:raining|snowing|storming|hailing|drizzling)$/i;

/** Where the text breaks off or stumbles. */
export function brokenEnglish({ words }: Reading): readonly Flaw[] {
  return [...danglingIn(words), ...doubledIn(words)];
}

/** The whole, where nobody and nothing is named that it could be about. */
export function subjectlessEnglish({ text, words }: Reading, vocabulary: Vocabulary): readonly Flaw[] {
  const spoken = words.filter(({ part }) => part !== 'mark');
  const first = spoken[0];
  const last = spoken.at(-1);
  if (!first || !last) return [];
  if (phrasesOf(words).some((phrase) => hasSubject(phrase, vocabulary)) || isListOfQualities(words)) return [];
  if (WEATHER.test(first.text) || isAsked(spoken, vocabulary) || isOfIdeas(spoken) || isActivity(spoken, vocabulary))
    return [];
  const { from } = first;
  const whole = text.slice(from, last.to);
  return [
    {
      from,
      to: last.to,
      reason: {
        en: 'It says what happens, but not to whom: name who or what is seen',
        zh: '说了发生什么，却没有说是谁：请写出画面里的人或物',
      },
      candidates: subjectsFor(whole, first),
    },
  ];
}

/** "can you make a clip of …", "could we see …": an order in the shape of a question. */
const isAsked = ([can, you, make, thing]: readonly Word[], { enLists }: Vocabulary): boolean =>
  /^(?:can|could|would|will|may)$/i.test(can?.text ?? '') &&
  /^(?:you|u|ya|we|i)$/i.test(you?.text ?? '') &&
  (enLists.has('instruct', make?.lemma ?? '') || /^(?:see|have|get|do|try|help)$/i.test(make?.text ?? '')) &&
  thing !== undefined;

/** "Unleash your potential", "think different", "empowering to achieve": the rule on abstract prompts speaks of it. */
function isOfIdeas(words: readonly Word[]): boolean {
  const things = words.filter(({ part, text }) => part === 'noun' || (part === 'pronoun' && !SPOKEN_TO.test(text)));
  if (things.some(({ isVisible }) => isVisible)) return false;
  const deeds = words.filter(({ part }) => part === 'verb');
  const [first] = words;
  const isPlain = first?.part === 'verb' && !/(?:ing|ed|s)$/i.test(first.text);
  const isOrder =
    (isPlain && (things.length > 0 || words.at(-1)?.part === 'adjective')) ||
    (first?.lemma === 'be' && deeds.length === 0);
  const isUnseen =
    deeds.every(({ isIdea }) => isIdea === true) && first?.part !== 'preposition' && first?.part !== 'subordinator';
  return isOrder || (isUnseen && (deeds.length > 0 || words.some(({ part }) => part === 'adjective')));
}
const SPOKEN_TO = /^(?:me|you|us|yourself|ourselves|myself)$/i;

/** "skydiving": one word that the dictionary knows as a pursuit, and not as how something is done. */
const isActivity = (words: readonly Word[], { en }: Vocabulary): boolean =>
  words.length === 1 && /^[ac]+$/.test(en.code(words[0]?.text.toLowerCase() ?? '') ?? '');

/** Adjectives alone say how, of nothing: that is for the rule on abstract prompts. */
const isListOfQualities = (words: readonly Word[]): boolean =>
  words.some(({ part }) => part === 'adjective') &&
  words.every(({ part, lemma }) => ['adjective', 'adverb', 'mark'].includes(part) || lemma === 'and');

function subjectsFor(whole: string, first: Word): readonly string[] {
  const lower = /^\p{Lu}\p{Ll}/u.test(whole) ? whole.charAt(0).toLowerCase() + whole.slice(1) : whole;
  switch (first.part) {
    case 'verb':
      return /(?:ing|s)$/i.test(first.text) ? [`A person ${lower}`] : [`People ${lower}`, `A person, ${lower}`];
    case 'auxiliary':
      return [`A person ${lower}`];
    case 'subordinator':
      return [withoutFirst(lower, first), `A person waits ${lower}`, `A person, ${lower}`];
    case 'preposition':
      return [`A person walks ${lower}`, `A person ${lower}`];
    default:
      if (/^\w+ly \w+ing\b/i.test(lower)) return [`A person ${lower}`];
      return [`A person moves ${lower}`, `A person, ${lower}`];
  }
}

/** "because the bridge collapsed": without the word that made it depend on something. */
function withoutFirst(whole: string, first: Word): string {
  const rest = whole.slice(first.text.length).trim();
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** The last word of the prompt, or of a sentence in it, still leads on to something. */
function danglingIn(words: readonly Word[]): readonly Flaw[] {
  const ends = words.flatMap((word, i) => (/^[.!?;]$/.test(word.text) && !isInsideNumber(words, i) ? [i] : []));
  return [...new Set([...ends, words.length])].flatMap((end) => {
    let lastIndex = end - 1;
    while (lastIndex >= 0 && words[lastIndex]?.part === 'mark' && words[lastIndex]?.text === ',') lastIndex -= 1;
    const last = words[lastIndex];
    if (!last || !leadsOn(words, lastIndex)) return [];
    let keep = lastIndex;
    while (keep >= 0 && (leadsOn(words, keep) || words[keep]?.text === ',')) keep -= 1;
    const isObjectGone = words[keep + 1]?.part === 'determiner' && words[keep]?.part === 'verb' && keep > 1;
    const kept = words[isObjectGone ? keep - 1 : keep];
    const from = kept?.to ?? 0;
    return [
      {
        from,
        to: last.to,
        reason: {
          en: `The sentence breaks off after “${last.text}”`,
          zh: `句子在“${last.text}”之后断了`,
        },
        candidates: ['', words[keep] ? '' : 'A small cat walks in a park'],
      },
    ];
  });
}

const PICTURE =
  /^(?:shot|video|clip|footage|close-?up|portrait|animation|render|timelapse|time-lapse|montage|commercial|vlog)s?$/;

const isInsideNumber = (words: readonly Word[], i: number): boolean =>
  words[i]?.text === '.' && words[i + 1]?.from === words[i]?.to && words[i + 1] !== undefined;

function leadsOn(words: readonly Word[], i: number): boolean {
  const word = words[i];
  const before = words[i - 1];
  if (!word) return false;
  const text = word.text.toLowerCase();
  if (text === 'then') return ['and', ','].includes(before?.text.toLowerCase() ?? '');
  if (PARTICLES.has(text) && WANTS_PLACE.has(before?.lemma ?? '')) return true;
  // "looks like" asks; "what it is", "whatever it has" end so.
  if (
    word.part === 'auxiliary' &&
    words.slice(0, i).some(({ text: one }) => /^(?:what|whatever|as|than|how|so)$/i.test(one))
  )
    return false;
  if (
    /^(?:like|to)$/.test(text) &&
    words.slice(0, i).some(({ text: one }) => /^(?:what|whatever|how|where)$/i.test(one))
  )
    return false;
  if (/^(?:to|that)$/.test(text) && before?.part === 'verb' && /^(?:wants?|like|do|doing|saw|see)$/i.test(before.text))
    return false;
  if (text === 'his') return before?.text.toLowerCase() !== 'of';
  if (text === 'her') return /^(?:and|or)$/i.test(before?.text ?? '');
  return LEADS_ON.has(text);
}

/** "a the", "in in": a slip of the keyboard that breaks the phrase. */
function doubledIn(words: readonly Word[]): readonly Flaw[] {
  return words.flatMap((word, i) => {
    const before = words[i - 1];
    const isBroken =
      before !== undefined &&
      ((before.part === 'determiner' && /^(?:a|an|the)$/i.test(before.text) && /^(?:a|an|the)$/i.test(word.text)) ||
        (before.text.toLowerCase() === word.text.toLowerCase() &&
          ['preposition', 'auxiliary', 'conjunction'].includes(word.part)));
    if (!isBroken) return [];
    return [
      {
        from: before.from,
        to: word.to,
        reason: {
          en: `“${before.text} ${word.text}” breaks the sentence`,
          zh: `“${before.text} ${word.text}”打断了句子`,
        },
        candidates: [word.text],
      },
    ];
  });
}

/** Whether somebody or something is named that is neither the object of a verb nor inside a phrase of place. */
function hasSubject(phrase: readonly Word[], { enLists }: Vocabulary): boolean {
  let isWaiting: 'free' | 'after-preposition' | 'after-verb' = 'free';
  let isSubordinate = false;
  // "do not show …", "never show …": told what to do, as "show …" is.
  const told = /^(?:do|don't|never|please)$/i.test(phrase[0]?.text ?? '') ? 3 : 1;
  for (const [i, word] of phrase.entries()) {
    const next = phrase[i + 1];
    const lower = word.text.toLowerCase();
    switch (word.part) {
      case 'subordinator':
        // "while the sun sets" depends on what is not said; "a girl who" has its subject already.
        if (i === 0 || (i === 1 && phrase[0]?.part === 'adverb'))
          isSubordinate = !/^(?:where|who|what|that|which)$/.test(lower);
        break;
      case 'preposition':
        isWaiting = lower === 'like' || lower === 'unlike' ? isWaiting : 'after-preposition';
        if (lower === 'like') isWaiting = 'after-preposition';
        break;
      case 'verb':
        // "dancing bears": after a participle that describes, the plural is no deed.
        if (i === 0 && phrase.length === 2 && enLists.has('modifier', lower) && next?.part === 'verb') return true;
        if (
          (enLists.has('instruct', lower) || told > 1 || (i === 0 && /^(?:need|want|looking)$/.test(lower))) &&
          i <= told
        )
          isWaiting = 'free';
        else if (
          enLists.has('modifier', lower) &&
          (next?.part === 'noun' || next?.part === 'adjective') &&
          isWaiting === 'free'
        )
          break;
        else if (lower.endsWith('ed') && (next?.part === 'noun' || next?.part === 'adjective') && isWaiting === 'free')
          break;
        else if (isWaiting !== 'after-preposition' || next?.part !== 'noun') isWaiting = 'after-verb';
        break;
      case 'auxiliary':
        if (/^(?:there's|it's|he's|she's|that's|i'm|you're|they're|we're|let's)$/.test(lower)) return true;
        isWaiting = i === 0 && told === 1 ? 'after-verb' : isWaiting;
        break;
      case 'pronoun':
      case 'noun':
        // "unboxing video of …", "over the shoulder shot of …": how it is shown; what is shown follows.
        if (
          PICTURE.test(lower) &&
          i > 0 &&
          (phrase[i - 1]?.part !== 'determiner' || /^(?:of|following|showing)$/i.test(next?.text ?? ''))
        )
          return true;
        if (isWaiting === 'free' && !isSubordinate) return true;
        if (isSubjectAfterAll(phrase, i)) return true;
        if (word.part === 'noun' && next?.part !== 'noun' && isWaiting === 'after-preposition')
          isWaiting = nextState(phrase, i);
        break;
      case 'number':
        // "no one is on the beach", "two walk": a number that stands for its thing.
        if (isWaiting === 'free' && (next?.part === 'auxiliary' || next?.part === 'verb') && !isSubordinate)
          return true;
        if (isWaiting === 'free' && !isSubordinate && next === undefined) return true;
        break;
      default:
        break;
    }
  }
  return false;
}

/** "at home robots dance", "spouting whale jumps": the noun before a finite verb rules it, whatever stood before. */
function isSubjectAfterAll(phrase: readonly Word[], i: number): boolean {
  const next = phrase[i + 1];
  if (next?.part !== 'verb' || /(?:ing|ed)$/i.test(next.text)) return false;
  const isCompound = phrase[i - 1]?.part === 'noun';
  const isQualified = i === 1 && /ing$/i.test(phrase[0]?.text ?? '');
  return isCompound || isQualified;
}

/** After "in the park" a new noun phrase is free again: "in the park a panda walks". */
function nextState(phrase: readonly Word[], i: number): 'free' | 'after-preposition' {
  const next = phrase[i + 1];
  const isJoined = next?.part === 'conjunction' || next?.part === 'preposition';
  return isJoined ? 'after-preposition' : 'free';
}
