import { useEffect, useState } from 'react';

import { useText } from '../locale/use-text.ts';
import { newsOf, type News } from '../state/news.ts';
import { useStudio } from '../state/studio-store.ts';

/** Tells screen readers how clips end, wherever the focus is. */
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
  const words = (): string => {
    if (news === null) return '';
    if (news.kind === 'delivered') return text.liveDone(text.grade[news.grade].name);
    return news.kind === 'failed' ? text.liveFailed(text.jobProblem[news.problem]) : text.liveCancelled;
  };
  return (
    <p className="for-ears" aria-live="polite">
      {words()}
    </p>
  );
}
