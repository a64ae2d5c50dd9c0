import { describe, expect, it } from 'vitest';

import type { FaultKind, GradeName } from '../../../app/contract/name.ts';
import type { RunReport } from '../../../app/contract/report.ts';
import {
  judgeTrial,
  matrixRow,
  matrixTotals,
  type Expectation,
  type Observation,
} from '../../../app/recovery/matrix.ts';
import { faultOf } from '../../../app/monitor/fault.ts';
import { sampleAttempt, sampleReport } from '../../fixture/report.ts';

function reportOf(grade: GradeName, faults: readonly FaultKind[], recoveryMs: readonly number[] = []): RunReport {
  const attempt = sampleAttempt({ faults: faults.map((kind) => faultOf(kind, 'denoise', {})) });
  const decisions = recoveryMs.map((ms) => ({
    ...{ fault: faults[0], action: 'resume', branch: 'b', reason: 'r', by: 'policy', alternatives: [], recoveryMs: ms },
  }));
  return sampleReport(grade, [attempt], decisions);
}

const seen = (change: Partial<Observation>): Observation => ({
  ...{ exitCode: 0, stderr: '', report: null, clipFault: null, detectMs: null, decideMs: [], seed: 7 },
  ...change,
});
const crash: Expectation = { kind: 'cured', faults: ['engine-crashed'], atBest: 'repaired' };
const refusal: Expectation = { kind: 'refused', exitCode: 2, says: /prompt.*empty/ };

describe('a trial', () => {
  it.each<[string, Expectation, Partial<Observation>, object]>([
    [
      'that was named, cured and marked is a success',
      crash,
      { report: reportOf('repaired', ['engine-crashed'], [120, 30]) },
      { isDetected: true, isRecovered: true, isLost: false, isWrongSuccess: false, recoverMs: 150, complaint: null },
    ],
    [
      'that is graded better than it is was passed off, although it was seen',
      crash,
      { report: reportOf('full', ['engine-crashed']) },
      { isDetected: true, isRecovered: false, isWrongSuccess: true },
    ],
    [
      'that nobody noticed was passed off as well',
      crash,
      { report: reportOf('full', []) },
      { isDetected: false, isWrongSuccess: true },
    ],
    [
      'whose file is broken is lost, whatever the report says',
      crash,
      { report: reportOf('repaired', ['engine-crashed']), clipFault: '3 frames instead of 5' },
      { isDetected: true, isRecovered: false, isLost: true },
    ],
    [
      'with several faults in it needs a clip that is honest about them',
      { kind: 'survived' },
      { report: reportOf('template', ['latent-nonfinite', 'engine-hung']) },
      { isDetected: true, isRecovered: true, isWrongSuccess: false },
    ],
    [
      'with several faults in it that is called full was passed off',
      { kind: 'survived' },
      { report: reportOf('full', ['engine-hung']) },
      { isDetected: true, isRecovered: false, isWrongSuccess: true },
    ],
    ['without a report is lost', crash, { exitCode: 3, stderr: 'no\n' }, { isLost: true, isDetected: false }],
    [
      'that disturbs and is no fault must raise no alarm',
      { kind: 'borne' },
      { report: reportOf('repaired', ['engine-hung'], [5]) },
      { isDetected: false, isRecovered: false },
    ],
    [
      'that was borne is full',
      { kind: 'borne' },
      { report: reportOf('full', []) },
      { isDetected: true, isRecovered: true },
    ],
    [
      'of a program that was killed may be repaired, and no worse',
      { kind: 'resumed' },
      { report: reportOf('repaired', []) },
      { isDetected: true, isRecovered: true },
    ],
    [
      'that was refused by name needs no clip',
      refusal,
      { exitCode: 2, stderr: '--prompt is empty; legal: words\n' },
      { isDetected: true, isRecovered: true, isLost: false, isWrongSuccess: false },
    ],
    [
      'that was refused with a stack trace is lost',
      refusal,
      { exitCode: 2, stderr: 'prompt empty\n at x\n' },
      { isLost: true },
    ],
    [
      'that should be refused and was not',
      refusal,
      { report: reportOf('full', []) },
      { isLost: true, isWrongSuccess: true },
    ],
    [
      'about which the user is told',
      { kind: 'advised', of: 'slow-query' },
      { report: reportOf('full', ['slow-query']) },
      { isDetected: true, isRecovered: true },
    ],
  ])('%s', (_, expected, observation, verdict) => {
    expect(judgeTrial(expected, seen(observation))).toMatchObject(verdict);
  });
});

it('folds trials into a row: worst grade, quantiles of what could be timed, counts', () => {
  const trial = (grade: GradeName, ms: number, detectMs: number | null) => {
    const observation = seen({ report: reportOf(grade, ['engine-crashed'], [ms]), detectMs });
    return { observation, verdict: judgeTrial(crash, observation) };
  };
  const row = matrixRow('engine-killed', 'engine', [
    trial('repaired', 10, 4),
    trial('degraded', 30, null),
    trial('repaired', 20, 8),
  ]);
  expect(row).toEqual({
    ...{ fault: 'engine-killed', layer: 'engine', injected: 3, detected: 3, recovered: 3, lost: 0, wrongSuccess: 0 },
    grade: 'degraded',
    detectMs: { p50: 4, p95: 8 },
    recoverMs: { p50: 20, p95: 30, max: 30 },
    decideMs: { p95: null, max: null },
    seed: 7,
  });
  expect(matrixTotals([row, row])).toMatchObject({ faults: 2, injected: 6, detected: 6, lost: 0 });
});
