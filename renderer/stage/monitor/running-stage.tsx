import { useEffect, useMemo, useState } from 'react';

import { formatTime } from '../../../app/base/figure.ts';
import { faultsNow } from '../../../app/monitor/run-health.ts';
import type { JobState } from '../../../app/plan/job-state.ts';
import { useText } from '../../locale/use-text.ts';
import { cancelJob } from '../../state/intents.ts';
import { useHealth } from '../../state/health-bus.ts';
import { previews, type Preview } from '../../state/preview-bus.ts';
import { useStudio } from '../../state/studio-store.ts';
import { PreviewCanvas } from './preview-canvas.tsx';
import { remainingNow } from './remaining.ts';
import { OverlayBar } from './overlay-bar.tsx';
import { Screen } from './screen.tsx';
import { Strips } from './strips.tsx';

type OpenJob = Extract<JobState, { phase: 'queued' | 'running' }>;

export function RunningStage({ job }: { readonly job: OpenJob }) {
  const text = useText();
  const pack = useStudio(({ packs }) => packs.find(({ id }) => id === job.request.packId));
  const rung = pack?.rungs.find(({ name }) => name === (job.phase === 'running' ? job.rung : job.request.rung));
  const preview = usePreview(job.id);
  // Another pack may have taken over: what is seen tells its own shape.
  const shape = preview ?? rung;
  return (
    <>
      <Screen widthPx={shape?.widthPx ?? 16} heightPx={shape?.heightPx ?? 9}>
        {preview && job.phase === 'running' && preview.attempt === job.attempt ? (
          <>
            <PreviewCanvas preview={preview} fps={pack?.fps ?? 16} />
            <p className="picture-note">
              {text.previewOf(preview.step + 1, preview.stepCount)}
              <span>{text.previewNote}</span>
            </p>
          </>
        ) : (
          <Waiting job={job} />
        )}
      </Screen>
      <ProgressBar job={job} />
      <RunningFigures job={job} />
    </>
  );
}

/** Frames as they are developed, and the choice of what lies over the preview. */
function RunningFigures({ job }: { readonly job: OpenJob }) {
  const health = useHealth(job.id);
  const faults = useMemo(() => (health ? faultsNow(health) : []), [health]);
  if (!health) return null;
  return (
    <>
      {health.frames.length > 0 && (
        <Strips health={health} faults={faults} frame={health.frames.length - 1} frameCount={health.frameCount} />
      )}
      {health.map && <OverlayBar health={health} />}
    </>
  );
}

function usePreview(jobId: string): Preview | null {
  const [preview, setPreview] = useState<Preview | null>(null);
  useEffect(() => previews.subscribe(jobId, setPreview), [jobId]);
  return preview;
}

function Waiting({ job }: { readonly job: OpenJob }) {
  const text = useText();
  const engine = useStudio((state) => state.engine.phase);
  const ahead = useStudio(({ jobs }) => {
    const index = jobs.findIndex(({ id }) => id === job.id);
    return jobs.slice(0, index).filter(({ phase }) => phase === 'queued' || phase === 'running').length;
  });
  const isTurn = ahead === 0;
  return (
    <div className="waiting">
      <span className="breathing" aria-hidden="true" />
      <p>
        {job.phase === 'running' ? text.firstStep : isTurn && engine !== 'ready' ? text.waitingEngine : text.waiting}
      </p>
      {!isTurn && <p className="hint">{text.ahead(ahead)}</p>}
    </div>
  );
}

/** Milliseconds since `key` was last another one; told every second. */
function useSince(key: unknown): number {
  const [told, setTold] = useState({ key, sinceMs: 0 });
  useEffect(() => {
    const startMs = performance.now();
    const timer = setInterval(() => setTold({ key, sinceMs: performance.now() - startMs }), 1_000);
    return () => clearInterval(timer);
  }, [key]);
  return told.key === key ? told.sinceMs : 0;
}

function ProgressBar({ job }: { readonly job: OpenJob }) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const [isCancelling, setCancelling] = useState(false);
  const progress = job.phase === 'running' ? job.progress : null;
  const sinceMs = useSince(progress);
  const percent = Math.round((progress?.ratio ?? 0) * 100);
  const stage = progress ? text.stage[progress.stage] : text.phase[job.phase];
  const left = remainingNow(progress?.remainingMs ?? null, sinceMs);
  const leftWords = (): string => {
    if (job.pending) return text.waitingYou;
    if (left === null) return text.remainingUnknown;
    if (left === 'over') return text.longer;
    return text.remaining(formatTime(left.low, locale), formatTime(left.high, locale));
  };
  return (
    <div className="bar">
      <div
        className="progress"
        role="progressbar"
        aria-label={text.stageTitle}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={`${stage}, ${percent} %`}
      >
        <div style={{ transform: `scaleX(${progress?.ratio ?? 0})` }} />
      </div>
      <div className="bar-row">
        <strong>{stage}</strong>
        {progress && <span className="figure">{text.unit(progress.unitsDone, progress.unitCount)}</span>}
        {job.phase === 'running' && job.attempt > 0 && <span className="tag">{text.attempt(job.attempt + 1)}</span>}
        <span className="spring" />
        {job.phase === 'running' && (
          <span className="figure faint">
            {progress && `${text.elapsed(formatTime(progress.elapsedMs + sinceMs, locale))} · `}
            {leftWords()}
          </span>
        )}
        <button
          type="button"
          className="button"
          disabled={isCancelling}
          onClick={() => {
            setCancelling(true);
            cancelJob(job.id);
          }}
        >
          {isCancelling ? text.cancelling : text.cancel}
        </button>
      </div>
    </div>
  );
}
