import { useMemo } from 'react';

import { shortNumber } from '../../app/base/figure.ts';
import type { RunHealth, StepHealth } from '../../app/contract/health.ts';
import { Icon } from '../base/icon.tsx';
import { useText } from '../locale/use-text.ts';
import { changeView, useView } from '../state/view.ts';
import { groupWords, type WordGroup } from './word-group.ts';

interface WordFigure extends WordGroup {
  readonly peak: number | null;
  readonly coverage: number | null;
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
    return { ...group, peak, coverage, isNeglected: peak !== null && floor !== null && peak < floor };
  });
}

/** The prompt's words by how much of the picture they lit up; choosing one lays its map over the picture. */
export function WordChips({ health }: { readonly health: RunHealth }) {
  const text = useText();
  const chosen = useView((view) => view.word);
  const words = useMemo(() => wordFigures(health.steps), [health.steps]);
  const strongest = Math.max(...words.map(({ peak }) => peak ?? 0), 1e-9);
  const hasMap = health.map !== null;
  if (words.length === 0) return <p className="hint">{text.notAvailable}</p>;
  return (
    <>
      <ul className="word-chips">
        {words.map(({ word, tokens, peak, coverage, isNeglected }) => {
          const place = tokens[0] ?? 0;
          const figures = text.attentionOf(
            peak === null ? text.notAvailable : shortNumber(peak),
            coverage === null ? text.notAvailable : shortNumber(coverage),
          );
          return (
            <li key={place}>
              <button
                type="button"
                className={isNeglected ? 'word-chip is-neglected' : 'word-chip'}
                style={{ '--heat': `${Math.round(((peak ?? 0) / strongest) * 100)}%` } as React.CSSProperties}
                aria-pressed={hasMap ? chosen === place : undefined}
                disabled={!hasMap}
                title={`${figures}${isNeglected ? ` ${text.neglected}` : ''}`}
                onClick={() => changeView({ word: chosen === place ? null : place })}
              >
                {isNeglected && <Icon name="warning" />}
                {word}
              </button>
            </li>
          );
        })}
      </ul>
      <p className="hint">{hasMap ? text.wordHint : text.wordNoMap}</p>
    </>
  );
}
