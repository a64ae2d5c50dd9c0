import type { JobState } from '../../../app/plan/job-state.ts';
import { Icon } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';
import { goOn } from '../../state/hand.ts';
import { reuseBrief } from '../../state/intents.ts';

/** A job that ended without a clip. */
export function EndedStage({ job }: { readonly job: Extract<JobState, { phase: 'cancelled' | 'failed' }> }) {
  const text = useText();
  const isFailed = job.phase === 'failed';
  return (
    <div className={`stage-message ${isFailed ? 'is-bad' : ''}`}>
      <Icon name={isFailed ? 'warning' : 'close'} />
      <h2>{isFailed ? text.failedTitle : text.cancelledTitle}</h2>
      <p>{isFailed ? text.jobProblem[job.problem] : text.cancelledBody}</p>
      <button type="button" className="button" onClick={() => reuseBrief(job.request)}>
        <Icon name="again" />
        {text.again}
      </button>
      {isFailed && job.canResume && (
        <button type="button" className="button is-primary" onClick={() => goOn(job.id)}>
          {text.goOn}
        </button>
      )}
      {isFailed && (
        <details>
          <summary>
            <Icon name="chevron" />
            {text.details}
          </summary>
          <code>{job.detail}</code>
        </details>
      )}
    </div>
  );
}
