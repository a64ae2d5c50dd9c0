import type { JobId } from '../../app/contract/job.ts';
import type { BundlePreview, BundleText, HistoryHit, TelemetrySettings } from '../../app/contract/telemetry.ts';
import { ask } from './ask.ts';
import { changeStudio, readStudio } from './studio-store.ts';

export async function readTelemetry(): Promise<void> {
  const answer = await ask('telemetry.read', null);
  if (answer) changeStudio({ telemetry: answer.value });
}

export async function saveTelemetry(settings: TelemetrySettings): Promise<void> {
  const answer = await ask('telemetry.save', settings);
  if (answer) changeStudio({ telemetry: answer.value });
}

const HIT_LIMIT = 50;

/** Runs, faults, decisions and log lines of the open project in which all of these words are. */
export async function searchHistory(text: string): Promise<readonly HistoryHit[]> {
  const answer = await ask('history.search', { text, kinds: [], limit: HIT_LIMIT, projectId: readStudio().projectId });
  return answer?.value.hits ?? [];
}

export async function previewDiagnostics(jobId: JobId | null): Promise<BundlePreview | null> {
  return (await ask('diagnostics.preview', { jobId }))?.value ?? null;
}

/** What stands in a part of what is shown, from a character on. */
export async function readDiagnostics(bundleId: string, name: string, from: number): Promise<BundleText | null> {
  return (await ask('diagnostics.read', { bundleId, name, from }))?.value ?? null;
}

/** Null when the user closed the system's dialog, or it could not be written. */
export async function saveDiagnostics(
  bundleId: string,
  names: readonly string[],
): Promise<{ readonly path: string; readonly bytes: number } | null> {
  const answer = await ask('diagnostics.save', { bundleId, names });
  return answer?.value ?? null;
}
