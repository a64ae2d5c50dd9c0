import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { CauseName, CureName } from '../../../app/contract/cure.ts';
import { causeNames, cureNames } from '../../../app/contract/list.ts';
import type { FaultKind, StageName } from '../../../app/contract/name.ts';
import { actionKinds, faultKinds } from '../../../app/contract/list.ts';
import { defaultPolicy } from '../../../app/contract/default.ts';
import { faultOf } from '../../../app/monitor/fault.ts';
import type { AttemptReport, DecisionReport } from '../../../app/contract/report.ts';
import type { Means, Situation, Trial } from '../../../app/contract/situation.ts';
import { cures } from '../../../app/recovery/cures.ts';
import { CURE_LIMIT, decide } from '../../../app/recovery/decide.ts';
import { diagnose, diagnosisRules } from '../../../app/recovery/diagnose.ts';
import { guards } from '../../../app/recovery/guards.ts';
import { costOf, priceOf } from '../../../app/recovery/price.ts';
import { tree } from '../../../app/recovery/tree.ts';
import { trialsOf } from '../../../app/recovery/trials.ts';
import { anyAttempt, anyMeans, anyPolicy, attemptOf, poorMeans, richMeans, situationOf } from './situations.ts';

const failed = (cause: CauseName, ...names: readonly CureName[]): readonly Trial[] =>
  names.map((cure) => ({ cause, cure, outcome: 'failed' }));

describe('the table', () => {
  it('gives every cause an end that needs nothing, and no cure twice', () => {
    for (const cause of causeNames) {
      expect(tree[cause].at(-1)).toBe('fallback-clip');
      expect(new Set(tree[cause]).size).toBe(tree[cause].length);
    }
    expect(cures['fallback-clip'].needs).toEqual([]);
  });

  it('leaves no cure, guard, cause or kind of fault unused', () => {
    // Catches a cure that nobody can ever reach, and a fault that nobody can name.
    const inTree = new Set(Object.values(tree).flat());
    expect(cureNames.filter((name) => !inTree.has(name))).toEqual([]);
    const asked = new Set(cureNames.flatMap((name) => cures[name].needs));
    expect(Object.keys(guards).filter((name) => !asked.has(name as keyof typeof guards))).toEqual([]);
    const causes = new Set(diagnosisRules.map(({ cause }) => cause));
    expect(causeNames.filter((name) => !causes.has(name))).toEqual([]);
    const plain = new Set(diagnosisRules.filter(({ clues }) => clues.length === 0).flatMap(({ faults }) => faults));
    expect(faultKinds.filter((kind) => !plain.has(kind))).toEqual([]);
    const actions = new Set(cureNames.map((name) => cures[name].action));
    expect(actionKinds.filter((kind) => !actions.has(kind))).toEqual([]);
  });

  it('is in the order of cost for any prices', () => {
    // Catches a cure that is placed before a cheaper one: seconds and quality on one scale, in an engine that is up.
    fc.assert(
      fc.property(anyMeans, fc.constantFrom(...causeNames), ({ prices, ...drawn }, cause) => {
        const means: Means = { ...drawn, isEngineUp: true, prices: { ...prices, startSeconds: 0 } };
        const attemptSeconds = prices.textSeconds + prices.stepSeconds * means.steps + prices.decodeSeconds;
        // What is painted takes a moment whatever the clip; beside a real attempt that is nothing.
        fc.pre(attemptSeconds > 2);
        const { fault } = situationOf('slow-query').diagnosis;
        const open = tree[cause].filter((name) =>
          cures[name].needs.every((guard) => guards[guard]({ ...means, fault })),
        );
        const costs = open.map((name) => costOf(name, means));
        const sorted = costs.toSorted((a, b) => a - b);
        costs.forEach((cost, i) => expect(cost).toBeCloseTo(sorted[i] ?? 0, 6));
      }),
    );
  });
});

