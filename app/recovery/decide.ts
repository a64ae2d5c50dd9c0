import type { ActionKind, FaultKind } from '../contract/name.ts';

/** What has been tried in this job so far, oldest first. */
export interface Tried {
  readonly fault: FaultKind;
  readonly action: ActionKind;
}

export interface Circumstances {
  readonly tried: readonly Tried[];
  readonly fault: FaultKind;
  readonly policy: 'auto' | 'off';
  /** Latents of the failed attempt are on disk. */
  readonly hasCheckpoint: boolean;
  /** The pack's ladder goes further down. */
  readonly hasLowerRung: boolean;
  /** All frames of the failed attempt are there, faulty as they are. */
  readonly hasFrames: boolean;
  /** False where another try can't end otherwise: a damaged pack, a spent restart budget. */
  readonly canRetry: boolean;
  /** Null without a deadline. */
  readonly secondsLeft: number | null;
  readonly expectedAttemptSeconds: number;
}

export interface Decision {
  readonly action: ActionKind;
  /** Name of the branch that said so, for the report and the window. */
  readonly branch: string;
  readonly reason: string;
  readonly alternatives: readonly ActionKind[];
}

/** More attempts than this help nobody: the user waits for a clip. */
export const CURE_LIMIT = 6;

type Cure = Extract<ActionKind, 'resume' | 'restart-clean' | 'new-seed' | 'lower-rung'>;

/**
 * The next cure: the cheapest that was not tried for this cause and can be had, at the end a fallback clip.
 * Pure and total: same input, same answer; every path ends after at most CURE_LIMIT cures.
 */
export function decide(now: Circumstances): Decision {
  const cures = curesFor(now.fault).filter((cure) => isAvailable(cure, now));
  const alternatives: ActionKind[] = [...cures, ...(now.hasFrames ? (['continue'] as const) : []), 'fallback-clip'];
  const choose = (action: ActionKind, branch: string, reason: string): Decision => ({
    action,
    branch: `${now.fault}/${branch}`,
    reason,
    alternatives: alternatives.filter((other) => other !== action),
  });

  if (now.policy === 'off')
    return now.hasFrames
      ? choose(
          'continue',
          'policy-off',
          'recovery is switched off and the frames are there: they are delivered as they are',
        )
      : choose('fallback-clip', 'policy-off', 'recovery is switched off and there are no frames to deliver');
  if (!now.canRetry) return choose('fallback-clip', 'hopeless', 'another attempt would end in the same way');
  if (now.tried.length >= CURE_LIMIT) return choose('fallback-clip', 'budget', `${CURE_LIMIT} cures did not help`);
  if (now.secondsLeft !== null && now.secondsLeft < now.expectedAttemptSeconds)
    return choose('fallback-clip', 'deadline', 'the deadline leaves no time for another attempt');
  const [cheapest] = cures;
  if (cheapest) return choose(cheapest, cheapest, reasons[cheapest]);
  return choose('fallback-clip', 'no-cure-left', 'every cure for this fault was tried');
}

/** Cures by cause, cheapest first. */
function curesFor(fault: FaultKind): readonly Cure[] {
  switch (fault) {
    case 'engine-crashed':
    case 'engine-hung':
    case 'gpu-lost':
      return ['resume', 'restart-clean', 'lower-rung'];
    case 'out-of-memory':
    case 'memory-pressure':
      return ['lower-rung'];
    case 'provider-failed':
      return ['restart-clean', 'lower-rung'];
    default:
      return ['new-seed', 'lower-rung'];
  }
}

const reasons: Readonly<Record<Cure, string>> = {
  resume: 'the engine is replaced and goes on from the saved latents',
  'restart-clean': 'the same seed once more in a fresh engine',
  'new-seed': 'the same prompt with another seed',
  'lower-rung': 'a smaller size costs less and fails less often',
};

/** A cure that failed for the same cause is not repeated; each rung further down is a cure of its own. */
function isAvailable(cure: Cure, now: Circumstances): boolean {
  if (cure === 'lower-rung') return now.hasLowerRung;
  if (cure === 'resume' && !now.hasCheckpoint) return false;
  return !now.tried.some(({ fault, action }) => fault === now.fault && action === cure);
}
