import { chineseHits, chineseLexicon, type ChineseLexicon } from './sensitive-chinese.ts';
import { englishHits, indexed, type EnglishPattern, type Hit } from './sensitive-english.ts';
import type { Flaw } from './flaw.ts';
import { parseSensitive } from './sensitive-lexicon.ts';
import type { LexiconTexts, Vocabulary } from './vocabulary.ts';

/** What each category of the lexicon is called, the gravest first. */
const REASONS: Readonly<Record<string, { readonly en: string; readonly zh: string }>> = {
  'sexual-minors': { en: 'sexual content with minors', zh: '涉及未成年人的性内容' },
  'explicit-sex': { en: 'explicit sexual content', zh: '露骨的性内容' },
  'sexual-violence': { en: 'sexual violence', zh: '性暴力' },
  gore: { en: 'graphic violence', zh: '血腥暴力' },
  hate: { en: 'hatred against groups of people', zh: '针对群体的仇恨' },
  'self-harm': { en: 'self-harm', zh: '自我伤害' },
  terror: { en: 'terrorism', zh: '恐怖主义' },
  'weapon-making': { en: 'the making of weapons', zh: '制造武器' },
  'drug-making': { en: 'the making or taking of hard drugs', zh: '制毒吸毒' },
};

/** What can stand in their place: first as a part of what is left, then by itself. */
const INSTEAD: Readonly<Record<string, { readonly en: readonly string[]; readonly zh: readonly string[] }>> = {
  'sexual-minors': { en: ['picnic', 'A family has a picnic in a meadow'], zh: ['野餐', '一家人在草地上野餐'] },
  'explicit-sex': { en: ['dance', 'person in a coat', 'A couple dances in a ballroom'], zh: ['舞蹈', '一对情侣在舞厅里跳舞'] },
  'sexual-violence': { en: ['dance', 'A couple dances in a ballroom'], zh: ['舞蹈', '一对情侣在舞厅里跳舞'] },
  gore: { en: ['storm', 'A knight stands on a foggy battlefield'], zh: ['暴风雨', '一名骑士站在雾中的战场上'] },
  hate: { en: ['a dancing crowd', 'People from many countries dance in a street'], zh: ['人群跳舞', '各国的人们在街上跳舞'] },
  'self-harm': { en: ['walks', 'walking', 'A person sits at a window and looks at the sea'], zh: ['散步', '一个人坐在窗边望着大海'] },
  terror: { en: ['parade', 'People carry white flags through a city'], zh: ['游行', '人们举着白旗走过城市'] },
  'weapon-making': { en: ['fireworks', 'Fireworks rise over a harbor'], zh: ['烟花', '烟花在港口上空绽放'] },
  'drug-making': { en: ['soup', 'A cook stirs a soup in a kitchen'], zh: ['煮汤', '厨师在厨房里煮汤'] },
}; // prettier-ignore

const PERSON_EN =
  /\b(?:wom[ae]n|girls?|m[ae]n|boys?|couple|people|person|lady|ladies|model|models|actor|actress)\b.*$/i;
const PERSON_ZH = /(?:女人|女子|女孩|美女|男人|男子|女性|男性|情侣|模特|主播|女生|妹子|小姐姐)$/u;

function insteadOf(text: string, { from, to, category }: Hit, language: 'en' | 'zh'): readonly string[] {
  const hit = text.slice(from, to);
  const known = INSTEAD[category]?.[language] ?? [];
  // Who is undressed is dressed instead.
  const person = category === 'explicit-sex' ? (language === 'zh' ? PERSON_ZH : PERSON_EN).exec(hit)?.[0] : undefined;
  const dressed = person === undefined ? [] : [language === 'zh' ? `穿外套的${person}` : `dressed ${person}`];
  const before = language === 'en' && text.startsWith(' of ', to) ? ['a portrait', 'portrait'] : [];
  return [...dressed, '', ...before, ...known];
}

/** Words that the studio does not draw, however they are disguised. */
export function sensitiveFlaws(text: string, vocabulary: Vocabulary): readonly Flaw[] {
  const lexicon = lexiconOf(vocabulary);
  const hits = [...englishHits(text, lexicon.english)];
  if (/\p{Script=Han}/u.test(text)) hits.push(...chineseHits(text, lexicon.chinese, vocabulary));
  const isChinese = /\p{Script=Han}/u.test(text);
  return merged(hits).map(({ from, to, category }) => {
    const name = REASONS[category] ?? { en: 'content that is not drawn', zh: '不予绘制的内容' };
    return {
      from,
      to,
      reason: { en: `The studio does not draw ${name.en}`, zh: `本工作室不绘制${name.zh}` },
      candidates: insteadOf(text, { from, to, category }, isChinese ? 'zh' : 'en'),
    };
  });
}

/** Hits that touch are one finding, named by the gravest. */
function merged(hits: readonly Hit[]): readonly Hit[] {
  const out: Hit[] = [];
  const rank = Object.keys(REASONS);
  for (const hit of hits.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    const last = out.at(-1);
    if (last && hit.from < last.to) {
      const category = rank.indexOf(hit.category) < rank.indexOf(last.category) ? hit.category : last.category;
      out[out.length - 1] = { from: last.from, to: Math.max(last.to, hit.to), category };
    } else out.push(hit);
  }
  return out;
}

interface Lexicon {
  readonly english: readonly EnglishPattern[];
  readonly chinese: ChineseLexicon;
}

const lexicons = new WeakMap<LexiconTexts, Lexicon>();

function lexiconOf({ texts }: Vocabulary): Lexicon {
  const known = lexicons.get(texts);
  if (known) return known;
  const patterns = parseSensitive(texts.sensitive);
  const of = (wanted: 'en' | 'zh') => patterns.filter(({ language }) => language === wanted);
  const lexicon: Lexicon = { english: of('en').map(indexed), chinese: chineseLexicon(of('zh'), texts.characters) };
  lexicons.set(texts, lexicon);
  return lexicon;
}
