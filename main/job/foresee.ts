import type { FaultReport, MemoryForecast, RunReport } from '../../app/contract/report.ts';
import type { ResourceSample } from '../../app/contract/resource.ts';
import { defaultResourceLimits } from '../../app/contract/default.ts';
import {
  predictionError,
  predictMemory,
  type MemoryPrediction,
  type MemoryRecord,
  type MemoryThere,
} from '../../app/plan/predict-memory.ts';
import type { RenderPlan } from '../../app/plan/render-plan.ts';
import type { Pack } from '../pack/pack-store.ts';
import type { RunStore } from '../store/run-store.ts';

/** Runs that are looked back at. */
const PAST_RUNS = 20;

/** The last runs of all projects, oldest first: what they took of the machine tells what the next one will take. */
export const pastReports = (store: RunStore, count = PAST_RUNS): readonly RunReport[] =>
  store.newestJobs(count).flatMap(({ id }) => store.report(id) ?? []);

/** How long is waited for a first look at the machine. */
export const LOOK_LIMIT_MS = 300;

/** What a plan will need of a memory, and whether that is there. */
export interface Forecast extends MemoryPrediction {
  readonly memory: 'ram' | 'vram';
}

/**
 * Memory that this plan will need, known before any of it is taken: the machine's, and the card's where the work is done on one that
 * can be read.
 *
 * @param past      reports of earlier runs, oldest first
 * @param provider  that computes
 * @param sample    of the machine as it is now; null while nobody has looked
 */
export function foreseeMemory(
  plan: RenderPlan,
  { manifest, calibration }: Pack,
  { past, provider }: { readonly past: readonly RunReport[]; readonly provider: string },
  sample: ResourceSample | null,
): readonly Forecast[] {
  if (!sample) return [];
  const { totalBytes, availableBytes, engineResidentBytes: ownBytes } = sample.memory;
  const costs = calibration?.rungs.find(({ rung }) => rung === plan.rung)?.costs;
  const predict = (there: MemoryThere, calibratedBytes: number | null): Forecast => ({
    memory: there.memory,
    ...predictMemory({
      ...{ pack: manifest, rung: plan.rung, shape: plan, calibratedBytes, there, limits: defaultResourceLimits },
      history: past.flatMap((report) => recordOf(report, manifest, there.memory)),
    }),
  });
  // What was measured on the processor says how much of main memory a run takes, and nothing of a card's.
  const ram = predict({ memory: 'ram', totalBytes, availableBytes, ownBytes }, costs?.['cpu']?.peakBytes ?? null);
  const card = provider === 'cpu' ? null : sample.gpus?.find(({ memoryTotalBytes }) => memoryTotalBytes !== null);
  if (!card) return [ram];
  const { memoryTotalBytes, memoryUsedBytes, ownMemoryBytes } = card;
  const freeBytes =
    memoryTotalBytes === null || memoryUsedBytes === null ? null : Math.max(0, memoryTotalBytes - memoryUsedBytes);
  const there = { totalBytes: memoryTotalBytes, availableBytes: freeBytes, ownBytes: ownMemoryBytes };
  return [ram, predict({ memory: 'vram', ...there }, costs?.[provider]?.peakBytes ?? null)];
}

/** What stops a plan before it begins: only what is sure to fail. A run that would leave less than one would like is begun, and watched. */
export const surelyShort = (forecasts: readonly Forecast[]): FaultReport | null =>
  forecasts.find(({ leftBytes }) => leftBytes !== null && leftBytes < 0)?.fault ?? null;

/** Predictions beside what was measured. Of several attempts the one that needed most is the one that made the peak. */
export function forecastsOf(
  forecasts: readonly Forecast[],
  peaks: Readonly<Record<Forecast['memory'], number | null>>,
): readonly MemoryForecast[] {
  return (['ram', 'vram'] as const).flatMap((memory) => {
    const [highest] = forecasts
      .filter((one) => one.memory === memory)
      .toSorted((a, b) => b.neededBytes - a.neededBytes);
    if (!highest) return [];
    const { neededBytes: predictedBytes, source } = highest;
    const peakBytes = peaks[memory];
    return [{ memory, predictedBytes, source, peakBytes, errorRatio: predictionError(predictedBytes, peakBytes) }];
  });
}

/** Cures after which a run was no longer the one that was asked for: its peak says nothing of that one. */
const shrinking: ReadonlySet<string | null> = new Set(['fewer-frames', 'lower-rung', 'other-pack', 'next-provider']);

function recordOf(
  { request, health, decisions }: RunReport,
  { id, version }: Pack['manifest'],
  memory: Forecast['memory'],
): readonly MemoryRecord[] {
  const measured = health.memory?.find((one) => one.memory === memory)?.peakBytes ?? null;
  const peakBytes = measured ?? (memory === 'ram' ? health.resources.rssPeakBytes : null);
  if (peakBytes === null || request.packId !== id || request.packVersion !== version) return [];
  if (decisions.some(({ cure }) => shrinking.has(cure))) return [];
  const { widthPx, heightPx, frameCount } = request;
  return [{ widthPx, heightPx, frameCount, peakBytes }];
}

/** Our own share of a full memory from which less of our work helps. */
const OWN_SHARE = 0.2;

/** Whether a running attempt should make way before it fails: memory is full, and a good part of it is ours. */
export function isPressing({ kind, severity, evidence }: FaultReport): boolean {
  const { ownBytes, totalBytes } = evidence;
  if (severity !== 'fault') return false;
  if (kind === 'gpu-lost' || kind === 'gpu-overheating') return true;
  return (
    kind === 'memory-pressure' &&
    typeof ownBytes === 'number' &&
    typeof totalBytes === 'number' &&
    ownBytes > totalBytes * OWN_SHARE
  );
}
