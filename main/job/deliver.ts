import { join } from 'node:path';

import type { JobProblem } from '../../app/contract/job.ts';
import type { RawFrames } from '../../app/contract/ledger.ts';
import type { PrecheckReport, RunReport } from '../../app/contract/report.ts';
import { buildReport } from '../../app/export/build-report.ts';
import { judgeSlowQuery } from '../../app/monitor/latency.ts';
import { driftRemedy, oddFinding } from '../../app/monitor/text-health.ts';
import { truncationFinding } from '../../app/monitor/token-cut.ts';
import { verdictOf } from '../../app/precheck/verdict.ts';
import { detectLanguage } from '../../app/prompt/clean.ts';
import { gradeOf, type Outcome } from '../../app/recovery/grade.ts';
import { spoiledClips, type ClipFault, type Provenance } from './clip-maker.ts';
import type { Episode } from './episode.ts';
import type { Judged } from './run-attempt.ts';
import type { JobEnd, JobOrder, JobPorts } from './run-job.ts';

export interface Delivery {
  /** Null for the stand-in clip, whose frames are made here. */
  readonly frames: RawFrames | null;
  readonly outcome: Outcome;
  readonly last: Judged;
  readonly started: { readonly at: string; readonly ms: number };
}

/** Encode, hand over, and write the story down. */
export async function deliver(
  order: JobOrder,
  ports: JobPorts,
  episode: Episode,
  { frames, outcome, last, started }: Delivery,
  signal: AbortSignal,
): Promise<JobEnd> {
  const { request, id: jobId, outPath } = order;
  const { manifest, sha256: packSha256 } = ports.pack;
  const exportStartedMs = performance.now();
  const grade = gradeOf(outcome);
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
  const provenance: Provenance = {
    runId: jobId,
    grade,
    packId: manifest.id,
    packVersion: manifest.version,
    packSha256,
    seed: last.report.seed,
    rung: last.report.rung,
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

  const { path, sha256, widthPx, heightPx, frameCount, fps, durationSeconds } = clip.value;
  const wallMs = performance.now() - started.ms;
  const slow = judgeSlowQuery({ wallMs, attempts: episode.attempts }, ports.latency);
  if (slow) {
    episode.warned(slow);
    ports.emit({ kind: 'fault-found', jobId, fault: slow });
  }
  const rendered = { renderedWidthPx: raw.widthPx, renderedHeightPx: raw.heightPx };
  const report: RunReport = buildReport({
    runId: jobId,
    traceId: order.traceId,
    startedAt: started.at,
    wallMs,
    request,
    pack: ports.pack,
    device: { provider: ports.host.provider, name: ports.host.deviceName, vramBytes: null },
    precheck: precheckOf(order, last, manifest.tokenizer.maxTokens),
    attempts: episode.attempts,
    decisions: [...episode.decisions, ...driftRemedy(last.text)],
    figures: frames ? last.figures : [],
    flow: frames ? last.flow : [],
    attention: last.attention,
    text: last.text,
    peaks: { ...ports.machine.peaks, rssPeakBytes: ports.host.memory.peakBytes ?? ports.machine.peaks.rssPeakBytes },
    delivered: { grade, path, sha256, widthPx, heightPx, frameCount, fps, ...rendered, codec: 'h264' },
  });
  ports.emit({
    kind: 'delivered',
    jobId,
    clip: { grade, path, widthPx, heightPx, ...rendered, frameCount, fps, durationSeconds, wallMs },
  });
  return { kind: 'delivered', report, frames: raw };
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
