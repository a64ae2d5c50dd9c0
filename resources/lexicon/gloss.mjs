/**
 * What a Chinese word is, by its English explanations: the dictionary of CC-CEDICT says what it means, WordNet whether
 * that can be seen (seen.mjs). Where the explanations leave it open, words that end on the same character decide with
 * them: what ends on 机 is a thing, what ends on 感 is not.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** An explanation counts less the later it stands. */
const weightAt = (i) => 1 / (1 + i);
/** What ends on the same character counts as much as one first explanation. */
const ENDING_WEIGHT = 1;
/** An ending with few words is as good as no ending. */
const ENDING_SHRINKAGE = 3;
/** Below this share of things a word is an idea. */
const IDEA_SHARE = 0.2;
/** With this share of deeds (of qualities) it is nothing else. */
const CERTAIN_SHARE = 0.85;
/** A deed of which less than this share can be seen is none for a camera. */
const UNSEEN_DEED_SHARE = 0.15;
/** With this share of things, on an ending of things, it is one, whatever its class says. */
const THING_SHARE = 0.6;
const THING_ENDING = 0.45;
/** With this share of deeds a word says nothing of its ending. */
const DEED_SHARE = 0.6;

/** As good as nothing: what is in it makes the picture. */
const GENERIC = new Set(['film', 'movie', 'video', 'footage', 'clip', 'thing', 'stuff']);
const SAYS_NOTHING = /^(?:variant|old variant|see |abbr|used |surname|also written|same as|\(?bound form)/;
const LEADS_IN = /^(?:(?:an?|the|some|one's) )?(?:(?:kind|type|sort|piece|form|set|pair) of )?(?:(?:an?|the) )?/;
const GOES_ON =
  / (?:of|for|in|on|at|with|by|from|to|that|which|who|where|used|between|about|as|made|and|or|without|over|under|during|among|against|within|i\.e\.|e\.g\.) |[,:]/;

/** One explanation → 'deed', 'quality', 'generic', or the shares of things and of ideas proper; null where it tells nothing. */
function kindOf(explanation, english) {
  // "(mountain) peak" is a mountain peak.
  const told = explanation
    .toLowerCase()
    .replace(/^\(([a-z]+)\) ([a-z]+)$/, (all, one, two) => (english.has(`${one}_${two}`) ? `${one} ${two}` : all));
  const plain = told
    .replace(/\([^)]*\)|\[[^\]]*\]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (plain === '' || SAYS_NOTHING.test(plain) || /\p{Script=Han}/u.test(plain)) return null;
  if (plain.startsWith('to ')) {
    const verb = english.get(lemmaOf(plain.slice(3).split(/[ ,]/)[0], english));
    return verb && verb.v > 0 ? { acted: verb.acted / verb.v } : 'deed';
  }
  const words = plain.replace(LEADS_IN, '').split(GOES_ON)[0].trim().split(' ').filter(Boolean);
  if (words.length === 0) return null;
  const last = lemmaOf(words.at(-1), english);
  const head = (words.length > 1 && english.get(lemmaOf(words.join('_'), english))) || english.get(last);
  if (!head) return null;
  if (GENERIC.has(last)) return 'unseen';
  const most = Math.max(head.n, head.v, head.j, head.r);
  // "husky (sled dog)" is no quality, though "husky" is.
  if (words.length === 1 && !told.includes('(') && head.n < most / 2 && (head.j === most || head.r === most))
    return 'quality';
  if (head.n === 0) return head.j > 0 ? 'quality' : head.v > 0 ? { acted: head.acted / head.v } : 'deed';
  const all = head.visible + head.unseen;
  return { thing: head.visible / all, pure: head.idea / all };
}

const lemmaOf = (word, english) =>
  [word, word.replace(/ies$/, 'y'), word.replace(/es$/, ''), word.replace(/s$/, '')].find((one) => english.has(one)) ??
  word;

/** @returns Map word → { thing, idea, quality, pure, deed, generic, name }, weights of its explanations; of the deeds `acted` are seen; isIdiom, isPicture: whether it is a set phrase, and one that names things */
export async function readGlosses(modules, english) {
  const { default: dictionary } = await import(pathToFileURL(path.join(modules, 'cc-cedict', 'data', 'all.js')).href);
  const glosses = new Map();
  for (const [, word, sound, explanations] of dictionary.all) {
    if (!/^\p{Script=Han}+$/u.test(word)) continue;
    const gloss = glosses.get(word) ?? {
      thing: 0,
      idea: 0,
      quality: 0,
      pure: 0,
      deed: 0,
      acted: 0,
      generic: 0,
      name: 0,
    };
    glosses.set(word, gloss);
    const told = [explanations].flat().join('; ');
    if (/\bidiom\b/.test(told)) gloss.isIdiom = true;
    if (!/^[A-Z]/.test(sound) && namesThings(told, english)) gloss.isPicture = true;
    if (RARE.test(told)) gloss.isRare = true;
    if (/^[A-Z]/.test(sound)) {
      gloss.name += 1;
      continue;
    }
    [explanations]
      .flat()
      .flatMap((one) => one.split(/[;/]/))
      .forEach((one, i) => {
        const kind = kindOf(one, english);
        if (kind === null) return;
        if (typeof kind === 'object' && 'acted' in kind) {
          gloss.deed += weightAt(i);
          gloss.acted += kind.acted * weightAt(i);
        } else if (typeof kind === 'object') {
          gloss.thing += kind.thing * weightAt(i);
          gloss.idea += (1 - kind.thing) * weightAt(i);
          gloss.pure += kind.pure * weightAt(i);
        } else if (kind === 'quality') {
          gloss.idea += weightAt(i);
          gloss.quality += weightAt(i);
          gloss.pure += weightAt(i);
        } else gloss[kind] += weightAt(i);
      });
  }
  return glosses;
}

/** Of bodies and people an idiom speaks without meaning them. */
const NO_PICTURE = new Set(
  'person people somebody someone heart hand hands head face eye eyes mouth body tongue ear ears foot feet bone blood soul mind home house family country world earth heaven land place thing matter man human work line point ground paper book tooth teeth arm arms leg shoulder back skin family enemy friend master servant official king emperor army ruler gentleman'.split(
    ' ',
  ),
);
/** Things are named by nouns that are hardly ever anything else. */
const PICTURE_SHARE = 0.7;

const namesThings = (told, english) =>
  told
    .toLowerCase()
    .replace(/\([^)]*\)|\[[^\]]*\]/g, ' ')
    .split(/[^a-z]+/)
    .some((word) => {
      const lemma = word.length > 2 ? lemmaOf(word, english) : word;
      const known = english.get(lemma);
      if (!known || word.length < 3 || NO_PICTURE.has(word) || NO_PICTURE.has(lemma)) return false;
      const all = known.n + known.v + known.j + known.r;
      return known.n >= PICTURE_SHARE * all && known.visible >= PICTURE_SHARE * (known.visible + known.unseen);
    });

