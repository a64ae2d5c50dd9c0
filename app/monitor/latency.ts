import type { AttemptReport, FaultReport } from '../contract/report.ts';
import type { LatencyLimits } from '../contract/resource.ts';
import { faultOf } from './fault.ts';

type StageMs = AttemptReport['stageMs'];

/** Where the time of one run went, all attempts together. */
export interface RunTimes {
  readonly wallMs: number;
  readonly attempts: readonly { readonly stageMs: StageMs }[];
}

/** A run that took longer than it may: a warning with its stages; a clip that is there is never thrown away for it. */
export function judgeSlowQuery({ wallMs, attempts }: RunTimes, { slowQueryMs }: LatencyLimits): FaultReport | null {
  if (wallMs <= slowQueryMs) return null;
  const stageMs = sumStages(attempts);
  const known = Object.values(stageMs).reduce((sum, ms) => sum + ms, 0);
  const [slowest] = Object.entries(stageMs).toSorted(([, a], [, b]) => b - a);
  return faultOf(
    'slow-query',
    'monitor',
    {
      wallMs,
      limitMs: slowQueryMs,
      attemptCount: attempts.length,
      slowestStage: slowest?.[0] ?? null,
      ...Object.fromEntries(Object.entries(stageMs).map(([stage, ms]) => [`${stage}Ms`, ms])),
      // Start of the engine, queue inside it, decisions: what no stage accounts for.
      otherMs: Math.max(0, wallMs - known),
    },
    { severity: 'warning' },
  );
}

export function sumStages(attempts: RunTimes['attempts']): StageMs {
  const sum = (stage: keyof StageMs): number => attempts.reduce((total, { stageMs }) => total + stageMs[stage], 0);
  return {
    text: sum('text'),
    denoise: sum('denoise'),
    decode: sum('decode'),
    monitor: sum('monitor'),
    export: sum('export'),
  };
}

/** Fewer units have no median worth the name. */
const SMALLEST_HISTORY = 4;
/** A unit of milliseconds may take some more when the machine has other things to do. */
const SMALLEST_STALL_MS = 500;

/**
 * One unit of work against the median of those before it in the same run and stage.
 *
 * @param tookMs  of the newest unit
 * @param pastMs  of the units before it, in any order
 */
export function judgeStall(
  {
    stage,
    unit,
    tookMs,
    pastMs,
  }: {
    readonly stage: 'text' | 'denoise' | 'decode';
    readonly unit: number;
    readonly tookMs: number;
    readonly pastMs: readonly number[];
  },
  { stallFactor }: LatencyLimits,
): FaultReport | null {
  if (pastMs.length < SMALLEST_HISTORY) return null;
  const medianMs = median(pastMs);
  if (tookMs <= medianMs * stallFactor || tookMs - medianMs < SMALLEST_STALL_MS) return null;
  return faultOf(
    'slow-query',
    stage,
    { unit, tookMs, medianMs, factor: tookMs / medianMs, limitFactor: stallFactor },
    { step: stage === 'denoise' ? unit : null, severity: 'warning' },
  );
}

/** Of at least one value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
