import { describe, expect, it } from 'vitest';

import type { LedgerLine } from '../../../app/contract/ledger.ts';
import type { ActionKind } from '../../../app/contract/name.ts';
import type { AttemptReport } from '../../../app/contract/report.ts';
import { initialPlan } from '../../../app/plan/render-plan.ts';
import { resumePoint } from '../../../app/recovery/resume-point.ts';
import { samplePack, sampleRequest } from '../sample-pack.ts';

const plan = initialPlan(sampleRequest, samplePack);
const begun = (attempt: number, startedFrom: 'noise' | 'checkpoint' = 'noise'): LedgerLine => ({
  kind: 'attempt-begun',
  attempt,
  plan,
  startedFrom,
});
const saved = (attempt: number, nextStep: number): LedgerLine => ({
  kind: 'checkpoint',
  attempt,
  nextStep,
  path: `${attempt}-${nextStep}`,
});
const report: AttemptReport = {
  index: 0,
  seed: 1,
  rung: 'standard',
  experts: [],
  provider: 'cpu',
  stageMs: { text: 0, denoise: 0, decode: 0, monitor: 0, export: 0 },
  stepsRun: 0,
  stepsPlanned: 12,
  faults: [],
};
const ended: LedgerLine = { kind: 'attempt-ended', report };
const decided = (action: ActionKind): LedgerLine => ({
  kind: 'decided',
  decision: {
    fault: 'engine-crashed',
    action,
    branch: '',
    reason: '',
    by: 'policy',
    alternatives: [],
    recoveryMs: null,
  },
});
const exporting: LedgerLine = {
  kind: 'export-begun',
  path: 'a.mp4',
  frames: { framesPath: 'f', widthPx: 2, heightPx: 2, frameCount: 1, fps: 8 },
};

describe('a job that was cut off', () => {
  it('before anything began starts from nothing', () => {
    expect(resumePoint([])).toEqual({
      attempts: [],
      decisions: [],
      plan: null,
      pendingCure: null,
      nextAttempt: 0,
      checkpoint: null,
    });
  });

  it.each<[string, readonly LedgerLine[], number, string | null, ActionKind | null]>([
    ['in its first attempt, before the boundary', [begun(0)], 1, null, null],
    ['after the boundary', [begun(0), saved(0, 4)], 1, '0-4', null],
    ['after the last step', [begun(0), saved(0, 4), saved(0, 12)], 1, '0-12', null],
    ['while it was exporting', [begun(0), saved(0, 12), ended, exporting], 1, '0-12', null],
    ['after it was decided to resume', [begun(0), saved(0, 4), ended, decided('resume')], 1, '0-4', 'resume'],
    ['after a new seed was decided', [begun(0), saved(0, 4), ended, decided('new-seed')], 1, null, 'new-seed'],
    ['in an attempt that had resumed', [begun(0), saved(0, 4), begun(1, 'checkpoint')], 2, '0-4', null],
    ['in an attempt from noise', [begun(0), saved(0, 4), ended, decided('restart-clean'), begun(1)], 2, null, null],
    ['in its fallback clip', [begun(0), ended, decided('fallback-clip'), exporting], 1, null, null],
  ])('%s', (_, lines, nextAttempt, checkpoint, pendingCure) => {
    // Catches latents of a doomed attempt used for another plan, and attempt numbers that come twice.
    const point = resumePoint(lines);
    expect(point.nextAttempt).toBe(nextAttempt);
    expect(point.checkpoint?.path ?? null).toBe(checkpoint);
    expect(point.pendingCure).toBe(pendingCure);
  });

  it('keeps its story, and nothing that did not happen', () => {
    const lines = [begun(0), ended, decided('resume'), begun(1), ended, decided('fallback-clip'), exporting];
    const point = resumePoint(lines);
    expect(point.attempts).toHaveLength(2);
    expect(point.decisions.map(({ action }) => action)).toEqual(['resume']);
  });
});
