import { useEffect, useId, useState } from 'react';

import type { HistoryHit } from '../../app/contract/telemetry.ts';
import { formatWhen } from '../base/format.ts';
import { useText } from '../locale/use-text.ts';
import { selectJob } from '../state/intents.ts';
import { useStudio } from '../state/studio-store.ts';
import { searchHistory } from '../state/telemetry.ts';
import { cutByMarks } from './marked-excerpt.ts';

const SEARCH_AFTER_MS = 250;

interface HistorySearchProps {
  /** Whether what is found takes the place of the log. */
  readonly onSearch: (isSearching: boolean) => void;
}

/** Find a run, a fault or a line of the log again, whenever it was. */
export function HistorySearch({ onSearch }: HistorySearchProps) {
  const text = useText();
  const id = useId();
  const [words, setWords] = useState('');
  const [found, setFound] = useState<{ readonly words: string; readonly hits: readonly HistoryHit[] } | null>(null);
  useEffect(() => {
    const wanted = words.trim();
    onSearch(wanted !== '');
    if (wanted === '') return;
    let isWanted = true;
    const timer = setTimeout(() => {
      void searchHistory(wanted).then((hits) => isWanted && setFound({ words: wanted, hits }));
    }, SEARCH_AFTER_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [words, onSearch]);
  const hits = found !== null && found.words === words.trim() ? found.hits : null;
  return (
    <>
      <div className="log-search">
        <label className="for-ears" htmlFor={id}>
          {text.searchLabel}
        </label>
        <input
          id={id}
          type="text"
          value={words}
          placeholder={text.searchLabel}
          onChange={({ currentTarget: { value } }) => setWords(value)}
        />
      </div>
      {hits && (
        <p className="hint log-empty" role="status">
          {text.hitCount(hits.length)}
        </p>
      )}
      {hits && hits.length > 0 && <Hits hits={hits} />}
    </>
  );
}

function Hits({ hits }: { readonly hits: readonly HistoryHit[] }) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const isKnown = useStudio(({ jobs }) => jobs);
  const [nowMs] = useState(Date.now);
  return (
    <ol className="log hits" tabIndex={0} aria-label={text.searchLabel}>
      {hits.map((hit, index) => {
        const { kind, jobId, atMs, excerpt, marks } = hit;
        const words = cutByMarks(excerpt, marks).map((piece, at) =>
          // Pieces of one excerpt stand in their order and never move.
          piece.isMarked ? <mark key={at}>{piece.text}</mark> : <span key={at}>{piece.text}</span>,
        );
        const canOpen = jobId !== null && isKnown.some(({ id }) => id === jobId);
        return (
          // Hits have no name of their own: what is found is a place.
          <li key={index} className="hit">
            <span className="faint">
              {text.historyKind[kind]} · {formatWhen(atMs, nowMs, locale)}
            </span>
            {canOpen ? (
              <button type="button" onClick={() => selectJob(jobId)}>
                {words}
              </button>
            ) : (
              <p>{words}</p>
            )}
          </li>
        );
      })}
    </ol>
  );
}
