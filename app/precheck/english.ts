import { partByEnding } from './ending.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Part, Reading, Word } from './word.ts';

const closed = (part: Part, words: string): readonly (readonly [string, Part])[] =>
  words.split(' ').map((word) => [word, part] as const);

/** Words whose part of speech is certain: the grammar of the language, not its vocabulary. */
const CLOSED: ReadonlyMap<string, Part> = new Map([
  ...closed('determiner', 'a an the my your his her its our their some any no every each another both this that these those all'),
  ...closed('number', 'one two three four five six seven eight nine ten eleven twelve twenty thirty fifty hundred thousand dozen several many few multiple'),
  ...closed('pronoun', 'i you he she it we they him them me us himself herself itself themselves yourself myself ourselves yourselves someone somebody everyone everybody nobody none who whoever there mine yours hers'),
  ...closed('auxiliary', "is are was were be been being am isn't aren't wasn't weren't do does did don't doesn't didn't has have had hasn't haven't will would won't can could can't cannot couldn't shall should shouldn't may might must let's it's he's she's that's there's i'm you're they're we're"),
  ...closed('preposition', 'as before after about despite except of in on at to from by for with without into onto through across along over under above below beneath behind beside besides between among around against toward towards near inside outside within upon off up down out past via during amid amidst atop underneath beyond like unlike per throughout aboard alongside'),
  ...closed('conjunction', 'and or but nor yet plus then'),
  ...closed('subordinator', 'while when whenever because although though if unless until since whereas that which whose whom where so'),
  ...closed('adverb', "not never very really too quite just only also still again always often slowly together away back here now soon suddenly extremely almost even once twice not n't hardly barely forward backward backwards forwards upwards downwards leftwards rightwards upward downward apart ahead sideways else"),
]); // prettier-ignore

const IRREGULAR_PLURALS: Readonly<Record<string, string>> = {
  men: 'man', women: 'woman', children: 'child', people: 'person', feet: 'foot', teeth: 'tooth', geese: 'goose', mice: 'mouse', wolves: 'wolf', leaves: 'leaf', knives: 'knife', shelves: 'shelf', lives: 'life', wives: 'wife', loaves: 'loaf', halves: 'half', fishermen: 'fisherman', firemen: 'fireman', policemen: 'policeman', elves: 'elf', dwarves: 'dwarf', scarves: 'scarf', hooves: 'hoof', calves: 'calf',
}; // prettier-ignore
const IRREGULAR_VERBS = new Set(
  'ran sat stood flew swam fell rose went came took gave held kept left met saw threw caught wore drove rode wrote drew grew knew blew sang sank sprang shook spoke broke woke hid lit led lay lies lying dying tying hits cuts puts sets spins spun swung hung stuck dug slid bent built burnt felt found fought heard lost made paid read said sold sent shot slept told thought won goes does begins began made says'.split(' '),
); // prettier-ignore

const TOKEN =
  /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*|\p{Extended_Pictographic}[\p{M}\u200d\ufe0f\p{Extended_Pictographic}]*|[^\s]/gu;

interface Lookup {
  /** Possible parts, likeliest first. */
  readonly parts: readonly Part[];
  readonly lemma: string;
  readonly isVisible: boolean;
  readonly form: 'plain' | 's' | 'ing' | 'ed';
  /** A thing by the dictionary that is a deed as well: "opening". */
  readonly isDeedToo?: boolean;
}

/** Words of an English text with their parts of speech, by dictionary, ending and neighbours. */
export function readEnglish(text: string, vocabulary: Vocabulary): Reading {
  const tokens = [...text.matchAll(TOKEN)];
  const lookups = tokens.map((token) => lookUp(token[0], token.index === 0, vocabulary));
  const words: Word[] = [];
  tokens.forEach((token, i) => {
    const known = lookups[i];
    if (!known) return;
    const part = choose(known, words, lookups[i + 1], tokens[i + 1]?.[0].toLowerCase() ?? '');
    const isNoun = part === 'noun';
    words.push({
      text: token[0],
      from: token.index,
      to: token.index + token[0].length,
      part,
      lemma: known.lemma,
      isVisible: (isNoun || part === 'pronoun') && known.isVisible,
      isIdea:
        part === 'verb'
          ? (vocabulary.en.code(known.lemma)?.includes('w') ?? false)
          : isNoun && !known.isVisible && !vocabulary.enLists.has('generic', known.lemma),
    });
  });
  return { text, words };
}

/** Persons that a pronoun stands for can be seen; "it" and "something" name nothing. */
const SEEN_PRONOUNS = new Set('i you he she we they him them me us someone somebody everyone everybody'.split(' '));

