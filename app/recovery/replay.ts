import type { LedgerLine } from '../contract/ledger.ts';
import type { AttemptReport } from '../contract/report.ts';
import { decide } from './decide.ts';
import { diagnose } from './diagnose.ts';

/** A decision that was recorded, and the one that is taken today from the same facts. */
export interface Replayed {
  readonly attempt: number | null;
  readonly recorded: string;
  readonly replayed: string;
}

/**
 * Take every decision of a recorded episode again: the cause from the attempts before it, the cure from the situation
 * that was kept with it. Decisions of the user are not ours to repeat; for them the proposal is compared.
 *
 * @param lines  one job's ledger, oldest first
 */
export function replayEpisode(lines: readonly LedgerLine[]): readonly Replayed[] {
  const attempts: AttemptReport[] = [];
  const replayed: Replayed[] = [];
  for (const line of lines) {
    if (line.kind === 'attempt-ended') attempts.push(line.report);
    if (line.kind !== 'decided' || line.situation === null || line.proposedBranch === null) continue;
    const [diagnosis] = diagnose(attempts);
    replayed.push({
      attempt: line.decision.attempt,
      recorded: line.proposedBranch,
      replayed: diagnosis ? decide({ ...line.situation, diagnosis }).branch : 'sound',
    });
  }
  return replayed;
}
