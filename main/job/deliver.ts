import { err, ok, type Result } from '../../app/base/result.ts';
import type { JobProblem } from '../../app/contract/job.ts';
import type { RawFrames } from '../../app/contract/ledger.ts';
import type { DecisionReport, PrecheckReport, RunReport, TemplateOrigin } from '../../app/contract/report.ts';
import { buildReport } from '../../app/export/build-report.ts';
import { faultOf } from '../../app/monitor/fault.ts';
import { judgeSlowQuery } from '../../app/monitor/latency.ts';
import { driftRemedy, oddFinding } from '../../app/monitor/text-health.ts';
import { truncationFinding } from '../../app/monitor/token-cut.ts';
import { isStill } from '../../app/plan/ladder.ts';
import type { RenderPlan } from '../../app/plan/render-plan.ts';
import { verdictOf } from '../../app/precheck/verdict.ts';
import { detectLanguage } from '../../app/prompt/clean.ts';
import { cures } from '../../app/recovery/cures.ts';
import { gradeOf, type Outcome } from '../../app/recovery/grade.ts';
import { causeWords, cureWords } from '../../app/recovery/reasons.ts';
import { flowWaitMs } from '../monitor/flow-order.ts';
import type { Pack } from '../pack/pack-store.ts';
import { spoiledClips, type ClipFault, type FinishedClip, type Provenance } from './clip-maker.ts';
import type { Deliverable } from './deliverable.ts';
import type { Episode } from './episode.ts';
import { forecastsOf, type Forecast } from './foresee.ts';
import { fresher, HealthTeller } from './health-teller.ts';
import type { Judged } from './run-attempt.ts';
import type { JobEnd, JobOrder, JobPorts } from './run-job.ts';

export interface Delivery {
  readonly deliverable: Deliverable;
  readonly last: Judged;
  readonly plan: RenderPlan;
  /** Memory that its attempts were to need. */
  readonly forecasts: readonly Forecast[];
  readonly started: { readonly at: string; readonly ms: number };
  /** The pack that was asked for; another one may have taken its place. */
  readonly requested: Pack;
  readonly isAsAsked: boolean;
  readonly wasRepaired: boolean;
}