function lookUp(token: string, isFirst: boolean, { en, enLists }: Vocabulary): Lookup {
  const word = token
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/'s$|s'$/, '');
  const plain = (part: Part, isVisible = false): Lookup => ({ parts: [part], lemma: word, isVisible, form: 'plain' });
  if (/^\p{Extended_Pictographic}/u.test(token)) return plain('noun', true);
  if (!/[\p{L}\p{N}]/u.test(token)) return plain('mark');
  // "1girl", as tags have it; not "8k", "24fps", "1970s".
  const counted = /^\d+((?!fps|min|sec|mhz|ghz)[a-z]{3,})$/.exec(word)?.[1];
  if (counted !== undefined) return open(counted, en, enLists);
  if (/^\d/.test(token)) return /^\d+(?:\.\d+)?$/.test(token) ? plain('number') : plain('adjective');
  if (/\p{Script=Han}/u.test(token)) return plain('noun', true);
  const certain = CLOSED.get(token.toLowerCase().replaceAll('’', "'"));
  if (certain) return plain(certain, SEEN_PRONOUNS.has(word));
  // A capital inside a sentence is a name.
  if (!isFirst && /^\p{Lu}\p{Ll}/u.test(token) && !enLists.has('generic', word)) return plain('noun', true);

  const hyphen = word.lastIndexOf('-');
  if (hyphen > 0 && en.code(word) === undefined && !enLists.has('generic', word)) return hyphenated(word, hyphen);
  return open(word, en, enLists);
}

const LISTS = ['visible', 'generic', 'abstract', 'spatial'] as const;

/** A word of the open vocabulary: by the lists, the dictionary, what it is an inflection of, or its ending. */
function open(word: string, en: Vocabulary['en'], enLists: Vocabulary['enLists']): Lookup {
  const isListed = LISTS.some((list) => enLists.has(list, word));
  const code = en.code(word);
  const direct = code === undefined ? null : partsOf(code);
  const stem = stemOf(word, en);
  // "dancing": a verb first, whatever the dictionary says, unless it names a thing ("a building").
  if (stem?.form === 'ing' && !isListed && code?.startsWith('c') !== true)
    return {
      ...stem,
      parts: enLists.has('quality', word) ? ['adjective', 'verb'] : [...new Set([...stem.parts, ...(direct ?? [])])],
    };
  if (isListed || direct) {
    const parts: readonly Part[] =
      direct?.includes('noun') || !isListed ? (direct ?? ['noun']) : ['noun', ...(direct ?? [])];
    const lemma = singular(word, en);
    const lists = { en, enLists };
    const isSeen = isVisible(word, lists) || (!isListed && isVisible(lemma, lists));
    return { parts, lemma, isVisible: isSeen, form: 'plain', isDeedToo: stem?.form === 'ing' };
  }
  if (stem) return { ...stem, isVisible: stem.parts.includes('noun') && isVisible(stem.lemma, { en, enLists }) };
  const positive = positiveOf(word, en);
  if (positive !== undefined) return { parts: ['adjective'], lemma: positive, isVisible: false, form: 'plain' };
  const guess = partByEnding(word);
  const lemma = singular(word, en);
  if (guess === 'r' || guess === 'j')
    return { parts: [guess === 'r' ? 'adverb' : 'adjective'], lemma: word, isVisible: false, form: 'plain' };
  return { parts: ['noun'], lemma, isVisible: isVisible(lemma, { en, enLists }), form: 'plain' };
}

/** "deepest", "nicer", "happiest": what is compared. */
function positiveOf(word: string, en: Vocabulary['en']): string | undefined {
  const bare = /^(\w{3,})(?:est|er)$/.exec(word)?.[1];
  if (bare === undefined) return undefined;
  return [bare, `${bare}e`, bare.replace(/i$/, 'y'), bare.slice(0, -1)].find(
    (one, i) => (i < 3 || bare.at(-1) === bare.at(-2)) && en.code(one)?.includes('j'),
  );
}

/** "red-haired", "close-up", "heart-shaped": a modifier, unless its last part is a thing by itself. */
function hyphenated(word: string, hyphen: number): Lookup {
  const last = word.slice(hyphen + 1);
  const isModifier = /(?:ed|ing|en|free|like|old|style|fi|winning|speed|res|quality|motion|angle|up|to|of)$/.test(last);
  return {
    parts: isModifier ? ['adjective'] : ['noun', 'adjective'],
    lemma: word,
    isVisible: !isModifier,
    form: 'plain',
  };
}

const PART_OF_LETTER: Readonly<Record<string, Part>> = {
  c: 'noun',
  a: 'noun',
  v: 'verb',
  w: 'verb',
  j: 'adjective',
  r: 'adverb',
};

