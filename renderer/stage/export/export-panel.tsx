import { useState } from 'react';

import type { DeliveredClip, JobId } from '../../../app/contract/job.ts';
import { formatBytes } from '../../base/format.ts';
import { Icon, IconButton } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';
import { cancelExport, revealExport, startExport } from '../../state/intents.ts';
import { useSelectedJob } from '../../state/selected-job.ts';
import type { ExportJob } from '../../state/studio-state.ts';
import { useStudio } from '../../state/studio-store.ts';

const SIZES = ['1280x720', '1920x1080', '3840x2160'] as const;
const RATES = [16, 24, 25, 30, 60] as const;

/** From the clip on the stage to a file of the user's own. */
export function ExportPanel() {
  const text = useText();
  const job = useSelectedJob();
  const exports = useStudio((state) => state.exports);
  const own = exports.filter(({ jobId }) => jobId === job?.id);
  return (
    <section className="export" aria-label={text.exportTitle}>
      <h2>{text.exportTitle}</h2>
      {job?.phase === 'done' ? (
        <ExportForm key={job.id} jobId={job.id} clip={job.clip} isBusy={own.some(isRunning)} />
      ) : (
        <p className="hint">{text.exportNone}</p>
      )}
      <ul className="export-list">
        {own.toReversed().map((one) => (
          <ExportRow key={one.exportId} job={one} />
        ))}
      </ul>
    </section>
  );
}

const isRunning = ({ state }: ExportJob): boolean => state.phase === 'running';

interface ExportFormProps {
  readonly jobId: JobId;
  readonly clip: DeliveredClip;
  readonly isBusy: boolean;
}

function ExportForm({ jobId, clip, isBusy }: ExportFormProps) {
  const text = useText();
  const rendered = `${clip.renderedWidthPx}x${clip.renderedHeightPx}`;
  const [size, setSize] = useState<string>(SIZES[0]);
  const [fps, setFps] = useState(clip.fps);
  const rates = [...new Set([clip.fps, ...RATES])].toSorted((a, b) => a - b);
  const begin = (): void => {
    const [widthPx = clip.widthPx, heightPx = clip.heightPx] = size.split('x').map(Number);
    void startExport(jobId, { widthPx, heightPx, fps });
  };
  return (
    <div className="export-form">
      <label>
        {text.exportSize}
        <select value={size} onChange={(event) => setSize(event.currentTarget.value)}>
          {SIZES.map((value) => (
            <option key={value} value={value}>
              {value.replace('x', ' × ')}
            </option>
          ))}
          <option value={rendered}>
            {text.asRendered} ({rendered.replace('x', ' × ')})
          </option>
        </select>
      </label>
      <label>
        {text.framesPerSecond}
        <select value={fps} onChange={(event) => setFps(Number(event.currentTarget.value))}>
          {rates.map((rate) => (
            <option key={rate} value={rate}>
              {rate}
            </option>
          ))}
        </select>
      </label>
      {clip.grade === 'fallback' && <p className="hint">{text.exportFallback}</p>}
      <button type="button" className="export-button" disabled={isBusy} onClick={begin}>
        <Icon name="export" />
        {text.exportStart}
      </button>
    </div>
  );
}

function ExportRow({ job: { exportId, path, state } }: { readonly job: ExportJob }) {
  const text = useText();
  const name = path?.split(/[/\\]/).at(-1) ?? '';
  return (
    <li className="export-row" data-phase={state.phase}>
      <div className="export-words">
        <span className="export-name" title={path ?? undefined}>
          {name}
        </span>
        {state.phase === 'running' && (
          <span className="numbers">
            {text.exporting(Math.floor(state.ratio * 100))}
            {state.speed !== null && ` · ${text.speed(state.speed.toFixed(1))}`}
          </span>
        )}
        {state.phase === 'done' && <span>{text.exported(formatBytes(state.bytes))}</span>}
        {state.phase === 'cancelled' && <span>{text.exportCancelled}</span>}
        {state.phase === 'failed' && (
          <span className="refusal" role="alert" title={state.detail}>
            {text.exportProblem[state.problem]}
          </span>
        )}
        {state.phase === 'running' && <progress aria-label={text.exportTitle} max={1} value={state.ratio} />}
      </div>
      {state.phase === 'running' && (
        <IconButton icon="close" label={text.cancel} onPress={() => cancelExport(exportId)} />
      )}
      {state.phase === 'done' && (
        <IconButton icon="folder" label={text.reveal} onPress={() => revealExport(exportId)} />
      )}
    </li>
  );
}
