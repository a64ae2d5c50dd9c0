import { useEffect, useState } from 'react';

import { unreachable } from '../../app/base/result.ts';
import type { StudioText } from '../locale/en.ts';
import { doneWords } from '../stage/recovery/decision-words.ts';
import { useText } from '../locale/use-text.ts';
import { newsOf, type News } from '../state/news.ts';
import { useStudio } from '../state/studio-store.ts';

/** Tells screen readers what is asked, decided and delivered, wherever the focus is. */
export function Announcer() {
  const text = useText();
  const [news, setNews] = useState<News | null>(null);
  useEffect(
    () =>
      useStudio.subscribe((now, before) => {
        // The past that comes with the snapshot is no news.
        if (now.jobs === before.jobs || before.connection !== 'ready') return;
        const latest = newsOf(before.jobs, now.jobs);
        if (latest) setNews(latest);
      }),
    [],
  );
  return (
    <p className="for-ears" aria-live={news?.kind === 'asked' ? 'assertive' : 'polite'}>
      {news ? wordsOf(news, text) : ''}
    </p>
  );
}

function wordsOf(news: News, text: StudioText): string {
  switch (news.kind) {
    case 'delivered':
      return text.liveDone(text.grade[news.grade].name);
    case 'failed':
      return text.liveFailed(text.jobProblem[news.problem]);
    case 'cancelled':
      return text.liveCancelled;
    case 'asked': {
      const { fault, proposed } = news.pending;
      return text.liveAsked(text.fault[fault], text.way[proposed.cure]);
    }
    case 'decided':
      return text.liveDecided(text.fault[news.decision.fault], doneWords(news.decision, text));
    default:
      return unreachable(news);
  }
}
