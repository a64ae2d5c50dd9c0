import { useText } from '../locale/use-text.ts';
import { useSelectedJob } from '../state/selected-job.ts';

/** Says the end of the job on the stage to those who can't see it. */
export function Announcer() {
  const text = useText();
  const job = useSelectedJob();
  let words = '';
  if (job?.phase === 'done') words = text.liveDone(text.grade[job.clip.grade].name);
  if (job?.phase === 'failed') words = `${text.failedTitle}. ${text.jobProblem[job.problem]}`;
  if (job?.phase === 'cancelled') words = text.cancelledTitle;
  return (
    <p className="visually-hidden" aria-live="polite">
      {words}
    </p>
  );
}
