import type { HealthEvent } from '../../app/contract/health.ts';
import type { JobEvent, JobId, JobProblem, JobRequest } from '../../app/contract/job.ts';
import type { LedgerLine, RawFrames } from '../../app/contract/ledger.ts';
import type { PrecheckReport, RunReport } from '../../app/contract/report.ts';
import type { LatencyLimits } from '../../app/contract/resource.ts';
import { needsCure } from '../../app/monitor/fault.ts';
import { planQuality } from '../../app/plan/ladder.ts';
import { initialPlan, nextSeed, reshape, type RenderPlan } from '../../app/plan/render-plan.ts';
import { beginSafely } from '../../app/precheck/safe-mode.ts';
import { cures } from '../../app/recovery/cures.ts';
import { diagnose } from '../../app/recovery/diagnose.ts';
import type { Outcome } from '../../app/recovery/grade.ts';
import type { ResumePoint } from '../../app/recovery/resume-point.ts';
import { makeFolder } from '../base/make-folder.ts';
import type { RunMachine } from '../device/machine-watch.ts';
import type { EngineHost, WorkEvent } from '../host/engine-host.ts';
import type { FlowMeter } from '../monitor/flow-meter.ts';
import type { Pack } from '../pack/pack-store.ts';
import type { SnapshotStore } from '../store/snapshot-store.ts';
import type { TextHealth } from '../precheck/text-health.ts';
import type { ClipMaker } from './clip-maker.ts';
import { chooseCure, type Choice } from './choose-cure.ts';
import type { MaterialCures } from './cures.ts';
import { deliver } from './deliver.ts';
import { Episode } from './episode.ts';
import type { UserHand } from './hand.ts';
import type { InjectionCount } from './injection-count.ts';
import { loadLatents } from './latent-file.ts';
import { gatherMeans, reshapingFor } from './means.ts';
import { runAttempt, type AttemptOutcome, type SavedLatents } from './run-attempt.ts';

export type StepEvent = Extract<WorkEvent, { kind: 'step-done' }>;

export interface JobOrder {
  readonly id: JobId;
  readonly traceId: string;
  /** As the user typed it; the request holds the cleaned text. */
  readonly typedPrompt: string;
  readonly precheck: PrecheckReport;
  readonly request: JobRequest;
  readonly outPath: string;
  /** Folder for latents and frames, this job's alone. */
  readonly workFolder: string;
  readonly resume: ResumePoint;
}

export interface JobPorts {
  readonly machine: RunMachine;
  readonly textHealth: TextHealth;
  readonly latency: LatencyLimits;
  readonly host: EngineHost;
  readonly pack: Pack;
  /** Null where there is no flow model. */
  readonly flow: FlowMeter | null;
  readonly clips: ClipMaker;
  readonly cures: MaterialCures;
  readonly hand: UserHand;
  /** Faults of the request that have still to strike. */
  readonly injections: InjectionCount;
  /** Keeps what each attempt was made from and came to. */
  readonly snapshots: SnapshotStore;
  /** Written before the act. */
  readonly ledger: (line: LedgerLine) => void;
  readonly emit: (event: JobEvent) => void;
  readonly onStep: (event: StepEvent) => void;
  readonly onHealth: (event: HealthEvent) => void;
}

export type JobEnd =
  | { readonly kind: 'delivered'; readonly report: RunReport; readonly frames: RawFrames }
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'failed';
      readonly problem: JobProblem;
      readonly detail: string;
      /** Nothing is lost: it goes on where it stopped, once what stood in its way is gone. */
      readonly canResume: boolean;
    };

/**
 * The loop: attempt, judge, decide, until a clip is there. It outlives the engine; only the user's cancel, or a place
 * that can't be written to, ends it without a clip.
 */
