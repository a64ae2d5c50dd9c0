import { join } from 'node:path';

import type { HealthEvent } from '../../app/contract/health.ts';
import type { JobEvent, JobId, JobProblem, JobRequest } from '../../app/contract/job.ts';
import type { LedgerLine, RawFrames } from '../../app/contract/ledger.ts';
import type { PackManifest } from '../../app/contract/pack.ts';
import type { PrecheckReport, RunReport } from '../../app/contract/report.ts';
import type { LatencyLimits } from '../../app/contract/resource.ts';
import { buildReport } from '../../app/export/build-report.ts';
import { needsCure } from '../../app/monitor/fault.ts';
import { judgeSlowQuery } from '../../app/monitor/latency.ts';
import { initialPlan, reshape, type RenderPlan } from '../../app/plan/render-plan.ts';
import { precheckPrompt } from '../../app/precheck/precheck.ts';
import { decide, type Decision } from '../../app/recovery/decide.ts';
import { gradeOf } from '../../app/recovery/grade.ts';
import type { ResumePoint } from '../../app/recovery/resume-point.ts';
import { makeFolder } from '../base/make-folder.ts';
import type { RunMachine } from '../device/machine-watch.ts';
import type { EngineHost, WorkEvent } from '../host/engine-host.ts';
import type { Pack } from '../pack/pack-store.ts';
import { truncationFinding } from './attempt-watch.ts';
import type { ClipMaker } from './clip-maker.ts';
import { Episode } from './episode.ts';
import { loadLatents } from './latent-file.ts';
import { runAttempt, type AttemptOutcome, type SavedLatents } from './run-attempt.ts';

type Judged = Extract<AttemptOutcome, { kind: 'judged' }>;
export type StepEvent = Extract<WorkEvent, { kind: 'step-done' }>;

export interface JobOrder {
  readonly id: JobId;
  readonly traceId: string;
  /** As the user typed it; the request holds the cleaned text. */
  readonly typedPrompt: string;
  readonly request: JobRequest;
  readonly outPath: string;
  /** Folder for latents and frames, this job's alone. */
  readonly workFolder: string;
  readonly resume: ResumePoint;
}

export interface JobPorts {
  readonly machine: RunMachine;
  readonly latency: LatencyLimits;
  readonly host: EngineHost;
  readonly pack: Pack;
  readonly clips: ClipMaker;
  /** Written before the act. */
  readonly ledger: (line: LedgerLine) => void;
  readonly emit: (event: JobEvent) => void;
  readonly onStep: (event: StepEvent) => void;
  readonly onHealth: (event: HealthEvent) => void;
}

export type JobEnd =
  | { readonly kind: 'delivered'; readonly report: RunReport; readonly frames: RawFrames }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly problem: JobProblem; readonly detail: string };

/**
 * The loop: attempt, judge, decide, until a clip is there. It outlives the engine; only the user's cancel, or a place
 * that can't be written to, ends it without a clip.
 */
export async function runJob(order: JobOrder, ports: JobPorts, signal: AbortSignal): Promise<JobEnd> {
  const started = { at: new Date().toISOString(), ms: performance.now() };
  const { request, resume } = order;
  const { manifest } = ports.pack;
  const episode = new Episode(resume, () => performance.now());
  let plan = planToBegin(resume, request, manifest);
  let checkpoint: SavedLatents | null = resume.checkpoint;
  try {
    await makeFolder(order.workFolder);
  } catch (cause) {
    return {
      kind: 'failed',
      problem: 'output-unwritable',
      detail: cause instanceof Error ? cause.message : String(cause),
    };
  }

  for (let attempt = resume.nextAttempt; ; attempt += 1) {
    const outcome = await attemptOnce(order, ports, episode, { attempt, plan, checkpoint }, signal);
    if (outcome.kind === 'cancelled') return outcome;
    if (outcome.kind === 'unwritable') return { kind: 'failed', problem: outcome.problem, detail: outcome.detail };
    const decision = decideNext(order, ports, episode, plan, outcome, performance.now() - started.ms);
    const action = decision?.action ?? null;
    switch (action) {
      case 'resume':
      case 'restart-clean':
      case 'new-seed':
      case 'lower-rung':
        if (action === 'restart-clean') await ports.host.restart();
        checkpoint = action === 'resume' ? outcome.checkpoint : null;
        plan = reshape(plan, action, manifest) ?? plan;
        break;
      case null:
      case 'continue':
      case 'fallback-clip':
        return deliver(
          order,
          ports,
          episode,
          outcome,
          action === 'fallback-clip' ? null : outcome.frames,
          started,
          signal,
        );
      default:
        throw new Error(`bug: nothing carries out ${action}`);
    }
  }
}

function planToBegin({ plan, pendingCure }: ResumePoint, request: JobRequest, manifest: PackManifest): RenderPlan {
  if (!plan) return initialPlan(request, manifest);
  return (pendingCure && reshape(plan, pendingCure, manifest)) ?? plan;
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
  const { ledger, emit, onStep, onHealth, host, pack, machine } = ports;
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
      machine,
      latency: ports.latency,
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
  episode.attempts.push(outcome.report);
  ledger({ kind: 'attempt-ended', report: outcome.report });
  for (const fault of outcome.report.faults) emit({ kind: 'fault-found', jobId, fault });
  return outcome;
}

