/** Letters of other scripts, and drawn ones that Unicode does not take apart, that look like Latin ones. */
const LOOK_ALIKES = new Map(
  (
    'аa еe оo рp сc хx уy іi јj ѕs кk мm тt вb нh ԁd ԛq ԝw һh ѵv ӏl ёe ґr ѡw ' +
    'οo αa βb γy δd εe ηn ιi κk νv ρp σo τt υu χx ωw ѳo оo ' +
    'օo սu ոn հh զq ցg ɑa ɡg ıi ɩi ⅼl ʟl ɴn ᴏo ᴘp ʀr ʙb ᴀa ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ᴍm ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz ' +
    'øo đd łl ħh ŧt ƒf ɐa əe ɛe ʊu'
  )
    .split(' ')
    .map((pair) => [pair.slice(0, -1), pair.slice(-1)]),
);
/** Letters in squares and circles and those of flags, in runs of the alphabet. */
const DRAWN_ALPHABETS = [0x1_f130, 0x1_f150, 0x1_f170, 0x1_f1e6] as const;

function undrawn(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const start = DRAWN_ALPHABETS.find((first) => code >= first && code < first + 26);
  return start === undefined ? character : String.fromCharCode(97 + code - start);
}
/** Letters that look like another one than their shape in print suggests: "sуicide". */
const SECOND_LOOKS = new Map(
  ['уu', 'иu', 'пn', 'гr', 'яr', 'лn', 'ьb', 'зe', 'υy', 'ηn'].map((pair) => [pair.slice(0, -1), pair.slice(-1)]),
);
/** Digits and signs that stand for letters. */
const LEET = new Map(
  ['0o', '1i', '3e', '4a', '5s', '7t', '8b', '@a', '$s', '!i', '|l', '€e'].map((pair) => [
    pair.slice(0, 1),
    pair.slice(1),
  ]),
);

/** A word as it reads once its disguise is taken off, and where it stands in the text. */
export interface PlainWord {
  /** The likeliest reading first; `*` stands for a letter that was hidden. */
  readonly forms: readonly string[];
  /** Whether it is written as nobody writes a word without a reason. */
  readonly isDisguised: boolean;
  readonly from: number;
  readonly to: number;
}

interface Letter {
  readonly plain: string;
  /** Of an alphabet that nobody types by accident: full width, circled, mathematical. */
  readonly isOdd: boolean;
  readonly from: number;
  readonly to: number;
}

/** Everything below are letters of living alphabets. */
const FIRST_ODD_LETTER = 0x2000;

/** One letter for each character that can be part of a word; the rest are gaps. */
function lettersOf(text: string): readonly Letter[] {
  const letters: Letter[] = [];
  for (const match of text.matchAll(/./gsu)) {
    const folded = undrawn(match[0]).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
    const isOdd = /^[a-z]/.test(folded) && (match[0].codePointAt(0) ?? 0) >= FIRST_ODD_LETTER;
    letters.push({ plain: folded, isOdd, from: match.index, to: match.index + match[0].length });
  }
  return letters;
}

const isWordLetter = (plain: string): boolean => /^[\p{L}\p{N}@$!|*€]+$/u.test(plain) && !/\p{Script=Han}/u.test(plain);

/** Runs of letters, undisguised. */
function wordsOf(letters: readonly Letter[]): readonly PlainWord[] {
  const words: PlainWord[] = [];
  let run: Letter[] = [];
  const close = (): void => {
    while (/^[!|*]$/.test(run.at(-1)?.plain ?? '')) run.pop();
    while (/^[!|*]$/.test(run[0]?.plain ?? '')) run.shift();
    const [first, last] = [run[0], run.at(-1)];
    if (first && last) {
      const raw = run.map(({ plain }) => plain).join('');
      // Accents and capitals are no disguise; digits, signs and letters of other scripts within a word are.
      const isDisguised = /[a-z]/.test(raw) && (!/^[a-z]+$/.test(raw) || run.some(({ isOdd }) => isOdd));
      words.push({ forms: formsOf(raw), isDisguised, from: first.from, to: last.to });
    }
    run = [];
  };
  for (const letter of letters)
    if (letter.plain === '') continue;
    else if (isWordLetter(letter.plain)) run.push(letter);
    else close();
  close();
  return words;
}

