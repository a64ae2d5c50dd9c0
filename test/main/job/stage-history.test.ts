import { describe, expect, it } from 'vitest';

import type { HealthEvent } from '../../../app/contract/health.ts';
import type { JobEvent } from '../../../app/contract/job.ts';
import type { RunReport } from '../../../app/contract/report.ts';
import { sampleAttempt, sampleReport } from '../../fixture/report.ts';
import { StageHistory } from '../../../main/job/stage-history.ts';

const JOB = 'c0ffee00-0000-4000-8000-000000000001';
const queued = { kind: 'queued', jobId: JOB, atMs: 0, request: { packId: 'tiny', rung: 'full' } } as JobEvent;
const stage = (tookMs: number): HealthEvent => ({
  ...{ kind: 'stage', jobId: JOB, attempt: 0, atMs: 0 },
  stage: { stage: 'denoise', tookMs, medianMs: null, limitMs: null },
});
const report = (denoise: number, attempts = 1): RunReport => {
  const stageMs = { text: 1, denoise, decode: 1, monitor: 1, export: 1 };
  return sampleReport(
    'full',
    Array.from({ length: attempts }, () => sampleAttempt({ rung: 'full', stageMs })),
  );
};

describe('what stages usually take', () => {
  it('is not known before there was a run of the same pack and rung', () => {
    const history = new StageHistory();
    history.takeJob(queued);
    expect(history.judge(stage(500))).toEqual(stage(500));
  });

  it('is the median of sound runs, and slow is three times that', () => {
    const history = new StageHistory();
    for (const ms of [900, 1_000, 5_000]) history.learn(report(ms));
    history.learn(report(90_000, 2));
    history.takeJob(queued);
    expect(history.judge(stage(500))).toMatchObject({ stage: { tookMs: 500, medianMs: 1_000, limitMs: 3_000 } });
  });

  it('is that of the rung that the job is on by now', () => {
    const history = new StageHistory();
    history.learn(report(1_000));
    history.takeJob(queued);
    history.takeJob({
      ...{ kind: 'attempt-started', jobId: JOB, attempt: 1, seed: 1 },
      rung: 'half',
      frameCount: 9,
      steps: 4,
    });
    expect(history.judge(stage(500))).toEqual(stage(500));
  });
});
