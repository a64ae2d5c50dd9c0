import type { JobId } from '../../app/contract/job.ts';
import type { PendingDecision, RecoveryAnswer, RecoveryPolicy } from '../../app/contract/policy.ts';
import { ask } from './ask.ts';
import { changeStudio, showToast } from './studio-store.ts';

/** The user's word on a question that is open; without one, on a cure that is under way. */
export async function answerDecision(
  jobId: JobId,
  pending: PendingDecision | null,
  answer: RecoveryAnswer,
  remember: boolean,
): Promise<void> {
  const said = pending
    ? await ask('decision.answer', { jobId, pendingId: pending.pendingId, answer, remember })
    : await ask('decision.override', { jobId, answer, remember });
  if (said && !said.value) showToast('late', '');
}

/** The same request once more with nothing given away, and look at it. */
export async function againAtFullQuality(jobId: JobId): Promise<void> {
  const job = await ask('job.again', { jobId });
  if (job?.value) changeStudio({ selectedJobId: job.value.jobId });
}

export function acceptClip(jobId: JobId): void {
  void ask('clip.accept', { jobId });
}

export function goOn(jobId: JobId): void {
  void ask('job.resume', { jobId });
}

export function savePolicy(policy: RecoveryPolicy): void {
  changeStudio({ policy });
  void ask('recovery.save', policy);
}
