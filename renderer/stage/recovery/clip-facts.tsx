import { useEffect, useState } from 'react';

import { formatShort } from '../../../app/base/figure.ts';
import type { DeliveredClip, JobId } from '../../../app/contract/job.ts';
import type { RunReport } from '../../../app/contract/report.ts';
import type { JobState } from '../../../app/plan/job-state.ts';
import { formatDevice } from '../../base/format.ts';
import { useText } from '../../locale/use-text.ts';
import { ask } from '../../state/ask.ts';
import { useStudio } from '../../state/studio-store.ts';

/** What the clip is, in figures. */
export function ClipFacts({ job }: { readonly job: Extract<JobState, { phase: 'done' }> }) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const report = useReport(job.id);
  const { clip } = job;
  const facts = [
    [text.rendered, isRendered(clip) ? `${clip.renderedWidthPx} × ${clip.renderedHeightPx}` : text.nothing],
    [text.delivered, `${clip.widthPx} × ${clip.heightPx}`],
    [text.length, `${text.frames(clip.frameCount)} · ${text.seconds(clip.durationSeconds.toFixed(2))}`],
    [text.took, formatShort(clip.wallMs, locale)],
    [text.seed, String(report?.attempts.at(-1)?.seed ?? job.request.seed)],
    [text.renderedBy, report ? formatDevice(report.device.name, text) : '…'],
  ] as const;
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A stand-in and a template were not rendered for this prompt. */
const isRendered = ({ grade }: Pick<DeliveredClip, 'grade'>): boolean => grade !== 'fallback' && grade !== 'template';

function useReport(jobId: JobId): RunReport | null {
  const [report, setReport] = useState<RunReport | null>(null);
  useEffect(() => {
    let isWanted = true;
    void ask('report.read', { jobId }).then((answer) => {
      if (isWanted && answer) setReport(answer.value);
    });
    return () => void (isWanted = false);
  }, [jobId]);
  return report;
}