const partsOf = (code: string): readonly Part[] => [
  ...new Set([...code].map((letter) => PART_OF_LETTER[letter] ?? 'noun')),
];

type Lists = Pick<Vocabulary, 'en' | 'enLists'>;

function isVisible(word: string, { en, enLists }: Lists): boolean {
  if (enLists.has('visible', word)) return true;
  if (LISTS.some((list) => enLists.has(list, word))) return false;
  const code = en.code(word);
  return code === undefined ? partByEnding(word) === 'c' : code.includes('c');
}

function singular(word: string, en: Vocabulary['en']): string {
  const irregular = IRREGULAR_PLURALS[word];
  if (irregular !== undefined) return irregular;
  if (!word.endsWith('s') || word.endsWith('ss') || word.endsWith('us') || word.length < 4) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ches|shes|xes|sses|zes|oes)$/.test(word)) return word.slice(0, -2);
  return en.code(word) !== undefined && en.code(word.slice(0, -1)) === undefined ? word : word.slice(0, -1);
}

/** What an inflected form comes from, or null where it is no inflection of anything. */
function stemOf(word: string, en: Vocabulary['en']): Lookup | null {
  const isVerb = (stem: string): boolean => stem.length > 1 && /[vw]/.test(en.code(stem) ?? '');
  const verbStem = (bare: string): string | undefined =>
    [bare, `${bare}e`, bare.slice(0, -1), `${bare.slice(0, -1)}y`].find(
      (stem, i) => (i !== 2 || bare.at(-1) === bare.at(-2)) && isVerb(stem),
    );
  if (IRREGULAR_PLURALS[word] !== undefined)
    return { parts: ['noun'], lemma: IRREGULAR_PLURALS[word] ?? word, isVisible: true, form: 'plain' };
  if (IRREGULAR_VERBS.has(word))
    return { parts: ['verb'], lemma: word, isVisible: false, form: word.endsWith('s') ? 's' : 'ed' };
  if (word.endsWith('ing') && word.length > 4) {
    const stem = verbStem(word.slice(0, -3));
    if (stem !== undefined) return { parts: ['verb'], lemma: stem, isVisible: false, form: 'ing' };
  }
  if (word.endsWith('ed') && word.length > 3) {
    const stem = verbStem(word.slice(0, -2));
    if (stem !== undefined) return { parts: ['verb', 'adjective'], lemma: stem, isVisible: false, form: 'ed' };
  }
  if (word.endsWith('s') && !word.endsWith('ss') && word.length > 2) {
    const stem = singular(word, en);
    const verb = [word.slice(0, -1), word.slice(0, -2), stem].find(isVerb);
    const code = en.code(stem);
    const isNoun = code === undefined ? !['j', 'r'].includes(partByEnding(stem)) : /[ca]/.test(code);
    const isVerbFirst = /^[vw]/.test(code ?? '');
    if (verb !== undefined && isNoun)
      return { parts: isVerbFirst ? ['verb', 'noun'] : ['noun', 'verb'], lemma: stem, isVisible: true, form: 's' };
    if (verb !== undefined) return { parts: ['verb'], lemma: verb, isVisible: false, form: 's' };
    if (isNoun) return { parts: ['noun'], lemma: stem, isVisible: true, form: 'plain' };
  }
  return null;
}

const NOUN_FOLLOWS: ReadonlySet<Part> = new Set(['determiner', 'number', 'preposition']);

