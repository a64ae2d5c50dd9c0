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

/** Words that the studio does not draw, however they are disguised. */
export function sensitiveFlaws(text: string, vocabulary: Vocabulary): readonly Flaw[] {
  const lexicon = lexiconOf(vocabulary);
  const hits = [...englishHits(text, lexicon.english)];
  if (/\p{Script=Han}/u.test(text)) hits.push(...chineseHits(text, lexicon.chinese, vocabulary));
  return merged(hits).map(({ from, to, category }) => {
    const name = REASONS[category] ?? { en: 'content that is not drawn', zh: '不予绘制的内容' };
    return {
      from,
      to,
      reason: { en: `The studio does not draw ${name.en}`, zh: `本工作室不绘制${name.zh}` },
      candidates: ['', ' '],
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
