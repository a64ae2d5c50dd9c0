import { Icon } from '../base/icon.tsx';
import { useText } from '../locale/use-text.ts';
import { beginNewClip } from '../state/intents.ts';
import { jobsIn } from '../state/projects.ts';
import { useStudio } from '../state/studio-store.ts';
import { HistoryItem } from './history-item.tsx';

/** Queue and history in one list, newest first. */
export function History() {
  const text = useText();
  const all = useStudio((state) => state.jobs);
  const projectId = useStudio((state) => state.projectId);
  const jobs = jobsIn(all, projectId);
  const selectedJobId = useStudio((state) => state.selectedJobId);
  return (
    <section className="panel history" aria-label={text.history}>
      <div className="panel-head">
        <h2>{text.history}</h2>
        {jobs.length > 0 && <span className="figure faint">{jobs.length}</span>}
        <span className="spring" />
        <button type="button" className="quiet-button" onClick={beginNewClip}>
          <Icon name="plus" />
          {text.newClip}
        </button>
      </div>
      {jobs.length === 0 ? (
        <p className="hint">{text.historyEmpty}</p>
      ) : (
        <ul className="history-list">
          {jobs.toReversed().map((job) => (
            <HistoryItem key={job.id} job={job} isSelected={job.id === selectedJobId} />
          ))}
        </ul>
      )}
    </section>
  );
}
