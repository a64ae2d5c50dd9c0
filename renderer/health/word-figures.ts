import type { StepHealth } from '../../app/contract/health.ts';
import { groupWords, type WordGroup } from './word-group.ts';

export interface WordFigure extends WordGroup {
  readonly peak: number | null;
  readonly coverage: number | null;
  /** Below it a word counts as neglected; null where no line is drawn. */
  readonly floor: number | null;
  readonly isNeglected: boolean;
}

/** Strongest attention that each word has had in any step so far. */
export function wordFigures(steps: readonly StepHealth[]): readonly WordFigure[] {
  const tokens = steps.at(-1)?.attention.map(({ token }) => token) ?? [];
  const highest = (places: readonly number[], of: (step: StepHealth, place: number) => number | null | undefined) => {
    const values = steps
      .flatMap((step) => places.map((place) => of(step, place) ?? null))
      .filter((one) => one !== null);
    return values.length === 0 ? null : Math.max(...values);
  };
  return groupWords(tokens).map((group) => {
    const peak = highest(group.tokens, ({ attention }, place) => attention[place]?.peak);
    const coverage = highest(group.tokens, ({ attention }, place) => attention[place]?.coverage);
    const floor = highest(group.tokens, ({ attention }, place) => attention[place]?.peakFloor);
    return { ...group, peak, coverage, floor, isNeglected: peak !== null && floor !== null && peak < floor };
  });
}
