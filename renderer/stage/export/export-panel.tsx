import { useId, useState } from 'react';

import type { JobState } from '../../../app/plan/job-state.ts';
import { Icon } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';
import { startExport } from '../../state/intents.ts';
import { useStudio } from '../../state/studio-store.ts';
import { ExportList } from './export-list.tsx';
import { exportPaces, exportSizes } from './export-sizes.ts';

export function ExportPanel() {
  const text = useText();
  const job = useStudio(({ jobs, selectedJobId }) => jobs.find(({ id }) => id === selectedJobId) ?? null);
  return (
    <section className="panel export" aria-label={text.exportTitle}>
      <h2>{text.exportTitle}</h2>
      {job?.phase === 'done' ? <ExportForm key={job.id} job={job} /> : <p className="hint">{text.exportNone}</p>}
      <ExportList />
    </section>
  );
}

function ExportForm({ job }: { readonly job: Extract<JobState, { phase: 'done' }> }) {
  const text = useText();
  const ids = { size: useId(), pace: useId() };
  const { clip } = job;
  const sizes = exportSizes(clip);
  const paces = exportPaces(clip.fps);
  const [sizeIndex, setSizeIndex] = useState(0);
  const [fps, setFps] = useState(clip.fps);
  const [isAsking, setAsking] = useState(false);
  const isStandIn = clip.grade === 'fallback' || clip.grade === 'template';

  const begin = async (): Promise<void> => {
    const size = sizes[sizeIndex];
    if (!size || isAsking) return;
    setAsking(true);
    await startExport(job.id, { widthPx: size.widthPx, heightPx: size.heightPx, fps });
    setAsking(false);
  };
  return (
    <>
      <div className="export-fields">
        <label htmlFor={ids.size}>{text.exportSize}</label>
        <select id={ids.size} value={sizeIndex} onChange={(event) => setSizeIndex(Number(event.currentTarget.value))}>
          {sizes.map(({ widthPx, heightPx, isAsRendered }, index) => (
            <option key={index} value={index}>
              {widthPx} × {heightPx}
              {isAsRendered ? ` · ${text.asRendered}` : ''}
            </option>
          ))}
        </select>
        <label htmlFor={ids.pace}>{text.framesPerSecond}</label>
        <select id={ids.pace} value={fps} onChange={(event) => setFps(Number(event.currentTarget.value))}>
          {paces.map((pace) => (
            <option key={pace} value={pace}>
              {pace}
            </option>
          ))}
        </select>
      </div>
      {isStandIn && <p className="hint is-warning">{text.exportFallback}</p>}
      <button type="button" className="button is-wide" disabled={isAsking} onClick={() => void begin()}>
        <Icon name="export" />
        {text.exportStart}
      </button>
    </>
  );
}