/** Encode, hand over, and write the story down. */
export async function deliver(
  order: JobOrder,
  ports: JobPorts,
  episode: Episode,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<JobEnd> {
  const { last, started } = delivery;
  const { request, id: jobId, outPath } = order;
  const { manifest, sha256: packSha256 } = ports.pack;
  const exportStartedMs = performance.now();
  const made = await makeFrames(order, ports, delivery, signal);
  if (!made.ok) return endOf(made.error, signal);
  const { raw, delivered, template } = made.value;
  const origin = template ? { template } : {};
  const isSound = delivery.deliverable.kind === 'frames' && delivery.deliverable.isSound;
  const grade = gradeOf({ delivered, isSound, isAsAsked: delivery.isAsAsked, wasRepaired: delivery.wasRepaired });
  ports.ledger({ kind: 'export-begun', frames: raw, path: outPath });
  const provenance: Provenance = {
    runId: jobId,
    grade,
    packId: manifest.id,
    packVersion: manifest.version,
    packSha256,
    seed: last.report.seed,
    rung: last.report.rung,
    ...origin,
  };
  const clip = await encode(
    order,
    ports,
    { raw, provenance, startedMs: started.ms, attempt: last.report.index },
    signal,
  );
  if (!clip.ok) return endOf(clip.error, signal);
  episode.recovered();
  const exportMs = performance.now() - exportStartedMs;
  episode.exportTook(exportMs);
  const exported = { stage: 'export', tookMs: exportMs, medianMs: null, limitMs: null } as const;
  ports.onHealth({ kind: 'stage', jobId, attempt: last.report.index, atMs: Date.now(), stage: exported });
  noteSetbacks(order, ports, episode, clip.value);

  const { path, sha256, widthPx, heightPx, frameCount, fps, durationSeconds, notes } = clip.value;
  // The clip was encoded meanwhile: most of what was late is there by now.
  const flow = (await last.flowTrail?.within(flowWaitMs(performance.now() - started.ms))) ?? last.flow;
  if (delivered === 'frames') {
    const teller = new HealthTeller({ jobId, attempt: last.report.index }, raw, ports.onHealth);
    teller.flow(fresher(flow, last.flow), last.figures);
  }
  const wallMs = performance.now() - started.ms;
  const slow = judgeSlowQuery({ wallMs, attempts: episode.attempts }, ports.latency);
  if (slow) {
    episode.warned(slow);
    ports.emit({ kind: 'fault-found', jobId, fault: slow });
  }
  const rendered = { renderedWidthPx: raw.widthPx, renderedHeightPx: raw.heightPx };
  const rssPeakBytes = ports.host.memory.peakBytes ?? ports.machine.peaks.rssPeakBytes;
  const report: RunReport = buildReport({
    runId: jobId,
    traceId: order.traceId,
    startedAt: started.at,
    wallMs,
    request,
    pack: delivery.requested,
    device: {
      ...{ provider: ports.host.provider, name: ports.host.deviceName, vramBytes: null },
      ...(ports.providers.wanted === ports.host.provider ? {} : { requested: ports.providers.wanted }),
    },
    precheck: precheckOf(order, last, manifest.tokenizer.maxTokens),
    attempts: episode.attempts,
    decisions: [...episode.decisions, ...driftRemedy(last.text)],
    figures: delivered === 'frames' ? last.figures : [],
    flow: delivered === 'frames' ? flow : [],
    attention: last.attention,
    text: last.text,
    memory: forecastsOf(delivery.forecasts, { ram: rssPeakBytes, vram: ports.machine.ownVramPeakBytes }),
    peaks: { ...ports.machine.peaks, rssPeakBytes },
    delivered: {
      grade,
      path,
      sha256,
      widthPx,
      heightPx,
      frameCount,
      fps,
      ...rendered,
      codec: 'h264',
      ...origin,
      ...(notes ? { notes } : {}),
    },
  });
  ports.emit({
    kind: 'delivered',
    jobId,
    clip: { grade, path, widthPx, heightPx, ...rendered, frameCount, fps, durationSeconds, wallMs },
  });
  return { kind: 'delivered', report, frames: raw };
}

interface Made {
  readonly raw: RawFrames;
  readonly delivered: Outcome['delivered'];
  /** Of a template alone. */
  readonly template?: TemplateOrigin;
}

/** Raw frames of what is delivered. Where a still or a template can't be had the stand-in takes its place, and is called what it is. */
async function makeFrames(
  order: JobOrder,
  ports: JobPorts,
  { deliverable, last, plan }: Delivery,
  signal: AbortSignal,
): Promise<Result<Made, ClipFault>> {
  const { request, work } = order;
  if (deliverable.kind === 'frames' && last.frames) return ok({ raw: last.frames, delivered: 'frames' });
  if (deliverable.kind === 'template') {
    const template = await ports.cures.template(request, work.pathOf('template.rgb'), signal);
    if (template) return ok({ raw: template.frames, delivered: 'template', template: template.origin });
  }
  if (deliverable.kind === 'still') {
    const { frames, frame } = deliverable.sound;
    const target = {
      frameCount: isStill(plan) ? request.frameCount : plan.frameCount,
      outPath: work.pathOf('still.rgb'),
    };
    const still = await ports.cures.stillMotion(frames, frame, target, signal);
    if (still.ok) return ok({ raw: still.value, delivered: 'still' });
    if (signal.aborted) return err(still.error);
  }
  const { widthPx, heightPx } = request.delivery;
  const framesPath = work.pathOf('fallback.rgb');
  const spec = { framesPath, widthPx, heightPx, frameCount: request.frameCount, fps: ports.pack.manifest.fps };
  const caption = await ports.clips.captionFrames(request.prompt, spec, signal);
  return caption.ok ? ok({ raw: caption.value, delivered: 'fallback' }) : caption;
}

/** The encoder failed and was helped: that belongs to the story, and dooms no clip that was found whole afterwards. */
function noteSetbacks(
  { id: jobId }: JobOrder,
  ports: JobPorts,
  episode: Episode,
  { setbacks = [], isVerified = false }: FinishedClip,
): void {
  if (setbacks.length === 0) return;
  const evidence = { setbackCount: setbacks.length, detail: setbacks.join('; ') };
  const fault = faultOf('encoder-failed', 'export', evidence, { severity: isVerified ? 'warning' : 'fault' });
  const decision: DecisionReport = {
    fault: fault.kind,
    action: cures['safer-recipe'].action,
    branch: 'encoder-fails/safer-recipe',
    reason: `${causeWords['encoder-fails']}: ${cureWords['safer-recipe']}`,
    by: 'policy',
    alternatives: [],
    recoveryMs: null,
    attempt: episode.attempts.at(-1)?.index ?? null,
    cause: 'encoder-fails',
    cure: 'safer-recipe',
    predicted: null,
    outcome: 'worked',
    skipped: [],
    overrode: null,
  };
  episode.warned(fault);
  episode.decided(decision);
  ports.emit({ kind: 'fault-found', jobId, fault });
  ports.emit({ kind: 'decided', jobId, decision });
}

async function encode(
  { request, id: jobId, outPath }: JobOrder,
  ports: JobPorts,
  {
    raw,
    provenance,
    startedMs,
    attempt,
  }: {
    readonly raw: RawFrames;
    readonly provenance: Provenance;
    readonly startedMs: number;
    readonly attempt: number;
  },
  signal: AbortSignal,
): ReturnType<JobPorts['clips']['encode']> {
  const exportStartedMs = performance.now();
  const onProgress = (ratio: number): void => {
    const elapsedMs = performance.now() - startedMs;
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
  const clips = spoiledClips(ports.clips, ports.injections, attempt);
  return clips.encode(raw, { outPath, delivery: request.delivery, provenance }, onProgress, signal);
}

/** What only the text stage can say of the prompt goes beside what was found before it. */
function precheckOf({ precheck, request, typedPrompt }: JobOrder, last: Judged, maxTokens: number): PrecheckReport {
  const language = detectLanguage(typedPrompt);
  const odd = last.text && oddFinding(typedPrompt, language, last.text);
  const findings = [...precheck.findings, ...(odd ? [odd] : [])];
  const verdict = verdictOf(findings);
  const plan = precheck.safeMode && request.policy !== 'off' ? { safeMode: precheck.safeMode } : {};
  if (!last.wasTruncated) return { verdict, findings, ...plan };
  // Cut off, not refused: the run took place.
  const cut = truncationFinding(typedPrompt, language, { tokens: last.text?.tokens ?? [], maxTokens });
  return { verdict: verdict === 'ok' ? 'warn' : verdict, findings: [...findings, cut], ...plan };
}

/** What ends a job without a clip: the user, or a place or an encoder that can't be had; nothing is lost by it. */
export function endOf({ kind, detail }: ClipFault, signal: AbortSignal): JobEnd {
  if (signal.aborted) return { kind: 'cancelled' };
  const problem: JobProblem = kind === 'cancelled' ? 'internal' : kind;
  return { kind: 'failed', problem, detail, canResume: problem !== 'internal' };
}