/** Play attempts with the given faults through the tree until it delivers. */
function play(
  attempts: readonly AttemptReport[],
  means: readonly Means[],
  policy: Situation['policy'],
  secondsLeft: number | null = null,
) {
  const done: AttemptReport[] = [];
  const decisions: DecisionReport[] = [];
  for (let index = 0; ; index += 1) {
    const attempt = attempts[index % attempts.length];
    const now = means[index % means.length];
    if (!attempt || !now) throw new Error('bug: nothing to play');
    done.push({ ...attempt, index });
    const [diagnosis] = diagnose(done);
    if (!diagnosis) return { decisions, end: null };
    const situation: Situation = {
      diagnosis,
      trials: trialsOf(done, decisions),
      means: now,
      policy,
      budget: { curesLeft: Math.max(0, CURE_LIMIT - decisions.length), secondsLeft },
    };
    const decision = decide(situation);
    decisions.push({
      fault: diagnosis.fault.kind,
      attempt: index,
      ...{ action: decision.action, branch: decision.branch, reason: decision.reason, by: 'policy' },
      alternatives: decision.alternatives.map(({ action }) => action),
      recoveryMs: null,
      ...{ cause: decision.cause, cure: decision.cure, predicted: decision.predicted, outcome: null },
      ...{ skipped: decision.skipped, overrode: null },
    });
    if (cures[decision.cure].effect === 'delivery') return { decisions, end: decision };
  }
}

describe('any episode', () => {
  const episode = fc.record({
    attempts: fc.array(anyAttempt, { minLength: 1, maxLength: 12 }),
    means: fc.array(anyMeans, { minLength: 1, maxLength: 12 }),
    policy: anyPolicy,
    secondsLeft: fc.option(fc.double({ min: -10, max: 1_000, noNaN: true })),
  });

  it('ends in a delivery within the budget', () => {
    fc.assert(
      fc.property(episode, ({ attempts, means, policy, secondsLeft }) => {
        const { decisions, end } = play(attempts, means, policy, secondsLeft);
        expect(end).not.toBeNull();
        expect(decisions.length).toBeLessThanOrEqual(CURE_LIMIT + 1);
      }),
    );
  });

  it('never repeats a cure that failed for the same cause, nor goes back to one before it', () => {
    fc.assert(
      fc.property(episode, ({ attempts, means, policy }) => {
        const { decisions } = play(attempts, means, { ...policy, mode: 'auto' });
        const done = decisions.map((_, i) => ({ ...(attempts[i % attempts.length] as AttemptReport), index: i }));
        decisions.forEach((decision, i) => {
          const trials = trialsOf(done.slice(0, i + 1), decisions.slice(0, i));
          const order = tree[decision.cause as CauseName];
          const position = order.indexOf(decision.cure as CureName);
          for (const trial of trials)
            if (trial.cause === decision.cause && trial.outcome === 'failed' && decision.cure !== 'fallback-clip') {
              const isFurther = trial.cure === decision.cure && ['lower-rung', 'next-provider'].includes(trial.cure);
              if (!isFurther) expect(position).toBeGreaterThan(order.indexOf(trial.cure));
            }
        });
      }),
    );
  });

  it('is decided alike however often it is asked', () => {
    fc.assert(
      fc.property(episode, ({ attempts, means, policy, secondsLeft }) => {
        const once = play(attempts, means, policy, secondsLeft);
        expect(play(structuredClone(attempts), structuredClone(means), policy, secondsLeft)).toEqual(once);
      }),
    );
  });

  it('keeps the deadline: nothing is begun that can not be done in time', () => {
    fc.assert(
      fc.property(
        episode,
        fc.double({ min: -10, max: 1_000, noNaN: true }),
        ({ attempts, means, policy }, secondsLeft) => {
          const { decisions } = play(attempts, means, { ...policy, mode: 'auto' }, secondsLeft);
          for (const { cure, predicted } of decisions)
            if (cure !== 'fallback-clip') expect(predicted?.seconds).toBeLessThanOrEqual(secondsLeft);
        },
      ),
    );
  });

  it('does nothing that the user has forbidden', () => {
    fc.assert(
      fc.property(episode, ({ attempts, means, policy }) => {
        const { decisions } = play(attempts, means, { ...policy, mode: 'auto' });
        for (const { action } of decisions)
          if (action !== 'fallback-clip') expect(policy.stances[action]).not.toBe('never');
      }),
    );
  });

  it('is priced, explained, and never says that what it did was an alternative', () => {
    fc.assert(
      fc.property(episode, ({ attempts, means, policy }) => {
        const { end } = play(attempts, means, policy);
        expect(end?.reason).not.toBe('');
        expect(end?.predicted.quality).toBeLessThanOrEqual(1);
        expect(end?.alternatives.map(({ cure }) => cure)).not.toContain(end?.cure);
      }),
    );
  });
});

