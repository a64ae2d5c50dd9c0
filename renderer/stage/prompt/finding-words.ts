import type { Finding } from '../../../app/contract/report.ts';
import type { StudioText } from '../../locale/en.ts';
import type { Locale } from '../../state/studio-state.ts';

/** How grave a finding is: it stops the run, calls for safe mode, or is good to know. */
export type Gravity = 'stops' | 'calls-for-safe-mode' | 'note';

const gravities: Readonly<Record<Finding['kind'], Gravity>> = {
  empty: 'stops',
  'too-long': 'stops',
  sensitive: 'stops',
  'too-dense': 'calls-for-safe-mode',
  'out-of-distribution': 'calls-for-safe-mode',
  incomplete: 'note',
  'too-abstract': 'note',
  'nested-negation': 'note',
  'vague-simile': 'note',
  'hidden-characters': 'note',
};

export const gravityOf = ({ kind }: Pick<Finding, 'kind'>): Gravity => gravities[kind];

const HAN = /\p{Script=Han}/u;

/** Main speaks the language of the prompt; where the window speaks another, the kind of finding has to do. */
export function findingWords({ kind, message }: Finding, text: StudioText, locale: Locale): string {
  return HAN.test(message) === (locale === 'zh') ? message : text.findingWhy[kind];
}

/** The gravest of the findings that lie over a place in the text; null where there is none. */
export function findingAt(findings: readonly Finding[], place: number): Finding | null {
  const order: readonly Gravity[] = ['stops', 'calls-for-safe-mode', 'note'];
  const here = findings.filter(({ from, to }) => from <= place && place < Math.max(to, from + 1));
  return here.toSorted((a, b) => order.indexOf(gravityOf(a)) - order.indexOf(gravityOf(b)))[0] ?? null;
}