export async function runJob(order: JobOrder, ports: JobPorts, signal: AbortSignal): Promise<JobEnd> {
  const started = { at: new Date().toISOString(), ms: performance.now() };
  const { request, resume } = order;
  const { manifest } = ports.pack;
  const episode = new Episode(resume, () => performance.now());
  let plan = resume.plan ?? beginSafely(initialPlan(request, manifest), order.precheck.safeMode, request.policy);
  let checkpoint: SavedLatents | null = resume.checkpoint;
  try {
    await makeFolder(order.workFolder);
  } catch (cause) {
    return {
      kind: 'failed',
      problem: 'output-unwritable',
      detail: cause instanceof Error ? cause.message : String(cause),
      canResume: true,
    };
  }

  for (let attempt = resume.nextAttempt; ; attempt += 1) {
    const last = await attemptOnce(order, ports, episode, { attempt, plan, checkpoint }, signal);
    if (last.kind === 'cancelled') return last;
    if (last.kind === 'unwritable') return { ...last, kind: 'failed', canResume: true };

    const hand = ports.hand;
    const [diagnosis] = diagnose(episode.attempts);
    const wasRepaired = episode.decisions.length > 0 || resume.nextAttempt > 0;
    const isAsAsked = planQuality(plan, request, manifest) === 1;
    if (!diagnosis) {
      const outcome: Outcome = { delivered: 'frames', isAsAsked, isSound: true, wasRepaired };
      return deliver(order, ports, episode, { frames: last.frames, outcome, last, started }, signal);
    }
    const workshop = { request, manifest, host: ports.host, cures: ports.cures, otherPack: null };
    const at = { hasTemplate: false, hasSoundFrame: false, hasSaferRecipe: false };
    const means = gatherMeans(workshop, plan, last, episode.priced, at);
    const secondsLeft =
      request.deadlineSeconds === null ? null : request.deadlineSeconds - (performance.now() - started.ms) / 1_000;
    const around = { diagnosis, means, mode: request.policy, secondsLeft };
    const choice = await chooseCure(episode, around, hand, signal);
    if (choice.kind === 'stop' || signal.aborted) return { kind: 'cancelled' };

    const { cure } = choice;
    const { effect, keepsLatents = false } = cures[cure];
    const startFrom = keepsLatents && last.checkpoint ? ('checkpoint' as const) : ('noise' as const);
    const next =
      effect === 'attempt'
        ? {
            plan: choice.isFullQuality
              ? { ...initialPlan(request, manifest), seed: nextSeed(plan.seed) }
              : (reshape(plan, cure, reshapingFor(manifest, plan, last)) ?? plan),
            startFrom,
          }
        : null;
    note(order, ports, episode, { ...choice, next });
    switch (effect) {
      case 'attempt':
        if (cure === 'restart-clean') await ports.host.restart();
        plan = next?.plan ?? plan;
        checkpoint = startFrom === 'checkpoint' ? last.checkpoint : null;
        break;
      case 'mend':
        throw new Error(`bug: nothing carries out ${cure}`);
      case 'delivery': {
        const frames = cure === 'carry-on' ? last.frames : null;
        const delivered = cure === 'carry-on' ? 'frames' : 'fallback';
        const outcome: Outcome = { delivered, isAsAsked, isSound: false, wasRepaired };
        return deliver(order, ports, episode, { frames, outcome, last, started }, signal);
      }
      default:
        effect satisfies never;
    }
  }
}

/** On disk before anything of it is done. */
function note(
  { id: jobId }: JobOrder,
  { ledger, emit }: JobPorts,
  episode: Episode,
  {
    report,
    situation,
    proposedBranch,
    next,
  }: Extract<Choice, { kind: 'cure' }> & Pick<Extract<LedgerLine, { kind: 'decided' }>, 'next'>,
): void {
  ledger({ kind: 'decided', decision: report, situation, proposedBranch, next });
  emit({ kind: 'decided', jobId, decision: report });
  episode.decided(report);
}

async function attemptOnce(
  order: JobOrder,
  ports: JobPorts,
  episode: Episode,
  {
    attempt,
    plan,
    checkpoint,
  }: { readonly attempt: number; readonly plan: RenderPlan; readonly checkpoint: SavedLatents | null },
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const { ledger, emit, onStep, onHealth, host, pack, machine, textHealth, injections } = ports;
  const { id: jobId, workFolder } = order;
  const resume = checkpoint ? await loadLatents(checkpoint.path) : null;
  ledger({ kind: 'attempt-begun', attempt, plan, startedFrom: resume ? 'checkpoint' : 'noise' });
  const { seed, rung, frameCount, steps } = plan;
  emit({ kind: 'attempt-started', jobId, attempt, seed, rung, frameCount, steps });
  const outcome = await runAttempt(
    {
      jobId,
      attempt,
      plan,
      resume,
      workFolder,
      host,
      pack,
      flow: ports.flow,
      machine,
      textHealth,
      latency: ports.latency,
      injections,
      ledger,
      onProgress: (progress) => emit({ kind: 'progressed', jobId, progress }),
      onStep,
      onHealth,
      onUnderWay: () => episode.recovered(),
    },
    signal,
  );
  if (outcome.kind !== 'judged') return outcome;
  if (outcome.report.faults.some(needsCure)) episode.faultKnown();
  episode.attempted(plan, outcome.report);
  ledger({ kind: 'attempt-ended', report: outcome.report });
  await ports.snapshots.keep(outcome.snapshot);
  for (const fault of outcome.report.faults) emit({ kind: 'fault-found', jobId, fault });
  return outcome;
}
