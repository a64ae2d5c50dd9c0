import { describe, expect, it } from 'vitest';

import type { CureName } from '../../app/contract/cure.ts';
import type { PendingDecision } from '../../app/contract/policy.ts';
import { causeNames, cureNames } from '../../app/contract/list.ts';
import { decisionReport, type DecisionReport, type Finding } from '../../app/contract/report.ts';
import { treeData } from '../../app/recovery/draw.ts';
import { guards } from '../../app/recovery/guards.ts';
import { textOf } from '../../renderer/locale/use-text.ts';
import { findingAt, findingWords } from '../../renderer/stage/prompt/finding-words.ts';
import { stepTo, type TreePlace } from '../../renderer/stage/recovery/tree-place.ts';
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
    expect(walked.map(({ cause }) => cause)).toEqual(causeNames);
    const met = walked.filter(({ isMet }) => isMet);
    expect(met.map(({ cause, faults }) => [cause, faults])).toEqual([['engine-died', ['engine-crashed']]]);
    const states = Object.fromEntries(met[0]?.branches.map(({ cure, state }) => [cure, state]) ?? []);
    expect(states).toMatchObject({
      ...{ resume: 'skipped', 'restart-clean': 'failed', 'lower-rung': 'taken', 'fallback-clip': 'open' },
    });
  });

  it('leaves out decisions of older programs, which name no cause', () => {
    expect(walkTree(treeData(), [decision({ cause: null })]).filter(({ isMet }) => isMet)).toEqual([]);
  });

  it('lights what is asked now, with the prices that were told, and keeps what failed before', () => {
    const price = (seconds: number) => ({ seconds, quality: 0.8 });
    const proposal = (cure: CureName, seconds: number) => {
      const cause = 'engine-died' as const;
      return { action: 'lower-rung' as const, cure, cause, predicted: price(seconds) };
    };
    const pending: PendingDecision = {
      ...{ pendingId: '00000000-0000-4000-8000-000000000001', fault: 'engine-crashed', canAccept: false },
      ...{ proposed: proposal('lower-rung', 3), alternatives: [proposal('still-motion', 1)], deadlineMs: null },
    };
    const walked = walkTree(treeData(), [decision({ cure: 'resume', outcome: 'failed' })], pending);
    const branches = walked.find(({ cause }) => cause === 'engine-died')?.branches ?? [];
    expect(branches.find(({ cure }) => cure === 'lower-rung')).toMatchObject({ state: 'proposed', price: price(3) });
    expect(branches.find(({ cure }) => cure === 'still-motion')).toMatchObject({ state: 'open', price: price(1) });
    expect(branches.find(({ cure }) => cure === 'resume')).toMatchObject({ state: 'failed', price: null });
  });

  it.each<[string, TreePlace, TreePlace | null]>([
    ['ArrowDown', { row: 0, column: 4 }, { row: 1, column: 2 }],
    ['ArrowUp', { row: 0, column: 1 }, { row: 0, column: 1 }],
    ['ArrowRight', { row: 1, column: 2 }, { row: 1, column: 2 }],
    ['ArrowLeft', { row: 1, column: 1 }, { row: 1, column: 0 }],
    ['End', { row: 0, column: 3 }, { row: 1, column: 0 }],
    ['Home', { row: 1, column: 2 }, { row: 0, column: 0 }],
    ['Tab', { row: 0, column: 0 }, null],
  ])('on %s goes from %j to %j', (key, from, to) => {
    expect(stepTo(key, from, [4, 2])).toEqual(to);
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