describe('what is done first', () => {
  it.each<[FaultKind, CureName]>([
    ['engine-crashed', 'resume'],
    ['engine-hung', 'resume'],
    ['out-of-memory', 'resume'],
    ['memory-pressure', 'decode-tiled'],
    ['latent-nonfinite', 'resume'],
    ['denoise-stalled', 'new-seed'],
    ['expert-unstable', 'reroute-expert'],
    ['decode-nonfinite', 'decode-again'],
    ['frames-black', 'decode-again'],
    ['frames-noise', 'new-seed'],
    ['attention-neglected', 'new-seed'],
    ['embedding-drift', 'restart-clean'],
    ['provider-failed', 'resume'],
    ['gpu-lost', 'next-provider'],
    ['gpu-overheating', 'next-provider'],
    ['slow-query', 'fewer-steps'],
    ['pack-corrupt', 'other-pack'],
    ['encoder-failed', 'safer-recipe'],
  ])('about %s is %s', (kind, cure) => {
    expect(decide(situationOf(kind)).cure).toBe(cure);
  });

  it('falls back to what is left when little can be had', () => {
    for (const kind of faultKinds) {
      const { cure } = decide(situationOf(kind, { means: { ...poorMeans, mayRestart: false, isEngineUp: false } }));
      expect(cure).toBe('fallback-clip');
    }
  });

  it.each<[string, Partial<Situation>, CureName, string]>([
    [
      'after it failed, something dearer',
      { trials: failed('engine-died', 'resume') },
      'restart-clean',
      'failed-before',
    ],
    ['without the deadline in the way', { budget: { curesLeft: 8, secondsLeft: 1.4 } }, 'resume', ''],
    [
      'with the deadline near, what still fits',
      { budget: { curesLeft: 8, secondsLeft: 1.25 } },
      'still-motion',
      'deadline',
    ],
    [
      'with the deadline over, the stand-in',
      { budget: { curesLeft: 8, secondsLeft: -1 } },
      'fallback-clip',
      'deadline',
    ],
    [
      'with no cures left, a delivery',
      { budget: { curesLeft: 0, secondsLeft: null } },
      'still-motion',
      'no-cures-left',
    ],
    [
      'where it is forbidden, the next',
      { policy: { ...defaultPolicy, stances: { resume: 'never' } } },
      'restart-clean',
      'never',
    ],
    [
      'without latents and engine, a fresh start',
      { means: { ...richMeans, checkpoint: null, isEngineUp: false } },
      'restart-clean',
      'has-sound-point',
    ],
    [
      'without latents, the same once more in the engine that is there',
      { means: { ...richMeans, checkpoint: null } },
      'resume',
      '',
    ],
  ])('%s', (_, part, cure, because) => {
    const decision = decide(situationOf('engine-crashed', part));
    expect(decision.cure).toBe(cure);
    if (because) expect(decision.skipped[0]).toEqual({ cure: 'resume', because });
    else expect(decision.skipped).toEqual([]);
  });

  it('is what the user preferred before, until that has failed', () => {
    const policy = { ...defaultPolicy, preferences: { 'engine-died': 'lower-rung' as const } };
    expect(decide(situationOf('engine-crashed', { policy })).cure).toBe('lower-rung');
    const below = { ...richMeans, lowerRung: null };
    expect(decide(situationOf('engine-crashed', { policy, means: below })).cure).toBe('resume');
  });

  it('is asked about where the policy wants that', () => {
    const policy = { ...defaultPolicy, stances: { resume: 'ask' as const } };
    expect(decide(situationOf('engine-crashed', { policy })).mustAsk).toBe(true);
    expect(decide(situationOf('engine-crashed')).mustAsk).toBe(false);
  });

  it('is nothing where recovery is off', () => {
    const policy = { ...defaultPolicy, mode: 'off' as const };
    expect(decide(situationOf('frames-black', { policy }))).toMatchObject({
      cure: 'carry-on',
      branch: 'decoder-numbers/policy-off',
    });
    expect(decide(situationOf('frames-black', { policy, means: poorMeans })).cure).toBe('fallback-clip');
  });

  it('is another seed a few times, whatever the cause, where it is what others do', () => {
    const policy = { ...defaultPolicy, mode: 'retry' as const };
    const cureWith = (curesLeft: number) =>
      decide(situationOf('decode-nonfinite', { policy, budget: { curesLeft, secondsLeft: null } })).cure;
    expect([8, 7, 6, 5, 0].map(cureWith)).toEqual([
      'new-seed',
      'new-seed',
      'new-seed',
      'fallback-clip',
      'fallback-clip',
    ]);
  });

  it('costs no more than another seed from the beginning, where the same once more may help, however dear a fresh engine is', () => {
    // Catches a clean start before what an engine that is up can do by itself: the rival, another seed, has no start to pay for.
    fc.assert(
      fc.property(
        anyMeans,
        fc.constantFrom<[FaultKind, StageName]>(
          ['latent-nonfinite', 'denoise'],
          ['latent-out-of-band', 'denoise'],
          ['latent-nonfinite', 'text'],
          ['provider-failed', 'denoise'],
          ['out-of-memory', 'denoise'],
          ['engine-crashed', 'denoise'],
        ),
        (drawn, [kind, stage]) => {
          const means = { ...drawn, isEngineUp: kind !== 'engine-crashed', mayRestart: true };
          const [diagnosis] = diagnose([attemptOf([faultOf(kind, stage, {}, { step: 3 })])]);
          if (!diagnosis) throw new Error('bug: a fault has a diagnosis');
          const { predicted, cure } = decide({ ...situationOf(kind), diagnosis, means });
          expect(predicted.seconds, cure).toBeLessThanOrEqual(priceOf('new-seed', means).seconds + 1e-9);
          expect(predicted.quality).toBe(priceOf('new-seed', means).quality);
        },
      ),
    );
  });

  it('takes far less than the 50 ms that a decision may take', () => {
    const now = situationOf('latent-nonfinite');
    const rounds = 200;
    const startedMs = performance.now();
    for (let i = 0; i < rounds; i += 1) decide(now);
    expect((performance.now() - startedMs) / rounds).toBeLessThan(50);
  });
});

it('carries on with a clip that can be watched, never with one that shows nothing', () => {
  const spent = { trials: failed('bad-draw', 'lower-rung'), means: { ...richMeans, lowerRung: null } };
  expect(decide(situationOf('frames-noise', spent)).cure).toBe('still-motion');
  expect(decide(situationOf('frames-torn', spent)).cure).toBe('carry-on');
});

it('looks at an attempt that is sound and finds nothing', () => {
  expect(diagnose([attemptOf([])])).toEqual([]);
  expect(diagnose([])).toEqual([]);
});
