import { describe, expect, it } from 'vitest';

import { defaultLatencyLimits as limits } from '../../../app/contract/default.ts';
import { judgeSlowQuery, judgeStall } from '../../../app/monitor/latency.ts';

const stageMs = { text: 100, denoise: 8_000, decode: 2_000, monitor: 50, export: 400 };

describe('a slow query', () => {
  it('is a warning with every stage and what no stage accounts for', () => {
    const fault = judgeSlowQuery({ wallMs: 12_000, attempts: [{ stageMs }] }, limits);
    expect(fault).toMatchObject({
      kind: 'slow-query',
      severity: 'warning',
      evidence: {
        ...{ wallMs: 12_000, limitMs: 10_000, attemptCount: 1, slowestStage: 'denoise' },
        ...{ textMs: 100, denoiseMs: 8_000, decodeMs: 2_000, monitorMs: 50, exportMs: 400, otherMs: 1_450 },
      },
    });
  });

  it('counts the stages of all attempts', () => {
    const fault = judgeSlowQuery({ wallMs: 25_000, attempts: [{ stageMs }, { stageMs }] }, limits);
    expect(fault?.evidence).toMatchObject({ denoiseMs: 16_000, attemptCount: 2 });
  });

  it('is none at the limit, and the limit can be moved', () => {
    expect(judgeSlowQuery({ wallMs: 10_000, attempts: [] }, limits)).toBeNull();
    expect(judgeSlowQuery({ wallMs: 10_000, attempts: [] }, { ...limits, slowQueryMs: 5_000 })).not.toBeNull();
  });
});

describe('a stall', () => {
  const unit = { stage: 'denoise', unit: 7 } as const;
  it.each<[string, number, readonly number[], boolean]>([
    ['three times the median and a bit', 3_100, [1_000, 1_000, 900, 1_100], true],
    ['three times the median', 3_000, [1_000, 1_000, 900, 1_100], false],
    ['too few to compare with', 9_000, [1_000, 1_000, 1_000], false],
    ['a slow first one does not move the median', 3_100, [9_000, 1_000, 1_000, 1_000], true],
    ['milliseconds are noise', 200, [20, 20, 20, 20], false],
  ])('%s', (_name, tookMs, pastMs, isStall) => {
    expect(judgeStall({ ...unit, tookMs, pastMs }, limits) !== null).toBe(isStall);
  });

  it('names the step and never calls for a cure', () => {
    expect(judgeStall({ ...unit, tookMs: 4_000, pastMs: [1_000, 1_000, 1_000, 1_000] }, limits)).toMatchObject({
      ...{ kind: 'slow-query', stage: 'denoise', step: 7, severity: 'warning' },
      evidence: { medianMs: 1_000, factor: 4 },
    });
  });
});
