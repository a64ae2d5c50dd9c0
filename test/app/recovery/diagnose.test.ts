import { describe, expect, it } from 'vitest';

import type { CauseName } from '../../../app/contract/cure.ts';
import type { FaultKind } from '../../../app/contract/name.ts';
import {
  decisionReport,
  type AttemptReport,
  type DecisionReport,
  type FaultReport,
} from '../../../app/contract/report.ts';
import { faultOf } from '../../../app/monitor/fault.ts';
import { diagnose } from '../../../app/recovery/diagnose.ts';
import { outcomeOf } from '../../../app/recovery/trials.ts';
import { attemptOf } from './situations.ts';

const at = (kind: FaultKind, step: number, evidence: FaultReport['evidence'] = {}): FaultReport =>
  faultOf(kind, 'denoise', evidence, { step });
const frames = (kind: FaultKind, count: number): FaultReport =>
  faultOf(kind, 'monitor', { clipFrames: 17 }, { frame: 4, frameCount: count });
const hang = at('engine-hung', 0, { whileStarting: true });
const refusal = (expert: string): FaultReport => at('provider-failed', 2, { detail: 'no', expert });
const crash = (evidence: FaultReport['evidence'] = {}): FaultReport => at('engine-crashed', 5, evidence);

describe('the same symptom has another cause', () => {
  it.each<[string, readonly AttemptReport[], CauseName]>([
    ['NaN for the first time', [attemptOf([at('latent-nonfinite', 3)])], 'passing-glitch'],
    [
      'NaN once where another expert worked before',
      [attemptOf([at('latent-nonfinite', 8)], { experts: ['high', 'low'] })],
      'passing-glitch',
    ],
    [
      'NaN twice in one expert while another works',
      [
        attemptOf([at('latent-nonfinite', 8)], { experts: ['high', 'low'] }),
        attemptOf([at('latent-nonfinite', 9)], { experts: ['low'] }),
      ],
      'expert-unstable',
    ],
    [
      'NaN again with the same seed',
      [attemptOf([at('latent-nonfinite', 3)]), attemptOf([at('latent-nonfinite', 3)])],
      'bad-draw',
    ],
    [
      'NaN again with another seed',
      [attemptOf([at('latent-nonfinite', 3)]), attemptOf([at('latent-nonfinite', 3)], { seed: 2 })],
      'numbers',
    ],
    [
      'NaN elsewhere with another seed',
      [attemptOf([at('latent-nonfinite', 3)]), attemptOf([at('latent-nonfinite', 5)], { seed: 2 })],
      'passing-glitch',
    ],
    ['NaN in the text', [attemptOf([faultOf('latent-nonfinite', 'text', {})])], 'text-numbers'],
    [
      'NaN after sound latents',
      [attemptOf([faultOf('decode-nonfinite', 'decode', {}, { frame: 5 })])],
      'decoder-numbers',
    ],
    ['memory refused once', [attemptOf([at('out-of-memory', 3)])], 'memory-refused'],
    [
      'memory refused again',
      [attemptOf([at('out-of-memory', 3)]), attemptOf([at('out-of-memory', 3)])],
      'memory-short',
    ],
    ['memory refused in decoding', [attemptOf([faultOf('out-of-memory', 'decode', {})])], 'memory-short'],
    ['an expert that refuses once', [attemptOf([refusal('high')])], 'provider-refuses'],
    ['an expert that refuses twice', [attemptOf([refusal('high')]), attemptOf([refusal('high')])], 'expert-unstable'],
    [
      'two experts that refuse',
      [attemptOf([refusal('high')]), attemptOf([refusal('low')]), attemptOf([refusal('high')])],
      'provider-refuses',
    ],
    [
      'an expert that refuses for the third time in a row over all runs',
      [attemptOf([refusal('low'), at('expert-unstable', 0, { expert: 'low' })])],
      'expert-unstable',
    ],
    [
      'an expert that refuses where decoding was refused as well',
      [attemptOf([faultOf('provider-failed', 'decode', {})]), attemptOf([refusal('high')])],
      'provider-refuses',
    ],
    ['a death', [attemptOf([crash()])], 'engine-died'],
    ['a death with memory near its limit', [attemptOf([crash({ memoryRatio: 0.95 })])], 'memory-short'],
    ['a death at the same place', [attemptOf([crash()]), attemptOf([crash()])], 'work-kills-engine'],
    ['a death elsewhere', [attemptOf([crash()]), attemptOf([at('engine-crashed', 7)])], 'engine-died'],
    ['a death while starting', [attemptOf([crash({ whileStarting: true })])], 'engine-died'],
    [
      'a second death while starting',
      [attemptOf([crash({ whileStarting: true })]), attemptOf([crash({ whileStarting: true })])],
      'start-fails',
    ],
    [
      'a third death while starting',
      Array.from({ length: 3 }, () => attemptOf([crash({ whileStarting: true })])),
      'engine-broken',
    ],
    ['a hang while starting', [attemptOf([hang])], 'engine-hangs'],
    ['a second hang while starting', [attemptOf([hang]), attemptOf([hang])], 'engine-broken'],
    ['too many deaths', [attemptOf([crash({ restartsInWindow: 3 })])], 'engine-broken'],
    ['a few black frames', [attemptOf([frames('frames-black', 2)])], 'few-lost-frames'],
    ['a black clip', [attemptOf([frames('frames-black', 17)])], 'decoder-numbers'],
    ['a few torn frames', [attemptOf([frames('frames-torn', 2)])], 'few-bad-frames'],
    ['a torn clip', [attemptOf([frames('frames-torn', 15)])], 'bad-draw'],
  ])('%s', (_, attempts, cause) => {
    expect(diagnose(attempts)[0]?.cause).toBe(cause);
  });
});

it('names the deepest fault first, and leaves warnings out', () => {
  const warning = faultOf('slow-query', 'denoise', {}, { severity: 'warning' });
  const both = attemptOf([frames('frames-torn', 2), crash(), warning]);
  expect(diagnose([both]).map(({ cause }) => cause)).toEqual(['engine-died', 'few-bad-frames']);
  expect(diagnose([attemptOf([warning])])).toEqual([]);
});

describe('a cure', () => {
  const decision: DecisionReport = decisionReport.parse({
    ...{ fault: 'engine-crashed', attempt: 0, action: 'resume', branch: '', reason: '', by: 'policy' },
    ...{ alternatives: [], recoveryMs: null, cause: 'engine-died', cure: 'resume', predicted: null },
    ...{ outcome: null, skipped: [], overrode: null },
  });
  it.each<[string, readonly FaultReport[] | null, 'worked' | 'failed' | null]>([
    ['worked when the attempt after it is sound', [], 'worked'],
    ['worked when another fault comes', [frames('frames-torn', 2)], 'worked'],
    ['worked when the fault comes back further on', [at('engine-crashed', 9)], 'worked'],
    ['failed when the fault comes back at the same place', [crash()], 'failed'],
    ['failed when it comes back even earlier', [at('engine-crashed', 1)], 'failed'],
    ['is open as long as no attempt followed', null, null],
  ])('%s', (_, faults, outcome) => {
    const after = faults === null ? [] : [attemptOf(faults, { index: 1 })];
    expect(outcomeOf(decision, [attemptOf([crash()]), ...after])).toBe(outcome);
  });
});
