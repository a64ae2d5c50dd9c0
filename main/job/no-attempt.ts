import type { RawFrames } from '../../app/contract/ledger.ts';
import type { FaultReport } from '../../app/contract/report.ts';
import type { RenderPlan } from '../../app/plan/render-plan.ts';
import { needsCure } from '../../app/monitor/fault.ts';
import { badFrames } from '../../app/recovery/frame-range.ts';
import { isLoss } from '../../app/recovery/guards.ts';
import type { Judged } from './run-attempt.ts';

/** An attempt that was not begun: a fault was known before. */
export function noAttempt(plan: RenderPlan, index: number, fault: FaultReport | null): Judged {
  return {
    kind: 'judged',
    report: {
      index,
      seed: plan.seed,
      rung: plan.rung,
      experts: [],
      provider: 'none',
      stageMs: { text: 0, denoise: 0, decode: 0, monitor: 0, export: 0 },
      stepsRun: 0,
      stepsPlanned: plan.steps,
      savedSeconds: null,
      faults: fault ? [fault] : [],
    },
    frames: null,
    figures: [],
    flow: [],
    flowTrail: null,
    attention: [],
    expertNotes: [],
    checkpoint: null,
    wasTruncated: false,
    snapshot: null,
    text: null,
  };
}

export interface SoundFrame {
  readonly frames: RawFrames;
  readonly frame: number;
}

/** The sound frame nearest to the middle of the clip; null where every one is bad. */
export function soundFrameOf({ frames, report }: Pick<Judged, 'frames' | 'report'>): SoundFrame | null {
  if (!frames) return null;
  // An engine that was fast may have decoded numbers that are none before it heard that it was doomed.
  if (report.faults.some((fault) => needsCure(fault) && fault.frame === null && isLoss(fault.kind))) return null;
  const bad = badFrames(report.faults, frames.frameCount);
  const isBad = (frame: number): boolean =>
    bad.some(({ firstFrame, frameCount }) => frame >= firstFrame && frame < firstFrame + frameCount);
  const middle = (frames.frameCount - 1) / 2;
  const [frame] = Array.from({ length: frames.frameCount }, (_, i) => i)
    .filter((i) => !isBad(i))
    .toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  return frame === undefined ? null : { frames, frame };
}
