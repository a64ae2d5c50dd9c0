import type { JobProblem } from '../../app/contract/job.ts';
import type { GradeName } from '../../app/contract/name.ts';
import type { PendingDecision } from '../../app/contract/policy.ts';
import type { DecisionReport } from '../../app/contract/report.ts';
import type { JobList } from '../../app/plan/job-state.ts';

export type News =
  | { readonly kind: 'delivered'; readonly grade: GradeName }
  | { readonly kind: 'failed'; readonly problem: JobProblem }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'asked'; readonly pending: PendingDecision }
  | { readonly kind: 'decided'; readonly decision: DecisionReport };

/** What somebody who does not look on wants to hear of two states of the list; null when nothing happened. */
export function newsOf(before: JobList, after: JobList): News | null {
  const formerly = new Map(before.map((job) => [job.id, job]));
  for (const job of after) {
    const former = formerly.get(job.id);
    if (!former || former === job) continue;
    if (job.pending && job.pending.pendingId !== former.pending?.pendingId)
      return { kind: 'asked', pending: job.pending };
    const decision = job.decisions.at(-1);
    if (decision && job.decisions.length > former.decisions.length) return { kind: 'decided', decision };
    if (former.phase === job.phase) continue;
    if (job.phase === 'done') return { kind: 'delivered', grade: job.clip.grade };
    if (job.phase === 'failed') return { kind: 'failed', problem: job.problem };
    if (job.phase === 'cancelled') return { kind: 'cancelled' };
  }
  return null;
}