/** Explanations of what nobody writes in a prompt. */
const RARE =
  /^(?:old |variant|\((?:old|archaic|dialect|Tw|chem|math|medicine|geology)\)|see |also |surname|abbr)|archaic|\(old\)|bird species|chemistry|biochem|physiol|pharma|taxonomy|math\)|erhua/;

const total = ({ thing, idea, deed, generic, name }) => thing + idea + deed + generic + name;
const things = ({ thing, name }) => thing + name;
const isTelling = (gloss) => gloss.name === 0 && gloss.thing + gloss.idea > 0 && gloss.deed < DEED_SHARE * total(gloss);
const shareOf = (gloss) => gloss.thing / (gloss.thing + gloss.idea);

/**
 * For each word 'deed', 'unseen deed', 'quality', 'thing' (for certain), 'idea', 'unseen' (a happening, a sound, a film), or undefined
 * where the dictionary lacks it or leaves it open.
 */
export function classify(glosses) {
  const endings = new Map();
  let [sum, count] = [0, 0];
  for (const [word, gloss] of glosses) {
    if (word.length < 2 || !isTelling(gloss)) continue;
    const ending = endings.get(word.at(-1)) ?? { sum: 0, count: 0 };
    endings.set(word.at(-1), ending);
    ending.sum += shareOf(gloss);
    ending.count += 1;
    sum += shareOf(gloss);
    count += 1;
  }
  const mean = sum / count;
  /** Of the other words with the same end. */
  const shareByEnding = (word, own) => {
    const ending = endings.get(word.at(-1)) ?? { sum: 0, count: 0 };
    const others = own === null ? ending : { sum: ending.sum - own, count: ending.count - 1 };
    return (others.sum + ENDING_SHRINKAGE * mean) / (others.count + ENDING_SHRINKAGE);
  };
  return (word) => {
    const gloss = glosses.get(word);
    if (!gloss || total(gloss) === 0) return undefined;
    if (gloss.generic >= total(gloss) / 2) return 'unseen';
    const weight = total(gloss) - gloss.generic;
    if (gloss.deed >= CERTAIN_SHARE * total(gloss))
      return gloss.acted < UNSEEN_DEED_SHARE * gloss.deed ? 'unseen deed' : 'deed';
    if (gloss.quality >= CERTAIN_SHARE * total(gloss)) return 'quality';
    const share = shareByEnding(word, word.length > 1 && isTelling(gloss) ? shareOf(gloss) : null);
    const ending = word.length > 1 ? ENDING_WEIGHT : 0;
    const thing = (things(gloss) + ending * share) / (weight + ending);
    if (gloss.thing >= THING_SHARE * weight && gloss.deed + gloss.quality === 0 && share >= THING_ENDING)
      return 'thing';
    if (thing >= IDEA_SHARE) return undefined;
    return gloss.pure >= (gloss.idea + gloss.deed) / 2 ? 'idea' : 'unseen';
  };
}
