import { gradeNames } from '../contract/list.ts';
import type { MemoryForecast, RunReport } from '../contract/report.ts';
import { highestPeaks } from '../monitor/resource.ts';

/** One report for a clip of several shots: their stories in order, graded by the worst of them. */
export function mergeReports(
  shots: readonly [RunReport, ...RunReport[]],
  delivered: Pick<RunReport['delivered'], 'path' | 'sha256' | 'frameCount'>,
): RunReport {
  const [first] = shots;
  const worst = shots.reduce((a, b) =>
    gradeNames.indexOf(b.delivered.grade) > gradeNames.indexOf(a.delivered.grade) ? b : a,
  );
  const notes = shots.flatMap(({ delivered: { notes: some = [] } }) => some);
  const peaks = shots.map(({ health }) => health.resources).reduce(highestPeaks);
  const memory = (['ram', 'vram'] as const).flatMap((of) => highestNeed(shots, of) ?? []);
  return {
    ...first,
    wallMs: shots.reduce((sum, { wallMs }) => sum + wallMs, 0),
    request: {
      ...first.request,
      prompt: shots.map(({ request }) => request.prompt).join('\n'),
      frameCount: shots.reduce((sum, { request }) => sum + request.frameCount, 0),
    },
    precheck: {
      verdict: shots.some(({ precheck }) => precheck.verdict === 'warn') ? 'warn' : first.precheck.verdict,
      findings: shots.flatMap(({ precheck }) => precheck.findings),
    },
    attempts: shots.flatMap(({ attempts }) => attempts).map((attempt, index) => ({ ...attempt, index })),
    decisions: shots.flatMap(({ decisions }) => decisions),
    health: {
      ...first.health,
      frames: shots.flatMap(({ health }) => health.frames),
      attention: shots.flatMap(({ health }) => health.attention),
      ...(memory.length > 0 ? { memory } : {}),
      resources: peaks,
    },
    delivered: {
      ...first.delivered,
      grade: worst.delivered.grade,
      ...delivered,
      ...(notes.length > 0 ? { notes } : {}),
    },
  };
}

/** Of all shots the one that took most, or was to take most where nobody could measure. */
const highestNeed = (shots: readonly RunReport[], of: MemoryForecast['memory']): MemoryForecast | undefined =>
  shots
    .flatMap(({ health }) => health.memory?.filter(({ memory }) => memory === of) ?? [])
    .toSorted((a, b) => (b.peakBytes ?? b.predictedBytes) - (a.peakBytes ?? a.predictedBytes))[0];
