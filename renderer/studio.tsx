import { useEffect } from 'react';

import { Player } from './player/player.tsx';
import { History } from './queue/history.tsx';
import { Announcer } from './shell/announcer.tsx';
import { Header } from './shell/header.tsx';
import { Toasts } from './shell/toasts.tsx';
import { ExportPanel } from './stage/export/export-panel.tsx';
import { LiveStage } from './stage/engine/live-stage.tsx';
import { EmptyStage, EndedStage } from './stage/quiet-stage.tsx';
import { Brief } from './stage/prompt/brief.tsx';
import { Story } from './stage/recovery/story.tsx';
import { useText } from './locale/use-text.ts';
import { generate } from './state/intents.ts';
import { useSelectedJob } from './state/selected-job.ts';
import { useStudio } from './state/studio-store.ts';

/** The one window: what is asked on the left, what is seen in the middle, what was made on the right. */
export function Studio() {
  const locale = useStudio((state) => state.locale);
  useEffect(() => {
    document.documentElement.lang = locale === 'zh' ? 'zh-CN' : 'en';
  }, [locale]);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void generate();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  return (
    <div className="studio">
      <Header />
      <Brief />
      <Stage />
      <aside className="column side">
        <History />
        <ExportPanel />
      </aside>
      <Toasts />
      <Announcer />
    </div>
  );
}

function Stage() {
  const text = useText();
  const job = useSelectedJob();
  return (
    <main className="stage" aria-label={text.stageTitle}>
      {job === null && <EmptyStage />}
      {(job?.phase === 'queued' || job?.phase === 'running') && <LiveStage key={job.id} job={job} />}
      {job?.phase === 'done' && <Player key={job.id} job={job} />}
      {(job?.phase === 'cancelled' || job?.phase === 'failed') && <EndedStage job={job} />}
      {job !== null && <Story job={job} />}
    </main>
  );
}
