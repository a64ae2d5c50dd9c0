import { describe, expect, it } from 'vitest';

import { cureNames } from '../../app/contract/list.ts';
import { decisionReport, type DecisionReport, type Finding } from '../../app/contract/report.ts';
import { treeData } from '../../app/recovery/draw.ts';
import { guards } from '../../app/recovery/guards.ts';
import { textOf } from '../../renderer/locale/use-text.ts';
import { findingAt, findingWords } from '../../renderer/stage/prompt/finding-words.ts';
import { walkTree } from '../../renderer/stage/recovery/branch-state.ts';

const decision = (rest: Partial<DecisionReport>): DecisionReport =>
  decisionReport.parse({
    ...{ fault: 'engine-crashed', action: 'resume', branch: '', reason: '', by: 'policy', alternatives: [] },
    ...{ recoveryMs: null, cause: 'engine-died', ...rest },
  });

describe('the tree of a job', () => {
  it('shows each cause once, with what became of every cure', () => {
    const walked = walkTree(treeData(), [
      decision({ cure: 'restart-clean', outcome: 'failed', skipped: [{ cure: 'resume', because: 'has-latents' }] }),
      decision({ cure: 'lower-rung' }),
    ]);
    expect(walked.map(({ cause }) => cause)).toEqual(['engine-died']);
    const states = Object.fromEntries(walked[0]?.branches.map(({ cure, state }) => [cure, state]) ?? []);
    expect(states).toMatchObject({
      ...{ resume: 'skipped', 'restart-clean': 'failed', 'lower-rung': 'taken', 'fallback-clip': 'open' },
    });
  });

  it('leaves out decisions of older programs, which name no cause', () => {
    expect(walkTree(treeData(), [decision({ cause: null })])).toEqual([]);
  });

  it('has words in both languages for every cure and every reason to pass one over', () => {
    for (const text of [textOf('en'), textOf('zh')]) {
      expect(cureNames.filter((cure) => !text.way[cure])).toEqual([]);
      const reasons = [...Object.keys(guards), 'never', 'failed-before', 'no-cures-left', 'deadline'];
      expect(reasons.filter((reason) => !text.skippedBecause[reason])).toEqual([]);
    }
  });
});

describe('findings', () => {
  const finding = (rest: Partial<Finding>): Finding => ({
    ...{ kind: 'vague-simile', from: 0, to: 5, message: 'a comparison', rewrite: '' },
    ...rest,
  });

  it('are told in the language of the window, whatever the prompt is in', () => {
    expect(findingWords(finding({}), textOf('en'), 'en')).toBe('a comparison');
    expect(findingWords(finding({}), textOf('zh'), 'zh')).toBe(textOf('zh').findingWhy['vague-simile']);
    expect(findingWords(finding({ message: '比喻' }), textOf('zh'), 'zh')).toBe('比喻');
  });

  it('are found by place, also where they have no width', () => {
    expect(findingAt([finding({ from: 3, to: 3 })], 3)).not.toBeNull();
    expect(findingAt([finding({ from: 3, to: 3 })], 4)).toBeNull();
  });
});
