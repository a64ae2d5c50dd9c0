import type { DenoiseState } from '../../app/contract/engine.ts';
import type { HealthEvent } from '../../app/contract/health.ts';
import type { Progress } from '../../app/contract/job.ts';
import type { LedgerLine, RawFrames } from '../../app/contract/ledger.ts';
import type { RecoveryAnswer } from '../../app/contract/policy.ts';
import type { AttemptReport, FaultReport } from '../../app/contract/report.ts';
import type { LatencyLimits } from '../../app/contract/resource.ts';
import type { Snapshot } from '../../app/contract/snapshot.ts';
import { faultOf, needsCure } from '../../app/monitor/fault.ts';
import type { FlowFigures } from '../../app/monitor/flow.ts';
import { bandsOf } from '../../app/monitor/frame-bands.ts';
import type { FrameFigures } from '../../app/monitor/frame.ts';
import { judgeFrames } from '../../app/monitor/judge-frames.ts';
import type { RenderPlan } from '../../app/plan/render-plan.ts';
import { explainByMachine } from '../../app/monitor/machine-faults.ts';
import { notesOf, type ExpertNote } from '../../app/recovery/expert-health.ts';
import type { TextJudgement } from '../../app/monitor/text-health.ts';
import type { RunMachine } from '../device/machine-watch.ts';
import { outputFault, type PlaceFault } from '../export/writable.ts';
import type { WorkEvent } from '../host/attempt.ts';
import type { EngineHost } from '../host/engine-host.ts';
import { WrongStep } from '../host/wrong-step.ts';
import type { Pack } from '../pack/pack-store.ts';
import type { TextHealth } from '../precheck/text-health.ts';
import { endRecord, sealed } from '../store/snapshot-seal.ts';
import { surroundingsOf } from '../store/snapshot-store.ts';
import type { FlowMeter } from '../monitor/flow-meter.ts';
import { flowOrder, flowWaitMs, type FlowTrail } from '../monitor/flow-order.ts';
import { warmUpMonitors } from '../monitor/warm-up.ts';
import { AttemptWatch, type AttentionFigure } from './attempt-watch.ts';
import { FrameSpool } from './frame-spool.ts';
import { HealthTeller } from './health-teller.ts';
import type { InjectionCount } from './injection-count.ts';
import { saveLatents } from './latent-file.ts';
import { TraceKeeper } from './attempt-trace.ts';
import { refusalBy, type WorkRoom } from './work-room.ts';

export interface SavedLatents {
  readonly path: string;
  readonly nextStep: number;
}

export interface AttemptInput {
  readonly jobId: string;
  readonly attempt: number;
  readonly plan: RenderPlan;
  readonly resume: DenoiseState | null;
  /** Where `resume` was read from: it is still there if this attempt leaves nothing newer. */
  readonly checkpoint: SavedLatents | null;
  readonly work: WorkRoom;
  readonly host: EngineHost;
  readonly pack: Pack;
  /** Null where there is no flow model. */
  readonly flow: FlowMeter | null;
  readonly machine: RunMachine;
  readonly textHealth: TextHealth;
  readonly latency: LatencyLimits;
  readonly injections: InjectionCount;
  readonly ledger: (line: LedgerLine) => void;
  /** The prompt's pooled embedding, once it is there. */
  readonly onMeaning: (pooled: Float32Array) => void;
  readonly onProgress: (progress: Progress) => void;
  readonly onStep: (event: Extract<WorkEvent, { kind: 'step-done' }>) => void;
  /** What monitors say, as they say it. */
  readonly onHealth: (event: HealthEvent) => void;
  /** The engine has begun to work on this attempt. */
  readonly onUnderWay: () => void;
  /** Told how to stop this attempt for a reason from outside. Returns the end of that. */
  readonly whileRunning: (stop: (why: Interrupt) => void) => () => void;
}

/** Why an attempt is stopped that is not doomed by itself. */
export type Interrupt =
  | { readonly kind: 'fault'; readonly fault: FaultReport }
  /** The user wants something else. */
  | { readonly kind: 'override'; readonly answer: RecoveryAnswer };

