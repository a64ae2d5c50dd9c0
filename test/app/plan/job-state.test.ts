import { expect, it } from 'vitest';

import type { JobEvent } from '../../../app/contract/job.ts';
import { decisionReport, type DecisionReport } from '../../../app/contract/report.ts';
import { reduceJobs, type JobList } from '../../../app/plan/job-state.ts';
import { sampleRequest } from '../sample-pack.ts';

const jobId = '00000000-0000-4000-8000-000000000001';
const decision = (branch: string, rest: Partial<DecisionReport> = {}): DecisionReport =>
  decisionReport.parse({
    ...{ fault: 'engine-crashed', action: 'resume', branch, reason: '', by: 'policy', alternatives: [] },
    ...{ recoveryMs: null, cause: 'engine-died', cure: 'resume', ...rest },
  });
const after = (...events: readonly JobEvent[]): JobList =>
  [{ kind: 'queued', jobId, atMs: 1, request: sampleRequest } as const, ...events].reduce<JobList>(reduceJobs, []);
const decided = (one: DecisionReport): JobEvent => ({ kind: 'decided', jobId, decision: one });
const settled = (one: DecisionReport): JobEvent => ({ kind: 'decision-settled', jobId, decision: one });

it('tells of the last decision alone what came of it', () => {
  const [first, second] = [decision('engine-died/resume'), decision('engine-died/restart-clean')];
  const worked = { ...second, outcome: 'worked', recoveryMs: 20 } as const;
  const [job] = after(decided(first), decided(second), settled(worked));
  expect(job?.decisions).toEqual([first, worked]);
});

it('makes no decision out of what came of one that nobody was told of', () => {
  const [job] = after(settled(decision('engine-died/resume')));
  expect(job?.decisions).toEqual([]);
});

it('still hears of it when the clip is there', () => {
  const clip = {
    grade: 'repaired' as const,
    ...{ path: '/a.mp4', widthPx: 16, heightPx: 16, renderedWidthPx: 16, renderedHeightPx: 16 },
    ...{ frameCount: 1, fps: 8, durationSeconds: 1, wallMs: 1 },
  } as const;
  const one = decision('engine-died/resume');
  const [job] = after(decided(one), { kind: 'delivered', jobId, clip }, settled({ ...one, outcome: 'worked' }));
  expect(job).toMatchObject({ phase: 'done', decisions: [{ outcome: 'worked' }] });
});
