import type { FaultReport } from '../../../app/contract/report.ts';
import { formatBytes, formatShort } from '../../base/format.ts';
import { shortNumber } from '../../health/figure-words.ts';
import type { StudioText } from '../../locale/en.ts';
import type { Locale } from '../../state/studio-state.ts';

type EvidenceValue = FaultReport['evidence'][string];

/** A name of code taken apart: "largestChange" as "largest change". */
const takenApart = (name: string): string => name.replaceAll(/([A-Z])/g, ' $1').toLowerCase();

export const evidenceName = (name: string, text: StudioText): string => text.evidence[name] ?? takenApart(name);

/** A value in the unit that its name ends in. */
export function evidenceValue(name: string, value: EvidenceValue, text: StudioText, locale: Locale): string {
  if (value === null) return text.notAvailable;
  if (typeof value === 'boolean') return value ? text.yes : text.no;
  if (typeof value === 'string') return value;
  if (name.endsWith('Bytes')) return formatBytes(value);
  if (name.endsWith('Ms')) return formatShort(value, locale);
  if (name.endsWith('Px')) return `${shortNumber(value)} px`;
  if (name.endsWith('Db')) return `${shortNumber(value)} dB`;
  return Number.isInteger(value) ? String(value) : shortNumber(value);
}
