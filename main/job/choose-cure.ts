import type { CureName } from '../../app/contract/cure.ts';
import type { RecoveryAnswer, RecoveryMode } from '../../app/contract/policy.ts';
import type { DecisionReport } from '../../app/contract/report.ts';
import type { Diagnosis, Means, Situation } from '../../app/contract/situation.ts';
import { CURE_LIMIT, decide, type Decision } from '../../app/recovery/decide.ts';
import type { Episode } from './episode.ts';
import type { UserHand } from './hand.ts';

/** What is to be done now, by whom, and what it rests on. */
export type Choice =
  | { readonly kind: 'stop' }
  | {
      readonly kind: 'cure';
      readonly cure: CureName;
      /** Begin again from the request itself, without anything that was given away. */
      readonly isFullQuality: boolean;
      readonly report: DecisionReport;
      readonly situation: Situation;
      /** What the tree said, whatever the user made of it. */
      readonly proposedBranch: string;
    };

export interface Circumstances {
  readonly diagnosis: Diagnosis;
  readonly means: Means;
  readonly mode: RecoveryMode;
  readonly secondsLeft: number | null;
}

/** The tree's decision, after the user was asked where the policy wants that. */
export async function chooseCure(
  episode: Episode,
  around: Circumstances,
  hand: UserHand,
  signal: AbortSignal,
): Promise<Choice> {
  const situation = situationOf(episode, around, hand);
  const decision = decide(situation);
  const { action, cure, cause, predicted, alternatives } = decision;
  const answer = decision.mustAsk
    ? await hand.ask(
        {
          fault: around.diagnosis.fault.kind,
          proposed: { action, cure, cause, predicted },
          alternatives,
          canAccept: around.means.hasFrames,
        },
        signal,
      )
    : null;
  return choiceOf(answer, decision, situation, episode);
}

/** The user wants something else than the cure that is under way. */
export function chooseByOverride(
  answer: RecoveryAnswer,
  episode: Episode,
  around: Circumstances,
  hand: UserHand,
): Choice {
  const situation = situationOf(episode, around, hand);
  return choiceOf(answer, decide(situation), situation, episode);
}

function situationOf(
  episode: Episode,
  { diagnosis, means, mode, secondsLeft }: Circumstances,
  hand: UserHand,
): Situation {
  return {
    diagnosis,
    trials: episode.trials,
    means,
    policy: { ...hand.policy(), mode },
    budget: { curesLeft: Math.max(0, CURE_LIMIT - episode.decisions.length), secondsLeft },
  };
}

function choiceOf(answer: RecoveryAnswer | null, decision: Decision, situation: Situation, episode: Episode): Choice {
  if (answer?.kind === 'stop' || answer?.kind === 'edit-prompt') return { kind: 'stop' };
  const wanted = wantedBy(answer);
  const options = [decision, ...decision.alternatives];
  const chosen = options.find(({ cure }) => cure === wanted) ?? decision;
  const isOverride = chosen !== decision || answer?.kind === 'full-quality';
  const { action, cure, cause, predicted } = chosen;
  return {
    kind: 'cure',
    cure,
    isFullQuality: answer?.kind === 'full-quality',
    situation,
    proposedBranch: decision.branch,
    report: {
      fault: situation.diagnosis.fault.kind,
      attempt: episode.attempts.at(-1)?.index ?? null,
      action,
      branch: isOverride ? `${cause}/${cure}` : decision.branch,
      reason: isOverride ? 'the user chose it' : decision.reason,
      by: answer === null ? 'policy' : 'user',
      alternatives: [...new Set(decision.alternatives.map((other) => other.action))].filter(
        (other) => other !== action,
      ),
      recoveryMs: null,
      cause,
      cure,
      predicted,
      outcome: null,
      skipped: isOverride ? [] : decision.skipped,
      overrode: isOverride ? decision.action : null,
    },
  };
}

function wantedBy(answer: RecoveryAnswer | null): CureName | null {
  switch (answer?.kind) {
    case 'choose':
      return answer.cure;
    case 'accept':
      return 'carry-on';
    case 'full-quality':
      return 'new-seed';
    default:
      return null;
  }
}