function formsOf(raw: string): readonly string[] {
  if (!/\p{L}/u.test(raw)) return [raw];
  // Look-alikes only beside real Latin letters: a Russian word is not a disguise.
  const isMixed = /[a-z]/.test(raw) || [...raw].every((one) => LOOK_ALIKES.has(one));
  const latin = isMixed ? [...raw].map((one) => LOOK_ALIKES.get(one) ?? one).join('') : raw;
  const decoded = [...latin].map((one) => LEET.get(one) ?? one).join('');
  const second = isMixed ? [...raw].map((one) => SECOND_LOOKS.get(one) ?? LOOK_ALIKES.get(one) ?? one).join('') : raw;
  const forms = new Set([latin, decoded, second]);
  // "p*o*r*n": stars part letters as well as they stand for one.
  if (latin.includes('*')) forms.add(latin.replaceAll('*', ''));
  // "se4qing2": tones of pinyin.
  if (/[a-z][1-5]/.test(latin)) forms.add(latin.replace(/(?<=[a-z])[1-5]/g, ''));
  for (const form of [...forms])
    if (/(.)\1\1/u.test(form)) forms.add(form.replace(/(.)\1{2,}/gu, '$1')).add(form.replace(/(.)\1{2,}/gu, '$1$1'));
  // "ssex", "nakedd", "poorn": where no word doubles its letters; "rapping" keeps its two.
  for (const form of [...forms])
    if (form.length > 3)
      forms.add(form.replace(/^([a-z])\1/, '$1').replace(/([a-z])\1$/, '$1')).add(form.replace(/([aeiou])\1/g, '$1'));
  return [...forms];
}

/**
 * The words of a text in five readings: as they stand; with words that are tied together by dots and dashes as one
 * ("po-rn"); with letters that are spelled out one by one as one word ("p o r n", "s.e.x"); each with its neighbour
 * ("behea ding").
 */
export function plainReadings(text: string): readonly (readonly PlainWord[])[] {
  const words = wordsOf(lettersOf(text));
  const gap = (i: number): string => text.slice(words[i - 1]?.to ?? 0, words[i]?.from ?? 0);
  const tied = joined(words, (i) => /^[._\-·*'’~+]{1,2}$/.test(gap(i)));
  const isLetter = (word: PlainWord | undefined): boolean =>
    word !== undefined && word.to - word.from <= 2 && [...(word.forms[0] ?? '')].length === 1;
  const isSpelledOn = (i: number): boolean =>
    isLetter(words[i - 1]) && isLetter(words[i]) && gap(i).length <= 3 && !gap(i).includes('\n');
  const spelled = joined(words, isSpelledOn);
  // "a p o r n clip": the article is no letter of it.
  const isArticle = (i: number): boolean => words[i]?.forms[0] === 'a' && !isLetter(words[i - 1]);
  const afterArticle = joined(words, (i) => isSpelledOn(i) && !isArticle(i - 1));
  const changed = [tied, spelled, afterArticle].filter(({ length }) => length !== words.length);
  return [words, ...changed, pairs(words, gap)];
}

/** What is split by a space may be split by chance, and so is no disguise. */
const pairs = (words: readonly PlainWord[], gap: (i: number) => string): readonly PlainWord[] =>
  words.flatMap((word, i) => {
    const before = words[i - 1];
    if (!before || !/^[ _]$/.test(gap(i))) return [];
    const whole = `${before.forms[0] ?? ''}${word.forms[0] ?? ''}`;
    return [{ forms: [whole], isDisguised: false, from: before.from, to: word.to }];
  });

function joined(words: readonly PlainWord[], isTied: (i: number) => boolean): readonly PlainWord[] {
  const out: PlainWord[] = [];
  words.forEach((word, i) => {
    const last = out.at(-1);
    if (i > 0 && last && isTied(i)) {
      const whole = `${last.forms[0] ?? ''}${word.forms[0] ?? ''}`;
      out[out.length - 1] = { forms: formsOf(whole), isDisguised: true, from: last.from, to: word.to };
    } else out.push(word);
  });
  return out;
}
