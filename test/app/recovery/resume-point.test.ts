import { describe, expect, it } from 'vitest';

import type { CureName } from '../../../app/contract/cure.ts';
import { ledgerLine, type LedgerLine } from '../../../app/contract/ledger.ts';
import type { AttemptReport } from '../../../app/contract/report.ts';
import { initialPlan } from '../../../app/plan/render-plan.ts';
import { cures } from '../../../app/recovery/cures.ts';
import { resumePoint } from '../../../app/recovery/resume-point.ts';
import { samplePack, sampleRequest } from '../sample-pack.ts';

const plan = initialPlan(sampleRequest, samplePack);
const nextPlan = { ...plan, seed: 7 };
const begun = (attempt: number, startedFrom: 'noise' | 'checkpoint' = 'noise'): LedgerLine => ({
  kind: 'attempt-begun',
  attempt,
  plan,
  startedFrom,
  packId: null,
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
  savedSeconds: null,
  faults: [],
};
const ended: LedgerLine = { kind: 'attempt-ended', report };
const decided = (cure: CureName, next: 'noise' | 'checkpoint' | null = null): LedgerLine =>
  ledgerLine.parse({
    kind: 'decided',
    decision: {
      fault: 'engine-crashed',
      ...{ action: cures[cure].action, cure, branch: '', reason: '', by: 'policy' },
      alternatives: [],
      recoveryMs: null,
    },
    next: next && { plan: nextPlan, startFrom: next },
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
      packId: null,
      pendingDelivery: null,
      nextAttempt: 0,
      checkpoint: null,
      injected: [],
    });
  });

  it.each<[string, readonly LedgerLine[], number, string | null, number]>([
    ['in its first attempt, before the boundary', [begun(0)], 1, null, 1],
    ['after the boundary', [begun(0), saved(0, 4)], 1, '0-4', 1],
    ['after the last step', [begun(0), saved(0, 4), saved(0, 12)], 1, '0-12', 1],
    ['while it was exporting', [begun(0), saved(0, 12), ended, exporting], 1, '0-12', 1],
    ['after it was decided to resume', [begun(0), saved(0, 4), ended, decided('resume', 'checkpoint')], 1, '0-4', 7],
    ['after a new seed was decided', [begun(0), saved(0, 4), ended, decided('new-seed', 'noise')], 1, null, 7],
    ['in an attempt that had resumed', [begun(0), saved(0, 4), begun(1, 'checkpoint')], 2, '0-4', 1],
    [
      'in an attempt from noise',
      [begun(0), saved(0, 4), ended, decided('restart-clean', 'noise'), begun(1)],
      2,
      null,
      1,
    ],
    ['before it delivered what it had', [begun(0), saved(0, 12), ended, decided('carry-on'), exporting], 1, '0-12', 1],
  ])('%s', (_, lines, nextAttempt, checkpoint, seed) => {
    // Catches latents of a doomed attempt used for another plan, and attempt numbers that come twice.
    const point = resumePoint(lines);
    expect(point.nextAttempt).toBe(nextAttempt);
    expect(point.checkpoint?.path ?? null).toBe(checkpoint);
    expect(point.plan?.seed).toBe(seed);
    expect(point.pendingDelivery).toBeNull();
  });

  it('in its stand-in clip goes straight back to it', () => {
    const point = resumePoint([begun(0), ended, decided('fallback-clip'), exporting]);
    expect(point.pendingDelivery).toBe('fallback-clip');
    expect(point.decisions).toHaveLength(1);
  });

  it('keeps its story, and nothing that did not happen', () => {
    const lines = [begun(0), ended, decided('resume', 'noise'), begun(1), ended, decided('carry-on'), exporting];
    const point = resumePoint(lines);
    expect(point.attempts).toHaveLength(2);
    expect(point.decisions.map(({ action }) => action)).toEqual(['resume']);
  });
});
