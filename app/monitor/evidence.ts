import { formatBytes, formatShort, shortNumber, type Language } from '../base/figure.ts';
import type { FaultReport } from '../contract/report.ts';
import { chineseEvidence } from './evidence-chinese.ts';
import { englishEvidence } from './evidence-english.ts';

const names = { en: englishEvidence, zh: chineseEvidence } as const;
const plain = {
  en: { absent: 'not available', yes: 'yes', no: 'no' },
  zh: { absent: '无法读取', yes: '是', no: '否' },
} as const;

const stages: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: { text: 'reading the text', denoise: 'denoising', decode: 'decoding', monitor: 'checking', export: 'writing' },
  zh: { text: '理解文字', denoise: '去噪', decode: '解码', monitor: '检查', export: '写入' },
};
const stageWord = (stage: string, language: Language): string => stages[language][stage] ?? stage;

/** A name of code taken apart: "largestChange" as "largest change". */
const takenApart = (name: string): string => name.replaceAll(/([A-Z])/g, ' $1').toLowerCase();

export const evidenceName = (name: string, language: Language): string => names[language][name] ?? takenApart(name);

/** A value in the unit that its name ends in. */
export function evidenceValue(name: string, value: FaultReport['evidence'][string], language: Language): string {
  const words = plain[language];
  if (value === null) return words.absent;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'string') return name.endsWith('Stage') ? stageWord(value, language) : value;
  if (name.endsWith('Bytes')) return formatBytes(value);
  if (name.endsWith('Ms')) return formatShort(value, language);
  const digits = Number.isInteger(value) ? String(value) : shortNumber(value);
  if (name.endsWith('Px')) return `${digits} px`;
  return name.endsWith('Db') ? `${digits} dB` : digits;
}