export interface Judged {
  readonly kind: 'judged';
  readonly report: AttemptReport;
  /** All frames, if all were decoded; faulty where the report has faults. */
  readonly frames: RawFrames | null;
  readonly figures: readonly FrameFigures[];
  /** [frames − 1], from each frame to the next; null where it was not had in time. */
  readonly flow: readonly (FlowFigures | null)[];
  /** What was late is asked for once more when the clip is delivered. */
  readonly flowTrail: FlowTrail | null;
  readonly attention: readonly AttentionFigure[];
  /** What it says of each expert that answered. */
  readonly expertNotes: readonly ExpertNote[];
  readonly checkpoint: SavedLatents | null;
  readonly wasTruncated: boolean;
  /** What it was made from and what came of it, to be made again; null where no engine took part. */
  readonly snapshot: Snapshot | null;
  /** Null where the text stage was never reached. */
  readonly text: TextJudgement | null;
}

export type AttemptOutcome =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'unwritable'; readonly problem: PlaceFault['kind']; readonly detail: string }
  | { readonly kind: 'overridden'; readonly answer: RecoveryAnswer; readonly checkpoint: SavedLatents | null }
  | Judged;

/** One attempt from plan to judged frames. A doomed one is stopped at once; latents are saved as they come. */
export async function runAttempt(input: AttemptInput, signal: AbortSignal): Promise<AttemptOutcome> {
  const { attempt, plan, resume, pack } = input;
  // What an attempt before this one still waits for holds up the flow of this one.
  input.flow?.forget();
  const doomed = new AbortController();
  const startedMs = performance.now();
  let wrongStep: number | null = null;
  const watch = new AttemptWatch({
    plan,
    pack: pack.manifest,
    calibration: pack.calibration,
    firstStep: firstStepOf(plan, resume),
    latency: input.latency,
    onProgress: input.onProgress,
    onDoomed: (fault) => {
      wrongStep = brokenStep(fault);
      doomed.abort(wrongStep === null ? undefined : new WrongStep(wrongStep));
    },
  });
  const teller = new HealthTeller({ jobId: input.jobId, attempt }, plan, input.onHealth);
  let checkpoint = input.checkpoint;
  let interrupt: Interrupt | null = null;
  let saving: Promise<void> = Promise.resolve();
  const save = async (state: DenoiseState): Promise<void> => {
    const saved = { path: input.work.pathOf(`latents-${attempt}-${state.nextStep}.bin`), nextStep: state.nextStep };
    try {
      const refusal = input.injections.writeRefusal('denoise', attempt);
      if (refusal) throw refusal;
      await saveLatents(saved.path, state);
      input.ledger({ kind: 'checkpoint', attempt, ...saved });
      checkpoint = saved;
    } catch {
      // Without saved latents a later failure costs more; this attempt itself lacks nothing.
    }
  };

  let spool: FrameSpool;
  try {
    const framesPath = (): string => input.work.pathOf(`frames-${attempt}.rgb`);
    spool = await FrameSpool.create(framesPath(), plan, {
      refusal: () => input.injections.writeRefusal('decode', attempt),
      elsewhere: async (cause) => ((await input.work.moveOn(refusalBy(cause))) ? framesPath() : null),
      flow: flowOrder(
        input.flow,
        pack.manifest.rungs.find(({ name }) => name === plan.rung),
      ),
    });
  } catch (cause) {
    return unwritable(cause, input.work.folder);
  }
  await using openSpool = spool;
  let isUnderWay = false;
  let text: TextJudgement | null = null;
  const { rung, ...enginePlan } = plan;
  const injections = input.injections.forEngine();
  const keeper = new TraceKeeper();
  const endWatching = input.whileRunning((why) => {
    interrupt ??= why;
    doomed.abort();
  });
  void warmUpMonitors();
  const end = await input.host.run(
    { jobId: input.jobId, attempt, plan: enginePlan, resume, injections },
    (event) => {
      if (!isUnderWay) {
        input.onUnderWay();
        // By now the engine has begun, and its first steps take longer than the flow model needs to load.
        input.flow?.begin();
      }
      isUnderWay = true;
      watch.see(event);
      keeper.see(event);
      if (event.kind === 'text-done') input.onMeaning(event.pooled);
      if (event.kind === 'text-done') text = input.textHealth.observe({ ...event, prompt: plan.prompt });
      teller.see(event, watch.judge, text);
      if (event.kind === 'injected') input.injections.struck(attempt, event.index);
      if (event.kind === 'step-done') input.onStep(event);
      // Of a doomed attempt only what comes from before its fault is worth anything.
      const isSound = (state: DenoiseState): boolean => !watch.isDoomed || state.nextStep <= (wrongStep ?? -1);
      if (event.kind === 'checkpoint' && isSound(event.state)) saving = saving.then(async () => save(event.state));
      if (event.kind === 'frames-decoded') {
        openSpool.append(event.rgb);
        teller.frames(openSpool.figures);
      }
    },
    AbortSignal.any([signal, doomed.signal]),
  );
  endWatching();
  await saving;
  if (signal.aborted) return { kind: 'cancelled' };
  const stopped = interruptOf(interrupt);
  if (stopped?.kind === 'override' && end.kind === 'cancelled')
    return { kind: 'overridden', answer: stopped.answer, checkpoint };
  try {
    await openSpool.finish();
  } catch (cause) {
    return unwritable(cause, input.work.folder);
  }

  const faults: FaultReport[] = [
    ...watch.faults,
    ...textFaults(text),
    ...(stopped?.kind === 'fault' && end.kind === 'cancelled' ? [stopped.fault] : []),
    ...(end.kind === 'failed' ? [end.fault] : []),
    ...input.work.takeRefusals(),
  ];
  const isWhole = end.kind === 'done' && openSpool.figures.length === plan.frameCount;
  if (!faults.some(needsCure) && !isWhole) faults.push(incompleteFault(openSpool.figures.length, plan.frameCount));
  const judgedMs = performance.now();
  const facts = { fps: pack.manifest.fps, prompt: plan.prompt, widthPx: plan.widthPx, heightPx: plan.heightPx };
  const flow = (await openSpool.flow?.within(flowWaitMs(judgedMs - startedMs))) ?? [];
  teller.flow(flow, openSpool.figures);
  if (!faults.some(needsCure))
    faults.push(...judgeFrames(openSpool.figures, facts, bandsOf(pack.calibration?.frames ?? null), flow));
  const stageMs = { ...watch.stageMs(), monitor: openSpool.monitorMs + performance.now() - judgedMs, export: 0 };
  teller.spent('monitor', stageMs.monitor);
  const { widthPx, heightPx, frameCount } = plan;
  const allFaults = explainByMachine(input.machine.takeFaults(), faults).map((fault) => ofClip(fault, plan));
  return {
    kind: 'judged',
    snapshot: sealed({
      version: 1,
      ...{ runId: input.jobId, attempt, rung, plan: enginePlan, resumedAt: resume?.nextStep ?? null },
      ...{ surroundings: surroundingsOf(pack, input.host), injections, faults: allFaults, trace: keeper.trace },
      end: endRecord(end),
    }),
    report: {
      index: attempt,
      seed: plan.seed,
      rung: plan.rung,
      experts: watch.experts,
      provider: input.host.provider,
      stageMs,
      stepsRun: watch.stepsRun,
      stepsPlanned: plan.steps - firstStepOf(plan, resume),
      savedSeconds: watch.savedSeconds,
      faults: allFaults,
    },
    frames: isWhole ? { framesPath: openSpool.path, widthPx, heightPx, frameCount, fps: pack.manifest.fps } : null,
    figures: openSpool.figures,
    flow,
    flowTrail: openSpool.flow,
    attention: watch.attention,
    expertNotes: notesOf(watch.judge.answers),
    checkpoint,
    wasTruncated: watch.wasTruncated,
    text,
  };
}

