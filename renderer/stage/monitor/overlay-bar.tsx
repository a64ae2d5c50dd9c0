import { useMemo } from 'react';

import type { RunHealth } from '../../../app/contract/health.ts';
import { Icon } from '../../base/icon.tsx';
import { groupWords } from '../../health/word-group.ts';
import { useText } from '../../locale/use-text.ts';
import { changeView, useView } from '../../state/view.ts';

/** What lies over the picture: a word's attention, the arrows of motion. Nothing, unless somebody wants to see it. */
export function OverlayBar({ health }: { readonly health: RunHealth }) {
  const text = useText();
  const word = useView((view) => view.word);
  const hasArrows = useView((view) => view.hasArrows);
  const words = useMemo(() => groupWords(health.text?.tokens ?? []), [health.text]);
  const canShowHeat = health.map !== null && words.length > 0;
  const canShowArrows = health.frames.some(({ arrows }) => arrows !== null);
  return (
    <div className="overlay-bar" role="group" aria-label={text.overlays}>
      <label>
        <Icon name="eye" />
        <select
          aria-label={text.overlayWord}
          value={canShowHeat && word !== null ? word : ''}
          disabled={!canShowHeat}
          title={canShowHeat ? text.overlayWord : text.wordNoMap}
          onChange={({ currentTarget: { value } }) => changeView({ word: value === '' ? null : Number(value) })}
        >
          <option value="">{text.overlayNoWord}</option>
          {words.map((group) => (
            <option key={group.tokens[0]} value={group.tokens[0]}>
              {group.word}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="quiet-button"
        aria-pressed={hasArrows}
        disabled={!canShowArrows}
        title={canShowArrows ? text.overlayArrows : text.overlayNoArrows}
        onClick={() => changeView({ hasArrows: !hasArrows })}
      >
        <Icon name="arrows" />
        {text.overlayArrowsShort}
      </button>
    </div>
  );
}
