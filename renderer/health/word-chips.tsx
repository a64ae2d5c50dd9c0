import { useMemo, useRef, useState, type CSSProperties } from 'react';

import type { RunHealth } from '../../app/contract/health.ts';
import { unknownWords } from '../../app/monitor/unknown-words.ts';
import { Icon } from '../base/icon.tsx';
import { Tip } from '../base/tip.tsx';
import { useText } from '../locale/use-text.ts';
import { changeView, useView } from '../state/view.ts';
import { FigureTip } from './figure-tip.tsx';
import { figureWords } from './figure-words.ts';
import { wordFigures, type WordFigure } from './word-figures.ts';

/** The prompt's words by how much of the picture they lit up; choosing one lays its map over the picture. */
export function WordChips({ health, prompt }: { readonly health: RunHealth; readonly prompt: string }) {
  const text = useText();
  const words = useMemo(() => wordFigures(health.steps), [health.steps]);
  const unknown = useMemo(() => unknownWords(prompt, health.text?.tokens ?? []).words, [prompt, health.text]);
  const strongest = Math.max(...words.map(({ peak }) => peak ?? 0), 1e-9);
  const hasMap = health.map !== null;
  if (words.length === 0) return <p className="hint">{text.notAvailable}</p>;
  return (
    <>
      <ul className="word-chips">
        {words.map((word) => (
          <li key={word.tokens[0] ?? 0}>
            <WordChip word={word} heatRatio={(word.peak ?? 0) / strongest} hasMap={hasMap} />
          </li>
        ))}
        {unknown.map((word) => (
          <li key={word} className="word-chip is-unknown" title={text.wordUnknown}>
            {word}
          </li>
        ))}
      </ul>
      <p className="hint">{hasMap ? text.wordHint : text.wordNoMap}</p>
      {unknown.length > 0 && <p className="hint is-warning">{text.wordsUnknown(unknown.join(text.listMark))}</p>}
    </>
  );
}

interface WordChipProps {
  readonly word: WordFigure;
  /** Against the strongest word, 0..1. */
  readonly heatRatio: number;
  readonly hasMap: boolean;
}

function WordChip({ word: { word, tokens, peak, coverage, floor, isNeglected }, heatRatio, hasMap }: WordChipProps) {
  const text = useText();
  const chip = useRef<HTMLButtonElement>(null);
  const place = tokens[0] ?? 0;
  const isChosen = useView((view) => view.word === place);
  const [isTold, setTold] = useState(false);
  const figures = text.attentionOf(figureWords(peak, '', text), figureWords(coverage, '', text));
  return (
    <>
      <button
        ref={chip}
        type="button"
        className={isNeglected ? 'word-chip is-neglected' : 'word-chip'}
        style={{ '--heat': `${Math.round(heatRatio * 100)}%` } as CSSProperties}
        aria-label={`${word}. ${figures}${isNeglected ? ` ${text.neglected}` : ''}`}
        aria-pressed={hasMap ? isChosen : undefined}
        aria-disabled={!hasMap}
        onClick={() => hasMap && changeView({ word: isChosen ? null : place })}
        onPointerEnter={() => setTold(true)}
        onPointerLeave={() => setTold(false)}
        onFocus={() => setTold(true)}
        onBlur={() => setTold(false)}
      >
        {isNeglected && <Icon name="warning" />}
        {word}
      </button>
      {isTold && (
        <Tip id={`word-${place}`} anchor={() => chip.current} onClose={() => setTold(false)}>
          <FigureTip
            title={word}
            meaning={`${text.wordMeaning} ${isNeglected ? text.neglected : ''}`}
            value={peak}
            limit={floor === null ? null : { low: floor, high: null, source: 'calibration' }}
            unit=""
          />
          <p>{text.wordCoverage(figureWords(coverage, '', text))}</p>
        </Tip>
      )}
    </>
  );
}