/** A variable that a callback sets is null to the compiler. */
const textFaults = (text: TextJudgement | null): readonly FaultReport[] => text?.faults ?? [];
const interruptOf = (interrupt: Interrupt | null): Interrupt | null => interrupt;

/** The step at which the numbers broke: what was there before it is sound, as far as anybody can tell. */
const brokenStep = ({ kind, stage, step }: FaultReport): number | null =>
  stage === 'denoise' && (kind === 'latent-nonfinite' || kind === 'latent-out-of-band') ? step : null;

/** How many of how many: what tells a few bad frames from a bad clip. */
export function ofClip(fault: FaultReport, { frameCount }: RenderPlan): FaultReport {
  return fault.frame === null ? fault : { ...fault, evidence: { ...fault.evidence, clipFrames: frameCount } };
}

/** A window is made anew from saved latents of a finished run. */
function firstStepOf({ steps, window }: RenderPlan, resume: DenoiseState | null): number {
  if (!resume) return 0;
  return window && resume.nextStep >= steps ? Math.min(window.fromStep, steps - 1) : resume.nextStep;
}

/** The engine says that it is done, and it is not. */
function incompleteFault(framesDecoded: number, framesPlanned: number): FaultReport {
  return faultOf('engine-crashed', 'decode', { framesDecoded, framesPlanned });
}

/** @param folder  of the frames, as a user can look for it */
export function unwritable(cause: unknown, folder: string): AttemptOutcome {
  const { kind, detail } = outputFault(cause, folder);
  return { kind: 'unwritable', problem: kind, detail };
}