/** Pick the reading that fits what stands before; the words before are settled already. */
function choose(word: Lookup, before: readonly Word[], next: Lookup | undefined, nextText: string): Part {
  const { parts, form } = word;
  const [first = 'noun'] = parts;
  const last = before.at(-1);
  // "a spouting whale": between an article and its noun only a quality can stand.
  const isBetween =
    (last?.part === 'determiner' || last?.part === 'number') && /^(?:noun|adjective)$/.test(next?.parts[0] ?? '');
  if (isBetween && first === 'verb' && (form === 'ing' || form === 'ed')) return 'adjective';
  // "slowly opening the door": a thing has no thing of its own after it.
  if (
    word.isDeedToo === true &&
    next?.parts[0] === 'determiner' &&
    !/^(?:determiner|number|adjective|preposition)$/.test(last?.part ?? '')
  )
    return 'verb';
  if (parts.length === 1) return first;
  const can = (part: Part): boolean => parts.includes(part);
  const nextPart = next?.parts[0] ?? 'mark';
  if (last === undefined || last.part === 'mark') return chooseFirst(word, next, nextText);
  if (last.text.toLowerCase() === 'to' && first === 'verb' && form === 'plain') return 'verb';
  if (form === 'ing' && !['determiner', 'number', 'adjective'].includes(last.part)) return 'verb';
  if (NOUN_FOLLOWS.has(last.part)) {
    // "a fast car": an adjective only where something follows that it can belong to.
    if (can('adjective') && first !== 'noun' && (nextPart === 'noun' || nextPart === 'adjective')) return 'adjective';
    if (can('noun')) return 'noun';
    return can('adjective') ? 'adjective' : first;
  }
  if (last.part === 'pronoun' && can('verb')) return 'verb';
  if (last.part === 'auxiliary') {
    if (can('verb') && form !== 'plain') return 'verb';
    return can('adjective') ? 'adjective' : can('verb') ? 'verb' : first;
  }
  if (isPredicate(word, before, nextPart)) return 'verb';
  if (can('noun') && last.part === 'adjective') return nextPart === 'noun' && can('adjective') ? 'adjective' : 'noun';
  // "in the sky red balloons rise": a new thing begins with its quality.
  if (first === 'adjective' && last.part === 'noun' && (nextPart === 'noun' || nextPart === 'adjective'))
    return 'adjective';
  if (can('noun') && last.part === 'noun' && form !== 'ed') return 'noun';
  if (first === 'verb' && form === 'plain' && can('noun') && last.part !== 'adverb' && hasPredicate(before))
    return 'noun';
  return first;
}

const DIRECTIONS = new Set(
  'over into through up down across along past onto toward towards out away around back off'.split(' '),
);

/** At the start of a phrase: "steam rises", "rain on glass" are things, "run fast" and "walk the dog" are deeds. */
function chooseFirst({ parts, form, isVisible }: Lookup, next: Lookup | undefined, nextText: string): Part {
  const [first = 'noun'] = parts;
  const nextPart = next?.parts[0] ?? 'mark';
  if (form === 'ing' || form === 'ed') return first;
  if (!parts.includes('noun')) return first;
  if (first === 'adjective' || parts.includes('adjective')) return nextPart === 'noun' ? 'adjective' : first;
  // "climbs over the wall": on a way only a deed goes.
  if (form === 's' && first === 'verb' && DIRECTIONS.has(nextText)) return 'verb';
  // "looks at the stars", but "waves on the shore": only what can be seen stands there as a thing.
  const isAlone = nextPart === 'mark' || nextPart === 'conjunction';
  if (form === 's' && parts.includes('verb') && !isVisible && !isAlone) return 'verb';
  return nextPart === 'determiner' || nextPart === 'adverb' || nextPart === 'pronoun' ? first : 'noun';
}

const hasPredicate = (before: readonly Word[]): boolean =>
  sinceMark(before).some(({ part }) => part === 'verb' || part === 'auxiliary');

/** A word after a noun that agrees with it in number, where the phrase lacks a verb: "two men play", "a girl dances". */
function isPredicate({ parts, form }: Lookup, before: readonly Word[], nextPart: Part): boolean {
  const last = before.at(-1);
  if (!parts.includes('verb') || last?.part !== 'noun' || form === 'ed' || hasPredicate(before) || !canRule(before))
    return false;
  const isPlural = last.text.toLowerCase() !== last.lemma;
  // "popcorn carts," names things; "a girl dances," says what she does.
  const isNamed = !sinceMark(before).some(({ part }) => part === 'determiner' || part === 'number');
  if (form === 's')
    return !isPlural && !(isNamed && parts.includes('noun') && (nextPart === 'mark' || nextPart === 'conjunction'));
  return isPlural || (parts[0] === 'verb' && nextPart !== 'noun');
}

/**
 * Whether the noun before can have a verb: not inside "among sand dunes", where no other noun stands before; not the
 * "cartoon" of "two cartoon ducks".
 */
function canRule(before: readonly Word[]): boolean {
  const phrase = sinceMark(before);
  let start = phrase.length;
  while (start > 0 && ['noun', 'adjective', 'number', 'determiner'].includes(phrase[start - 1]?.part ?? '')) start -= 1;
  const opener = phrase[start - 1];
  const isPlace = opener?.part === 'preposition' && !phrase.slice(0, start).some(({ part }) => part === 'noun');
  const number = phrase.slice(start).find(({ part }) => part === 'number')?.lemma;
  const last = phrase.at(-1);
  const wantsPlural =
    number !== undefined && number !== 'one' && number !== '1' && last?.text.toLowerCase() === last?.lemma;
  return !isPlace && !wantsPlural;
}

function sinceMark(words: readonly Word[]): readonly Word[] {
  const mark = words.findLastIndex(({ part }) => part === 'mark' || part === 'subordinator');
  return words.slice(mark + 1);
}
