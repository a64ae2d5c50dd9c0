import { open } from 'node:fs/promises';

import type { FaultReport } from '../../app/contract/report.ts';
import { needsCure } from '../../app/monitor/fault.ts';
import { bandsOf } from '../../app/monitor/frame-bands.ts';
import { judgeFrames } from '../../app/monitor/judge-frames.ts';
import type { RenderPlan } from '../../app/plan/render-plan.ts';
import { badFrames } from '../../app/recovery/frame-range.ts';
import { badSeams, type Seam } from '../../app/recovery/frame-repair.ts';
import type { FlowMeter } from '../monitor/flow-meter.ts';
import { flowOrder } from '../monitor/flow-order.ts';
import { flowMotion } from '../recovery/flow-motion.ts';
import { mendFrames } from '../recovery/mend-frames.ts';
import type { Pack } from '../pack/pack-store.ts';
import { FrameSpool } from './frame-spool.ts';
import { ofClip, unwritable, type AttemptOutcome, type Judged } from './run-attempt.ts';
import type { WorkRoom } from './work-room.ts';

export interface MendOrder {
  readonly attempt: number;
  readonly plan: RenderPlan;
  readonly pack: Pack;
  readonly work: WorkRoom;
  /** Null where there is no flow model: then motion is found by blocks alone. */
  readonly flow: FlowMeter | null;
}

/**
 * The bad frames of the last attempt drawn anew, and the whole clip judged once more, its seams by its own other steps: an attempt in
 * which no engine takes part. Where nothing could be drawn, the faults are those of before.
 */
export async function mendAttempt(
  last: Judged,
  { attempt, plan, pack, work, flow }: MendOrder,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  if (!last.frames) throw new Error('bug: there are no frames to mend');
  const drawnPath = work.pathOf(`drawn-${attempt}.rgb`);
  const bad = badFrames(last.report.faults, plan.frameCount);
  const drawn = await mendFrames(last.frames, bad, drawnPath, signal, flow && flowMotion(flow));
  if (signal.aborted) return { kind: 'cancelled' };
  const judged: Judged = {
    ...last,
    expertNotes: [],
    snapshot: null,
    report: { ...last.report, index: attempt, stepsRun: 0, stageMs: noTime, savedSeconds: null },
  };
  if (!drawn.ok)
    return drawn.error.kind === 'disk-full'
      ? { kind: 'unwritable', problem: 'disk-full', detail: drawn.error.detail }
      : judged;
  try {
    await using spool = await FrameSpool.create(work.pathOf(`frames-${attempt}.rgb`), plan, {
      flow: flowOrder(
        flow,
        pack.manifest.rungs.find(({ name }) => name === plan.rung),
      ),
    });
    await measure(drawnPath, spool, plan);
    await spool.finish();
    const { fps, widthPx, heightPx } = last.frames;
    const facts = { fps, prompt: plan.prompt, widthPx, heightPx };
    const found = judgeFrames(spool.figures, facts, bandsOf(pack.calibration?.frames ?? null));
    const steps = spool.figures.map(({ step }) => step);
    const [seam] = badSeams(steps, bad);
    return {
      ...judged,
      report: {
        ...judged.report,
        stageMs: { ...noTime, monitor: spool.monitorMs },
        faults:
          seam && !found.some(needsCure)
            ? stillBad(last.report.faults, seam)
            : found.map((fault) => ofClip(fault, plan)),
      },
      frames: { ...last.frames, framesPath: spool.path },
      figures: spool.figures,
      // That of the bad frames says nothing of those that took their place.
      flow: (await spool.flow?.within(0)) ?? [],
      flowTrail: spool.flow,
    };
  } catch (cause) {
    return unwritable(cause, work.folder);
  }
}

/** Sound frames whose repair can be seen are no repair: what was wrong before is wrong still, and the seam says why. */
function stillBad(faults: readonly FaultReport[], { frame, psnrDb, limitDb }: Seam): readonly FaultReport[] {
  const seam = { seamFrame: frame, seamPsnrDb: psnrDb, seamLimitDb: limitDb };
  return faults.map((fault) => ({ ...fault, evidence: { ...fault.evidence, ...seam } }));
}

const noTime = { text: 0, denoise: 0, decode: 0, monitor: 0, export: 0 };

/** One frame at a time, as frames come from the engine. */
async function measure(path: string, spool: FrameSpool, { widthPx, heightPx, frameCount }: RenderPlan): Promise<void> {
  await using file = await open(path, 'r');
  for (let frame = 0; frame < frameCount; frame += 1) {
    const rgb = new Uint8Array(widthPx * heightPx * 3);
    await file.read(rgb, 0, rgb.length, frame * rgb.length);
    spool.append(rgb);
  }
}
