import type { FaultReport, RunReport } from '../../app/contract/report.ts';
import type { ResourceSample } from '../../app/contract/resource.ts';
import { defaultResourceLimits } from '../../app/contract/default.ts';
import { predictMemory, type MemoryRecord } from '../../app/plan/predict-memory.ts';
import type { RenderPlan } from '../../app/plan/render-plan.ts';
import type { Pack } from '../pack/pack-store.ts';
import type { RunStore } from '../store/run-store.ts';

/** Runs that are looked back at. */
const PAST_RUNS = 20;

/** The last runs of all projects, oldest first: what they took of the machine tells what the next one will take. */
export const pastReports = (store: RunStore): readonly RunReport[] =>
  store
    .jobs()
    .slice(-PAST_RUNS)
    .flatMap(({ id }) => store.report(id) ?? []);

/** Main memory is what the processor's runs were measured in. */
const MEMORY_OF = 'cpu';

/**
 * Memory that this plan will not find, known before any of it is taken. Only what is sure to fail counts: a run that would leave less
 * than one would like is begun, and watched.
 *
 * @param past    reports of earlier runs, oldest first
 * @param sample  of the machine as it is now; null while nobody has looked
 */
export function foreseeMemory(
  plan: RenderPlan,
  { manifest, calibration }: Pack,
  past: readonly RunReport[],
  sample: ResourceSample | null,
): FaultReport | null {
  if (!sample) return null;
  const { totalBytes, availableBytes, engineResidentBytes: ownBytes } = sample.memory;
  const { fault, leftBytes } = predictMemory({
    pack: manifest,
    rung: plan.rung,
    shape: plan,
    history: past.flatMap((report) => recordOf(report, manifest.id, manifest.version)),
    calibratedBytes: calibration?.rungs.find(({ rung }) => rung === plan.rung)?.costs[MEMORY_OF]?.peakBytes ?? null,
    there: { memory: 'ram', totalBytes, availableBytes, ownBytes },
    limits: defaultResourceLimits,
  });
  return leftBytes !== null && leftBytes < 0 ? fault : null;
}

function recordOf({ request, health }: RunReport, packId: string, packVersion: string): readonly MemoryRecord[] {
  const peakBytes = health.resources.rssPeakBytes;
  if (peakBytes === null || request.packId !== packId || request.packVersion !== packVersion) return [];
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