/** Null when the attempt is sound. */
function decideNext(
  { id: jobId, request }: JobOrder,
  { pack, ledger, emit }: JobPorts,
  episode: Episode,
  plan: RenderPlan,
  outcome: Judged,
  elapsedMs: number,
): Decision | null {
  const fault = outcome.report.faults.find(needsCure);
  if (!fault) return null;
  const decision = decide({
    tried: episode.decisions,
    fault: fault.kind,
    policy: request.policy,
    hasCheckpoint: outcome.checkpoint !== null,
    hasLowerRung: reshape(plan, 'lower-rung', pack.manifest) !== null,
    hasFrames: outcome.frames !== null,
    canRetry: outcome.canRetry,
    secondsLeft: request.deadlineSeconds === null ? null : request.deadlineSeconds - elapsedMs / 1_000,
    expectedAttemptSeconds: pack.manifest.rungs.find(({ name }) => name === plan.rung)?.expectedSeconds ?? 0,
  });
  const told = { ...decision, fault: fault.kind, by: 'policy' as const, recoveryMs: null };
  ledger({ kind: 'decided', decision: told });
  emit({ kind: 'decided', jobId, decision: told });
  episode.decided(told);
  return decision;
}

/** @param frames null to deliver the caption clip instead */
async function deliver(
  order: JobOrder,
  ports: JobPorts,
  episode: Episode,
  last: Judged,
  frames: RawFrames | null,
  started: { readonly at: string; readonly ms: number },
  signal: AbortSignal,
): Promise<JobEnd> {
  const { request, id: jobId, outPath } = order;
  const { manifest, sha256: packSha256 } = ports.pack;
  const exportStartedMs = performance.now();
  const grade = gradeOf(episode.actions);
  let raw = frames;
  if (!raw) {
    const { widthPx, heightPx } = request.delivery;
    const framesPath = join(order.workFolder, 'fallback.rgb');
    const spec = { framesPath, widthPx, heightPx, frameCount: request.frameCount, fps: manifest.fps };
    const caption = await ports.clips.captionFrames(request.prompt, spec, signal);
    if (!caption.ok) return endOf(caption.error, signal);
    raw = caption.value;
  }
  ports.ledger({ kind: 'export-begun', frames: raw, path: outPath });
  const provenance = {
    runId: jobId,
    grade,
    packId: manifest.id,
    packVersion: manifest.version,
    packSha256,
    seed: last.report.seed,
    rung: last.report.rung,
  };
  const onProgress = (ratio: number): void => {
    const elapsedMs = performance.now() - started.ms;
    const leftMs = ratio > 0 ? ((performance.now() - exportStartedMs) * (1 - ratio)) / ratio : null;
    const remainingMs = leftMs === null ? null : { low: leftMs, high: leftMs * 1.5 };
    // The encoder is the last stretch: it fills the rest of the bar.
    const whole = 0.95 + 0.05 * ratio;
    ports.emit({
      kind: 'progressed',
      jobId,
      progress: { stage: 'export', unitsDone: 0, unitCount: 1, ratio: whole, elapsedMs, remainingMs },
    });
  };
  const clip = await ports.clips.encode(raw, { outPath, delivery: request.delivery, provenance }, onProgress, signal);
  if (!clip.ok) return endOf(clip.error, signal);
  episode.recovered();
  episode.exportTook(performance.now() - exportStartedMs);

  const { path, sha256, widthPx, heightPx, frameCount, fps, durationSeconds } = clip.value;
  const wallMs = performance.now() - started.ms;
  const slow = judgeSlowQuery({ wallMs, attempts: episode.attempts }, ports.latency);
  if (slow) {
    episode.warned(slow);
    ports.emit({ kind: 'fault-found', jobId, fault: slow });
  }
  const rendered = { renderedWidthPx: raw.widthPx, renderedHeightPx: raw.heightPx };
  const report = buildReport({
    runId: jobId,
    traceId: order.traceId,
    startedAt: started.at,
    wallMs,
    request,
    pack: ports.pack,
    device: { provider: ports.host.provider, name: ports.host.deviceName, vramBytes: null },
    precheck: precheckOf(order, last, manifest.tokenizer.maxTokens),
    attempts: episode.attempts,
    decisions: episode.decisions,
    figures: frames ? last.figures : [],
    attention: last.attention,
    peaks: { ...ports.machine.peaks, rssPeakBytes: ports.host.rssPeakBytes ?? ports.machine.peaks.rssPeakBytes },
    delivered: { grade, path, sha256, widthPx, heightPx, frameCount, fps, ...rendered, codec: 'h264' },
  });
  ports.emit({
    kind: 'delivered',
    jobId,
    clip: { grade, path, widthPx, heightPx, ...rendered, frameCount, fps, durationSeconds, wallMs },
  });
  return { kind: 'delivered', report, frames: raw };
}

function precheckOf(order: JobOrder, last: Judged, maxTokens: number): PrecheckReport {
  const { verdict, findings } = precheckPrompt(order.typedPrompt);
  if (!last.wasTruncated) return { verdict, findings };
  return { verdict: 'warn', findings: [...findings, truncationFinding(order.request, maxTokens)] };
}

function endOf(fault: { readonly kind: string; readonly detail: string }, signal: AbortSignal): JobEnd {
  if (signal.aborted) return { kind: 'cancelled' };
  const problem = fault.kind === 'disk-full' || fault.kind === 'output-unwritable' ? fault.kind : 'internal';
  return { kind: 'failed', problem, detail: fault.detail };
}
