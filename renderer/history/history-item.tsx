import { useState } from 'react';

import type { JobState } from '../../app/plan/job-state.ts';
import { formatWhen } from '../base/format.ts';
import { Icon, IconButton } from '../base/icon.tsx';
import { Confirm } from '../frame/confirm.tsx';
import { useText } from '../locale/use-text.ts';
import { cancelJob, removeJob, reuseBrief, selectJob } from '../state/intents.ts';
import { useStudio } from '../state/studio-store.ts';
import { Thumbnail } from './thumbnail.tsx';

interface HistoryItemProps {
  readonly job: JobState;
  readonly isSelected: boolean;
}

export function HistoryItem({ job, isSelected }: HistoryItemProps) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const isOpen = job.phase === 'queued' || job.phase === 'running';
  const { prompt } = job.request;
  const [nowMs] = useState(Date.now);
  const [isAsked, setAsked] = useState(false);
  return (
    <li className={isSelected ? 'history-item is-selected' : 'history-item'}>
      <button
        type="button"
        className="history-choice"
        aria-current={isSelected ? 'true' : undefined}
        onClick={() => selectJob(job.id)}
      >
        <Cover job={job} />
        <span className="history-words">
          <span className="history-prompt" title={prompt}>
            {prompt}
          </span>
          <span className="history-state">
            <StateWord job={job} />
            <span className="faint">{formatWhen(job.queuedAtMs, nowMs, locale)}</span>
          </span>
        </span>
      </button>
      <span className="history-actions">
        <IconButton icon="again" label={text.again} onPress={() => reuseBrief(job.request)} />
        {isOpen ? (
          <IconButton icon="close" label={text.cancel} onPress={() => cancelJob(job.id)} />
        ) : (
          <IconButton icon="trash" label={text.remove} onPress={() => setAsked(true)} />
        )}
      </span>
      {isAsked && (
        <Confirm
          title={text.clipRemoveAsk}
          lines={[text.goesFilm, text.goesReport, text.staysExported]}
          action={text.clipRemove}
          onConfirm={async () => {
            await removeJob(job.id);
            return null;
          }}
          onClose={() => setAsked(false)}
        />
      )}
    </li>
  );
}

function StateWord({ job }: { readonly job: JobState }) {
  const text = useText();
  if (job.phase === 'done') return <span className={`is-${job.clip.grade}`}>{text.grade[job.clip.grade].name}</span>;
  const percent = job.phase === 'running' ? ` ${Math.round((job.progress?.ratio ?? 0) * 100)} %` : '';
  return (
    <span className={`figure is-${job.phase}`}>
      {text.phase[job.phase]}
      {percent}
    </span>
  );
}

function Cover({ job }: { readonly job: JobState }) {
  if (job.phase === 'done') return <Thumbnail jobId={job.id} />;
  return (
    <span className={`cover is-${job.phase}`} aria-hidden="true">
      {job.phase === 'running' ? <span className="breathing" /> : null}
      {job.phase === 'failed' ? <Icon name="warning" /> : null}
      {job.phase === 'cancelled' ? <Icon name="close" /> : null}
    </span>
  );
}
