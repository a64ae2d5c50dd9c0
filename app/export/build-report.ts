import type { JobRequest } from '../contract/job.ts';
import type { PackManifest } from '../contract/pack.ts';
import type { AttemptReport, DecisionReport, MemoryForecast, PrecheckReport, RunReport } from '../contract/report.ts';
import type { ResourcePeaks } from '../contract/resource.ts';
import type { FlowFigures } from '../monitor/flow.ts';
import type { FrameFigures } from '../monitor/frame.ts';
import { frameHealth } from '../monitor/frame-health.ts';
import type { TextJudgement } from '../monitor/text-health.ts';
import { detectLanguage } from '../prompt/clean.ts';

export interface ReportParts {
  readonly runId: string;
  readonly traceId: string;
  readonly startedAt: string;
  readonly wallMs: number;
  readonly request: JobRequest;
  readonly pack: { readonly manifest: PackManifest; readonly sha256: string };
  readonly device: RunReport['device'];
  readonly precheck: PrecheckReport;
  readonly attempts: readonly AttemptReport[];
  readonly decisions: readonly DecisionReport[];
  readonly figures: readonly FrameFigures[];
  readonly flow: readonly (FlowFigures | null)[];
  readonly attention: RunReport['health']['attention'];
  readonly text: TextJudgement | null;
  readonly memory: readonly MemoryForecast[];
  readonly peaks: ResourcePeaks;
  readonly delivered: RunReport['delivered'];
}

function distributionOf(text: TextJudgement | null): RunReport['health']['distribution'] {
  const { mahalanobis = null, kde = null, threshold = null } = text?.distribution ?? {};
  return { mahalanobis, kde, threshold };
}

/** The run report: figures that were not measured are null, never 0. */
export function buildReport(parts: ReportParts): RunReport {
  const { request, pack } = parts;
  const rung = pack.manifest.rungs.find(({ name }) => name === request.rung);
  if (!rung) throw new Error(`bug: rung ${request.rung} was checked before`);
  return {
    version: 1,
    runId: parts.runId,
    traceId: parts.traceId,
    startedAt: parts.startedAt,
    wallMs: parts.wallMs,
    request: {
      prompt: request.prompt,
      negative: request.negative,
      language: detectLanguage(request.prompt),
      seed: request.seed,
      packId: request.packId,
      packVersion: pack.manifest.version,
      packSha256: pack.sha256,
      rung: request.rung,
      widthPx: rung.widthPx,
      heightPx: rung.heightPx,
      frameCount: request.frameCount,
      fps: pack.manifest.fps,
      steps: request.steps,
      projectId: request.projectId,
    },
    device: parts.device,
    precheck: parts.precheck,
    attempts: parts.attempts,
    decisions: parts.decisions,
    health: {
      frames: frameHealth(parts.figures, parts.flow),
      attention: parts.attention,
      drift: { distance: parts.text?.drift?.distance ?? null, threshold: parts.text?.drift?.threshold ?? null },
      distribution: distributionOf(parts.text),
      ...(parts.memory.length > 0 ? { memory: parts.memory } : {}),
      resources: parts.peaks,
    },
    delivered: parts.delivered,
  };
}
