import type { CureName, Proposal, Skipped } from '../contract/cure.ts';
import type { Situation } from '../contract/situation.ts';
import { cures } from './cures.ts';
import { guards } from './guards.ts';
import { costOf, priceOf } from './price.ts';
import { causeWords, cureWords } from './reasons.ts';
import { tree } from './tree.ts';

export interface Decision extends Proposal {
  /** `cause/cure`: where in the tree it stands. */
  readonly branch: string;
  readonly reason: string;
  /** The user wants to be asked before this is done. */
  readonly mustAsk: boolean;
  /** What else could be done, cheapest first: more than the policy would do by itself. */
  readonly alternatives: readonly Proposal[];
  /** Cheaper cures that were passed over, and why. */
  readonly skipped: readonly Skipped[];
}

/** More attempts than this help nobody: the user waits for a clip. */
export const CURE_LIMIT = 8;

/** What a user may always ask for, whatever the cause. */
const anytime: readonly CureName[] = [
  'restart-clean',
  'new-seed',
  'lower-rung',
  'carry-on',
  'still-motion',
  'fallback-clip',
];

/**
 * The next cure: the cheapest for this cause that can be had, was not found useless, fits into what is left of the
 * budget, and is not against the user's will. Pure and total: same input, same answer; the last cure of every cause
 * needs nothing, so there always is one.
 */
export function decide(now: Situation): Decision {
  const { diagnosis, policy } = now;
  if (policy.mode === 'off') return switchedOff(now);
  if (policy.mode === 'retry') return tryAgain(now);
  const skipped: Skipped[] = [];
  const preferred = policy.preferences[diagnosis.cause];
  const order = tree[diagnosis.cause];
  if (preferred !== undefined && order.includes(preferred) && !obstacle(preferred, now))
    return decisionFor(preferred, now, skipped);
  for (const cure of order) {
    const because = obstacle(cure, now);
    if (because === null) return decisionFor(cure, now, skipped);
    skipped.push({ cure, because });
  }
  throw new Error(`bug: ${diagnosis.cause} does not end with a clip`);
}

/** Null where nothing stands in the way of a cure; else the guard that failed, or another name for what does. */
function obstacle(cure: CureName, { diagnosis, trials, means, policy, budget }: Situation): string | null {
  // Whatever else is forbidden or late: a job ends with a clip.
  if (cure === 'fallback-clip') return null;
  const failedGuard = cures[cure].needs.find((name) => !guards[name]({ ...means, fault: diagnosis.fault }));
  if (failedGuard) return failedGuard;
  const { action, effect } = cures[cure];
  if (policy.stances[action] === 'never') return 'never';
  if (isSpent(cure, { diagnosis, trials })) return 'failed-before';
  if (effect === 'attempt' && budget.curesLeft === 0) return 'no-cures-left';
  if (budget.secondsLeft !== null && priceOf(cure, means).seconds > budget.secondsLeft) return 'deadline';
  return null;
}

/**
 * A cure that failed rules itself out, and every cheaper one with it. Each rung of the ladder is a cure of its own, and so is
 * each device: the plan or the place is another one.
 */
function isSpent(cure: CureName, { diagnosis, trials }: Pick<Situation, 'diagnosis' | 'trials'>): boolean {
  const order = tree[diagnosis.cause];
  const failed = trials.filter(({ cause, outcome }) => cause === diagnosis.cause && outcome === 'failed');
  const furthest = Math.max(-1, ...failed.map((one) => order.indexOf(one.cure)));
  const position = order.indexOf(cure);
  return cure === 'lower-rung' || cure === 'next-provider' ? position < furthest : position <= furthest;
}

function decisionFor(cure: CureName, now: Situation, skipped: readonly Skipped[]): Decision {
  const { diagnosis, policy } = now;
  const proposal = propose(cure, now);
  return {
    ...proposal,
    branch: `${diagnosis.cause}/${cure}`,
    reason: `${causeWords[diagnosis.cause]}: ${cureWords[cure]}`,
    mustAsk: policy.stances[proposal.action] === 'ask',
    alternatives: alternativesTo(cure, now),
    skipped,
  };
}

function switchedOff(now: Situation): Decision {
  const cure = now.means.hasFrames ? 'carry-on' : 'fallback-clip';
  return {
    ...decisionFor(cure, now, []),
    branch: `${now.diagnosis.cause}/policy-off`,
    reason: now.means.hasFrames
      ? 'recovery is switched off and the frames are there: they are delivered as they are'
      : 'recovery is switched off and there are no frames to deliver',
    mustAsk: false,
  };
}

/** As often as patient people try. */
const RETRY_LIMIT = 3;

/** Whatever the cause: another seed from the beginning, a few times, then nothing more. */
function tryAgain(now: Situation): Decision {
  const { means, budget } = now;
  const isOver = CURE_LIMIT - budget.curesLeft >= RETRY_LIMIT || !(means.isEngineUp || means.mayRestart);
  const cure = isOver ? 'fallback-clip' : 'new-seed';
  return {
    ...decisionFor(cure, now, []),
    branch: `${now.diagnosis.cause}/retry`,
    reason: isOver ? `${RETRY_LIMIT} other seeds did not help` : 'another seed and once more, whatever the cause',
    mustAsk: false,
  };
}

/** Everything that can be had, even what the policy has ruled out: the user may know better. */
function alternativesTo(chosen: CureName, now: Situation): readonly Proposal[] {
  const { diagnosis, means } = now;
  const names = new Set([...tree[diagnosis.cause], ...anytime]);
  return [...names]
    .filter(
      (name) =>
        name !== chosen && cures[name].needs.every((guard) => guards[guard]({ ...means, fault: diagnosis.fault })),
    )
    .toSorted((a, b) => costOf(a, means) - costOf(b, means))
    .map((name) => propose(name, now));
}

function propose(cure: CureName, { diagnosis, means }: Situation): Proposal {
  return { action: cures[cure].action, cure, cause: diagnosis.cause, predicted: priceOf(cure, means) };
}
