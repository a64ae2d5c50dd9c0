/**
 * How much of what a noun means can be seen, from WordNet: a sense counts as seen where what it is a kind of leads up to
 * one of `SEEN` before it leads up to one of `UNSEEN`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

const lines = (file) => readFileSync(file, 'utf8').split('\n').filter(Boolean);

/** Sense keys of what a camera can show: things and matter, and those events, signs and shapes that are pictures themselves. */
const SEEN = [
  'physical_object%1:03:00::', 'matter%1:03:00::', 'people%1:14:00::', 'gathering%1:14:00::', 'animal_group%1:14:00::', 'unit%1:14:00::', 'force%1:14:01::', 'musical_organization%1:14:00::',
  'atmospheric_phenomenon%1:19:00::', 'actinic_radiation%1:19:00::', 'cloud%1:17:00::', 'cloud%1:19:01::', 'combustion%1:22:00::',
  'fire%1:11:00::', 'wave%1:11:01::', 'ripple%1:11:00::', 'discharge%1:11:01::', 'social_event%1:11:00::', 'ceremony%1:04:00::',
  'fire%1:22:00::', 'flood%1:19:00::', 'plane_figure%1:25:00::', 'solid_figure%1:25:00::', 'curve%1:25:00::', 'drop%1:25:00::',
  'gesture%1:10:00::', 'facial_expression%1:10:00::', 'gesture%1:04:00::', 'leap%1:04:00::', 'jump%1:04:00::', 'kiss%1:04:00::', 'dance%1:04:00::',
  'dancing%1:04:00::', 'athletics%1:04:00::', 'sport%1:04:00::', 'text%1:10:00::', 'print_media%1:10:00::', 'letter%1:10:01::', 'written_symbol%1:10:00::', 'document%1:10:00::',
  'visual_signal%1:10:00::', 'sign%1:10:00::', 'sign%1:10:01::', 'card%1:10:00::', 'picture%1:10:00::', 'imaginary_being%1:18:00::', 'deity%1:18:00::', 'spiritual_being%1:18:00::',
  'twilight%1:28:00::', 'sunset%1:28:00::', 'dawn%1:28:00::', 'night%1:28:00::', 'parade%1:14:00::', 'body_part%1:08:00::', 'body_of_water%1:17:00::', 'galaxy%1:14:00::', 'solid%1:25:00::', 'military_action%1:04:00::', 'medical_procedure%1:04:00::',
]; // prettier-ignore
/** And of what nobody can, though WordNet files it under things. */
const UNSEEN = [
  'extremity%1:15:00::', 'imaginary_place%1:09:00::', 'invention%1:06:00::', 'direction%1:15:00::', 'element%1:09:00::', 'literary_composition%1:10:00::', 'sacred_text%1:10:00::',
  'center%1:15:00::', 'end%1:15:00::', 'side%1:15:00::', 'place%1:15:00::', 'essence%1:27:00::',
]; // prettier-ignore

/** Lexicographer files of what is nobody's deed and no happening: attribute, cognition, feeling, motive, possession, quantity, relation, state, time. */
const IDEA_FILES = new Set([3, 7, 9, 12, 16, 21, 23, 24, 26, 28]);

/** Lexicographer files of deeds that a camera can show: body, change, competition, consumption, contact, creation, motion, perception, weather. */
const SEEN_DEED_FILES = new Set([29, 30, 33, 34, 35, 36, 38, 39, 43]);

/** Lexicographer files of nothing but things: animal, artifact, body, food, plant. */
const THING_FILES = new Set([5, 6, 8, 13, 20]);

/** Before anybody counted: the first senses are the common ones. */
const SENSE_WEIGHTS = [1, 0.6];
const POS_OF_TYPE = { 1: 'n', 2: 'v', 3: 'j', 4: 'r', 5: 'j' };

/** @returns Map word (blanks as _) → { n, v, j, r, visible, unseen, thing, idea, acted }: how often it is each part of speech, of the noun's how often it
 * is seen, how often filed under things though not seen, of the verb's how often it can be seen, and of the unseen how often it is an idea rather than a deed, a sound or a happening */
export function readWordNet(folder) {
  const above = new Map();
  for (const line of lines(path.join(folder, 'data.noun'))) {
    if (!/^\d{8} /.test(line)) continue;
    const fields = line.slice(0, line.indexOf(' | ')).split(' ');
    const pointers = 4 + 2 * Number.parseInt(fields[3], 16);
    const kinds = [];
    for (let i = pointers + 1; i + 3 < fields.length; i += 4)
      if (fields[i] === '@' || fields[i] === '@i') kinds.push(fields[i + 1]);
    above.set(fields[0], kinds);
  }
  const senses = lines(path.join(folder, 'index.sense')).map((line) => line.split(' '));
  const offsets = new Map(senses.map(([key, offset]) => [key, offset]));
  const rootsOf = (keys) => new Set(keys.map((key) => offsets.get(key)).filter((offset) => offset !== undefined));
  const [seen, unseen] = [rootsOf(SEEN), rootsOf(UNSEEN)];
  const judged = new Map();
  const isSeen = (offset) => {
    if (judged.has(offset)) return judged.get(offset);
    judged.set(offset, false);
    const answer = unseen.has(offset) ? false : seen.has(offset) || (above.get(offset) ?? []).some(isSeen);
    judged.set(offset, answer);
    return answer;
  };
  const isUnseen = (offset) => unseen.has(offset) || (above.get(offset) ?? []).some(isUnseen);
  const words = new Map();
  for (const [key, offset, senseNumber, tagCount] of senses) {
    const [word, rest] = key.split('%');
    const type = rest.charAt(0);
    const entry = words.get(word) ?? { n: 0, v: 0, j: 0, r: 0, visible: 0, thing: 0, unseen: 0, idea: 0, acted: 0 };
    const weight = Number(tagCount) + (SENSE_WEIGHTS[Number(senseNumber) - 1] ?? 0.1);
    entry[POS_OF_TYPE[type]] += weight;
    if (type === '2' && SEEN_DEED_FILES.has(Number(rest.slice(2, 4)))) entry.acted += weight;
    if (type === '1') {
      const isVisible = isSeen(offset);
      entry[isVisible ? 'visible' : 'unseen'] += weight;
      if (!isVisible && THING_FILES.has(Number(rest.slice(2, 4))) && !isUnseen(offset)) entry.thing += weight;
      if (!isVisible && IDEA_FILES.has(Number(rest.slice(2, 4)))) entry.idea += weight;
    }
    words.set(word, entry);
  }
  return words;
}
