import { useState } from 'react';

import type { DeliveredClip, JobId } from '../../../app/contract/job.ts';
import { Icon } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';
import { startExport } from '../../state/intents.ts';
import { useStudio } from '../../state/studio-store.ts';
import { ExportList } from './export-list.tsx';
import { exportPaces, exportSizes } from './export-sizes.ts';

/** From the clip on the stage to a file of the user's own. */
export function ExportPanel() {
  const text = useText();
  const job = useStudio(({ jobs, selectedJobId }) => jobs.find(({ id }) => id === selectedJobId));
  return (
    <section className="panel export" aria-label={text.exportTitle}>
      <h2>{text.exportTitle}</h2>
      {job?.phase === 'done' ? (
        <ExportForm key={job.id} jobId={job.id} clip={job.clip} />
      ) : (
        <p className="hint">{text.exportNone}</p>
      )}
      <ExportList />
    </section>
  );
}

function ExportForm({ jobId, clip }: { readonly jobId: JobId; readonly clip: DeliveredClip }) {
  const text = useText();
  const sizes = exportSizes(clip);
  const [index, setIndex] = useState(0);
  const [fps, setFps] = useState(clip.fps);
  const isBusy = useStudio(({ exports }) =>
    exports.some((one) => one.jobId === jobId && one.state.phase === 'running'),
  );
  const begin = (): void => {
    const { widthPx, heightPx } = sizes[index] ?? clip;
    void startExport(jobId, { widthPx, heightPx, fps });
  };
  return (
    <>
      <div className="export-fields">
        <label htmlFor="export-size">{text.exportSize}</label>
        <select id="export-size" value={index} onChange={(event) => setIndex(Number(event.currentTarget.value))}>
          {sizes.map(({ widthPx, heightPx, isAsRendered }, at) => (
            <option key={`${widthPx}x${heightPx}`} value={at}>
              {widthPx} × {heightPx}
              {isAsRendered && ` · ${text.asRendered}`}
            </option>
          ))}
        </select>
        <label htmlFor="export-fps">{text.framesPerSecond}</label>
        <select id="export-fps" value={fps} onChange={(event) => setFps(Number(event.currentTarget.value))}>
          {exportPaces(clip.fps).map((pace) => (
            <option key={pace} value={pace}>
              {pace}
            </option>
          ))}
        </select>
      </div>
      {clip.grade === 'fallback' && <p className="hint is-warning">{text.exportFallback}</p>}
      <button type="button" className="button is-wide" disabled={isBusy} onClick={begin}>
        <Icon name="export" />
        {text.exportStart}
      </button>
    </>
  );
}
