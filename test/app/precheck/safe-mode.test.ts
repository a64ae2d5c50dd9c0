import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { beginSafely, safeModePlan } from '../../../app/precheck/safe-mode.ts';
import { precheckPrompt } from '../../../app/precheck/precheck.ts';
import { initialPlan } from '../../../app/plan/render-plan.ts';
import { samplePack, sampleRequest } from '../sample-pack.ts';
import { vocabulary } from './lexicon.ts';

const crowded =
  'A wizard rides a dragon over a castle, a bridge, a river, a mill, a village, sheep, cows, horses, farmers, a church, a forest, knights, banners, archers, a catapult, a princess, a balcony, a rainbow, a lake and a moon';

describe('safe mode', () => {
  it('is the plan of a prompt that holds too much: who, what and where, and nothing else', () => {
    const { verdict, safeMode } = precheckPrompt(crowded, vocabulary);
    expect(verdict).toBe('safe-mode');
    expect(safeMode).toEqual({ prompt: 'A wizard rides a dragon over a castle', reasons: ['too-dense'] });
  });

  it('is absent for a prompt that is rendered as it stands', () => {
    expect(precheckPrompt('a red car on a beach', vocabulary).safeMode).toBeUndefined();
    expect(precheckPrompt('walking slowly', vocabulary).safeMode).toBeUndefined();
  });

  it('changes the prompt of the first plan and nothing else, and nothing at all where the policy is off', () => {
    const plan = initialPlan(sampleRequest, samplePack);
    const safe = { prompt: 'a cat', reasons: [] };
    expect(beginSafely(plan, safe, 'auto')).toEqual({ ...plan, prompt: 'a cat' });
    expect(beginSafely(plan, safe, 'off')).toBe(plan);
    expect(beginSafely(plan, undefined, 'auto')).toBe(plan);
  });

  it('leaves a prompt to render, whatever findings overlap', () => {
    const span = fc.tuple(fc.nat(30), fc.nat(30)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
    const finding = fc.tuple(span, fc.constantFrom('', 'a cat', '一只猫')).map(([place, rewrite]) => ({
      ...{ kind: 'incomplete' as const, message: '', ...place, rewrite },
    }));
    fc.assert(
      fc.property(fc.array(finding, { maxLength: 6 }), (findings) => {
        const { prompt } = safeModePlan('a small red fox crosses a frozen lake', findings);
        expect(prompt.length).toBeLessThan(200);
      }),
    );
  });
});
