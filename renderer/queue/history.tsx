import type { JobState } from '../../app/plan/job-state.ts';
import { formatWhen } from '../base/format.ts';
import { IconButton } from '../base/icon.tsx';
import { useText } from '../locale/use-text.ts';
import { cancelJob, removeJob, selectJob } from '../state/intents.ts';
import { useStudio } from '../state/studio-store.ts';

/** Every clip that was asked for, the newest on top. */
export function History() {
  const text = useText();
  const jobs = useStudio((state) => state.jobs);
  return (
    <section className="column-body history" aria-label={text.history}>
      <div className="section-head">
        <h2>{text.history}</h2>
        <IconButton icon="plus" label={text.newClip} onPress={() => selectJob(null)} />
      </div>
      {jobs.length === 0 && <p className="hint">{text.historyEmpty}</p>}
      <ul>
        {jobs.toReversed().map((job) => (
          <HistoryRow key={job.id} job={job} />
        ))}
      </ul>
    </section>
  );
}

function HistoryRow({ job }: { readonly job: JobState }) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const isSelected = useStudio(({ selectedJobId }) => selectedJobId === job.id);
  const isOpen = job.phase === 'queued' || job.phase === 'running';
  const ratio = job.phase === 'running' ? (job.progress?.ratio ?? 0) : null;
  const state = job.phase === 'done' ? text.grade[job.clip.grade].name : text.phase[job.phase];
  return (
    <li className="history-row" data-phase={job.phase} data-selected={isSelected}>
      <button type="button" className="history-pick" aria-pressed={isSelected} onClick={() => selectJob(job.id)}>
        <span className="history-prompt">{job.request.prompt}</span>
        <span className="history-state" data-grade={job.phase === 'done' ? job.clip.grade : undefined}>
          {state}
          <span className="numbers">
            {ratio === null ? formatWhen(job.queuedAtMs, Date.now(), locale) : percent(ratio)}
          </span>
        </span>
      </button>
      <IconButton
        icon={isOpen ? 'close' : 'trash'}
        label={`${isOpen ? text.cancel : text.remove}: ${job.request.prompt.slice(0, LABEL_LENGTH)}`}
        onPress={() => (isOpen ? cancelJob(job.id) : removeJob(job.id))}
      />
    </li>
  );
}

const LABEL_LENGTH = 60;
const percent = (ratio: number): string => `${Math.round(ratio * 100)} %`;
