import type { JobProblem } from '../../app/contract/job.ts';
import type { GradeName } from '../../app/contract/name.ts';
import type { JobList } from '../../app/plan/job-state.ts';

export type News =
  | { readonly kind: 'delivered'; readonly grade: GradeName }
  | { readonly kind: 'failed'; readonly problem: JobProblem }
  | { readonly kind: 'cancelled' };

/** The job that ended between two states of the list; null when none did. */
export function newsOf(before: JobList, after: JobList): News | null {
  for (const job of after) {
    const former = before.find(({ id }) => id === job.id);
    if (!former || former.phase === job.phase) continue;
    if (job.phase === 'done') return { kind: 'delivered', grade: job.clip.grade };
    if (job.phase === 'failed') return { kind: 'failed', problem: job.problem };
    if (job.phase === 'cancelled') return { kind: 'cancelled' };
  }
  return null;
}
