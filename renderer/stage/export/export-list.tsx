import { formatBytes } from '../../../app/base/figure.ts';
import { unreachable } from '../../../app/base/result.ts';
import { Icon, IconButton } from '../../base/icon.tsx';
import type { StudioText } from '../../locale/en.ts';
import { useText } from '../../locale/use-text.ts';
import { cancelExport, revealExport } from '../../state/intents.ts';
import type { ExportJob } from '../../state/studio-state.ts';
import { useStudio } from '../../state/studio-store.ts';

const SHOWN = 4;

export function ExportList() {
  const exports = useStudio((state) => state.exports);
  if (exports.length === 0) return null;
  return (
    <ul className="exports">
      {exports
        .slice(-SHOWN)
        .toReversed()
        .map((one) => (
          <ExportItem key={one.exportId} job={one} />
        ))}
    </ul>
  );
}

function ExportItem({ job }: { readonly job: ExportJob }) {
  const text = useText();
  const { exportId, path, state } = job;
  const percent = state.phase === 'running' ? Math.round(state.ratio * 100) : 0;
  return (
    <li className={`is-${state.phase}`}>
      <div className="export-words">
        <span className="file-name" title={path ?? undefined}>
          {fileName(path)}
        </span>
        <span className="figure" role={state.phase === 'running' ? undefined : 'status'}>
          {wordsOf(job, text)}
        </span>
        {state.phase === 'failed' && (
          <details>
            <summary>
              <Icon name="chevron" />
              {text.details}
            </summary>
            <code>{state.detail}</code>
          </details>
        )}
        {state.phase === 'running' && (
          <progress className="thin" aria-label={text.exportTitle} max={100} value={percent} />
        )}
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

const fileName = (path: string | null): string => path?.split(/[/\\]/).at(-1) ?? 'MP4';

function wordsOf({ state }: ExportJob, text: StudioText): string {
  switch (state.phase) {
    case 'running': {
      const progress = text.exporting(Math.round(state.ratio * 100));
      return state.speed === null ? progress : `${progress} · ${text.speed(state.speed.toFixed(1))}`;
    }
    case 'done':
      return text.exported(formatBytes(state.bytes));
    case 'cancelled':
      return text.exportCancelled;
    case 'failed':
      return text.exportProblem[state.problem];
    default:
      return unreachable(state);
  }
}
