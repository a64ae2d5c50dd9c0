import { describe, expect, it } from 'vitest';

import { ledgerLine, type LedgerLine } from '../../../app/contract/ledger.ts';
import type { AttemptReport, FaultReport } from '../../../app/contract/report.ts';
import type { Situation, Trial } from '../../../app/contract/situation.ts';
import { faultOf } from '../../../app/monitor/fault.ts';
import { decide } from '../../../app/recovery/decide.ts';
import { diagnose } from '../../../app/recovery/diagnose.ts';
import { replayEpisode } from '../../../app/recovery/replay.ts';
import { attemptOf, richMeans, situationOf } from './situations.ts';

const nan = faultOf('latent-nonfinite', 'denoise', { expert: 'high' }, { step: 3 });

/** A ledger as the loop writes it: each attempt, and what was decided on it. */
function record(attempts: readonly AttemptReport[], trials: readonly (readonly Trial[])[]): readonly LedgerLine[] {
  return attempts.flatMap((report, i): LedgerLine[] => {
    const ended: LedgerLine = { kind: 'attempt-ended', report };
    const [diagnosis] = diagnose(attempts.slice(0, i + 1));
    if (!diagnosis) return [ended];
    const means = { ...richMeans, checkpoint: null };
    const situation: Situation = { ...situationOf('latent-nonfinite'), diagnosis, means, trials: trials[i] ?? [] };
    const { branch, action, cure, cause, reason } = decide(situation);
    const decision = {
      ...{ fault: diagnosis.fault.kind, action, branch, reason, by: 'policy', alternatives: [], recoveryMs: 5 },
      ...{ attempt: i, cause, cure },
    };
    const decided = ledgerLine.parse({ kind: 'decided', decision, situation, proposedBranch: branch });
    return [ended, decided];
  });
}

const broken = (index: number, seed: number, faults: readonly FaultReport[] = [nan]): AttemptReport =>
  attemptOf(faults, { index, seed });
const episode = record(
  [broken(0, 1), broken(1, 1), broken(2, 9), broken(3, 9, [])],
  [
    [],
    [{ cause: 'passing-glitch', cure: 'resume', outcome: 'failed' }],
    [{ cause: 'bad-draw', cure: 'new-seed', outcome: 'failed' }],
  ],
);

describe('a recorded episode', () => {
  it('leads to the same branches again, after a way through a file', () => {
    const lines = ledgerLine.array().parse(JSON.parse(JSON.stringify(episode)));
    const replayed = replayEpisode(lines);
    expect(replayed.map((one) => one.recorded)).toEqual([
      'passing-glitch/resume',
      'bad-draw/new-seed',
      'numbers/reroute-expert',
    ]);
    for (const one of replayed) expect(one.replayed).toBe(one.recorded);
  });

  it('shows where today another branch would be taken', () => {
    // Catches a replay that compares a decision with itself.
    const lines = episode.map((line) =>
      line.kind === 'decided' && line.situation
        ? { ...line, situation: { ...line.situation, means: { ...line.situation.means, standIn: null } } }
        : line,
    );
    expect(replayEpisode(lines).at(-1)).toMatchObject({
      recorded: 'numbers/reroute-expert',
      replayed: 'numbers/next-provider',
    });
  });

  it('of an older program, which kept no situation, has nothing to compare', () => {
    const lines = episode.map((line) => (line.kind === 'decided' ? { ...line, situation: null } : line));
    expect(replayEpisode(lines)).toEqual([]);
  });
});
