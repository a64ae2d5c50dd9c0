import { formatShort, formatTime } from '../../../app/base/figure.ts';
import type { StudioText } from '../../locale/en.ts';
import type { Locale } from '../../state/studio-state.ts';
import type { BranchState } from './branch-state.ts';

/** What became of a branch, with the reason where there is one. */
export function verdictWords({ state, because }: BranchState, text: StudioText): string {
  const reason = because === null ? '' : (text.skippedBecause[because] ?? because);
  return `${text.treeState[state]}${reason === '' ? '' : `: ${reason}`}`;
}

export const needsWords = ({ needs }: BranchState, text: StudioText): string =>
  needs.map((need) => text.guard[need]).join(text.listMark);

/** What it was said to cost; in words where nobody has priced it. */
export const priceWords = ({ price }: BranchState, text: StudioText, locale: Locale): string =>
  price === null
    ? text.unpriced
    : text.costs(formatTime(price.seconds * 1_000, locale), Math.round(price.quality * 100));

export const tookWords = ({ recoveryMs }: BranchState, text: StudioText, locale: Locale): string | null =>
  recoveryMs === null ? null : text.recoveredIn(formatShort(recoveryMs, locale));
