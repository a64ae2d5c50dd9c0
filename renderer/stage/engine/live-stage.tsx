import { useState } from 'react';

import type { JobState } from '../../../app/plan/job-state.ts';
import { formatTime } from '../../base/format.ts';
import { useText } from '../../locale/use-text.ts';
import { cancelJob } from '../../state/intents.ts';
import { useStudio } from '../../state/studio-store.ts';
import { LivePreview } from './live-preview.tsx';

type OpenJob = Extract<JobState, { phase: 'queued' | 'running' }>;

const USUAL_FPS = 16;

/** A job that waits or runs: what can be seen of it, how far it is, and the way out. */
export function LiveStage({ job }: { readonly job: OpenJob }) {
  const fps = useStudio(({ packs }) => packs.find(({ id }) => id === job.request.packId)?.fps ?? USUAL_FPS);
  return (
    <section className="take">
      <LivePreview jobId={job.id} fps={fps} />
      <p className="take-prompt">{job.request.prompt}</p>
      <ProgressPanel job={job} />
    </section>
  );
}

function ProgressPanel({ job }: { readonly job: OpenJob }) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const isReady = useStudio(({ engine }) => engine.phase === 'ready');
  const progress = job.phase === 'running' ? job.progress : null;
  const left = progress?.remainingMs;
  const waiting = isReady ? text.waiting : text.waitingEngine;
  return (
    <div className="progress">
      <div className="progress-head">
        <strong>{progress ? text.stage[progress.stage] : waiting}</strong>
        {progress && <span className="numbers">{text.unit(progress.unitsDone, progress.unitCount)}</span>}
        {job.phase === 'running' && job.attempt > 0 && <span className="tag">{text.attempt(job.attempt + 1)}</span>}
        <span className="spring" />
        <CancelButton job={job} />
      </div>
      <progress aria-label={progress ? text.stage[progress.stage] : waiting} max={1} value={progress?.ratio ?? 0} />
      <p className="progress-times numbers">
        <span>{progress && text.elapsed(formatTime(progress.elapsedMs, locale))}</span>
        <span>
          {progress &&
            (left
              ? text.remaining(formatTime(left.low, locale), formatTime(left.high, locale))
              : text.remainingUnknown)}
        </span>
      </p>
    </div>
  );
}

function CancelButton({ job }: { readonly job: OpenJob }) {
  const text = useText();
  const [isAsked, setAsked] = useState(false);
  return (
    <button
      type="button"
      className="quiet-button"
      disabled={isAsked}
      onClick={() => {
        setAsked(true);
        cancelJob(job.id);
      }}
    >
      {isAsked ? text.cancelling : text.cancel}
    </button>
  );
}
