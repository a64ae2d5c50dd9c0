import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { actionKinds, faultKinds, type FaultKind } from '../../../app/contract/name.ts';
import { initialPlan, reshape } from '../../../app/plan/render-plan.ts';
import { CURE_LIMIT, decide, type Circumstances, type Tried } from '../../../app/recovery/decide.ts';
import { gradeOf } from '../../../app/recovery/grade.ts';
import { mayRestart, RESTART_LIMIT, RESTART_WINDOW_MS } from '../../../app/recovery/restart-budget.ts';
import { samplePack, sampleRequest } from '../sample-pack.ts';

const now = (part: Partial<Circumstances>): Circumstances => ({
  tried: [],
  fault: 'engine-crashed',
  policy: 'auto',
  hasCheckpoint: true,
  hasLowerRung: true,
  hasFrames: false,
  canRetry: true,
  secondsLeft: null,
  expectedAttemptSeconds: 10,
  ...part,
});

const trouble = fc.record({
  fault: fc.constantFrom(...faultKinds),
  hasCheckpoint: fc.boolean(),
  hasFrames: fc.boolean(),
});

it('ends every job in a delivery within the cure limit and never runs the same plan twice for the same fault', () => {
  // Catches a cure that is offered again and again: the user would wait for ever.
  const troubles = fc.array(trouble, { minLength: CURE_LIMIT + 2, maxLength: CURE_LIMIT + 2 });
  fc.assert(
    fc.property(troubles, fc.constantFrom('auto' as const, 'off' as const), (faults, policy) => {
      let plan = initialPlan(sampleRequest, samplePack);
      const tried: Tried[] = [];
      const seen = new Set<string>();
      for (const circumstances of faults) {
        const hasLowerRung = reshape(plan, 'lower-rung', samplePack) !== null;
        const { action, alternatives } = decide(now({ ...circumstances, tried, policy, hasLowerRung }));
        expect(alternatives).not.toContain(action);
        if (action === 'continue' || action === 'fallback-clip') return;
        const key = JSON.stringify([circumstances.fault, action, plan]);
        expect(seen).not.toContain(key);
        seen.add(key);
        tried.push({ fault: circumstances.fault, action });
        if (action === 'resume' || action === 'restart-clean' || action === 'new-seed' || action === 'lower-rung') {
          const next = reshape(plan, action, samplePack);
          expect(next).not.toBeNull();
          plan = next ?? plan;
        } else expect.unreachable(`nothing carries out ${action}`);
      }
      expect.unreachable('no delivery within the cure limit');
    }),
  );
});

describe('the ladder', () => {
  it.each<[FaultKind, readonly string[]]>([
    ['engine-crashed', ['resume', 'restart-clean', 'lower-rung']],
    ['engine-hung', ['resume', 'restart-clean', 'lower-rung']],
    ['out-of-memory', ['lower-rung', 'lower-rung']],
    ['latent-nonfinite', ['new-seed', 'lower-rung']],
    ['frames-black', ['new-seed', 'lower-rung']],
  ])('for %s is climbed down in the order of cost', (fault, order) => {
    const tried: Tried[] = [];
    for (const expected of order) {
      const { action } = decide(now({ fault, tried }));
      expect(action).toBe(expected);
      tried.push({ fault, action });
    }
  });

  it.each<[string, Partial<Circumstances>, string, string]>([
    ['no saved latents', { hasCheckpoint: false }, 'restart-clean', 'engine-crashed/restart-clean'],
    ['a damaged pack', { fault: 'pack-corrupt', canRetry: false }, 'fallback-clip', 'pack-corrupt/hopeless'],
    ['no time for another attempt', { secondsLeft: 9 }, 'fallback-clip', 'engine-crashed/deadline'],
    ['just enough time', { secondsLeft: 10 }, 'resume', 'engine-crashed/resume'],
    ['a deadline that is over', { secondsLeft: -1 }, 'fallback-clip', 'engine-crashed/deadline'],
    ['no recovery wanted, frames', { policy: 'off', hasFrames: true }, 'continue', 'engine-crashed/policy-off'],
    ['no recovery wanted, no frames', { policy: 'off' }, 'fallback-clip', 'engine-crashed/policy-off'],
    ['nothing left', { fault: 'out-of-memory', hasLowerRung: false }, 'fallback-clip', 'out-of-memory/no-cure-left'],
  ])('%s', (_, part, action, branch) => {
    expect(decide(now(part))).toMatchObject({ action, branch });
  });
});

describe('the grade', () => {
  it.each<[readonly (typeof actionKinds)[number][], string]>([
    [[], 'full'],
    [['resume'], 'repaired'],
    [['new-seed', 'restart-clean'], 'repaired'],
    [['resume', 'lower-rung'], 'degraded'],
    [['continue'], 'degraded'],
    [['lower-rung', 'still-motion'], 'still'],
    [['template'], 'template'],
    [['lower-rung', 'fallback-clip'], 'fallback'],
  ])('of %j is %s', (actions, grade) => {
    expect(gradeOf(actions)).toBe(grade);
  });

  it('is full only when nothing was done', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...actionKinds), { minLength: 1 }), (actions) => {
        expect(gradeOf(actions)).not.toBe('full');
      }),
    );
  });
});

it('the restart budget fills up and empties again after its window', () => {
  const starts = Array.from({ length: RESTART_LIMIT }, (_, i) => i * 1_000);
  expect(mayRestart(starts.slice(1), 5_000)).toBe(true);
  expect(mayRestart(starts, 5_000)).toBe(false);
  expect(mayRestart(starts, RESTART_WINDOW_MS - 1)).toBe(false);
  expect(mayRestart(starts, RESTART_WINDOW_MS)).toBe(true);
});
