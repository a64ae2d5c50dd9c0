import type { PackManifest } from '../contract/pack.ts';
import type { FaultReport } from '../contract/report.ts';
import type { ResourceLimits } from '../contract/resource.ts';
import { faultOf } from '../monitor/fault.ts';

/** What a plan needs memory for. */
export interface MemoryShape {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameCount: number;
}

/** Memory that a run of this pack and provider took, as measured. */
export interface MemoryRecord extends MemoryShape {
  readonly peakBytes: number;
}

/** Which memory the provider works in, and what of it is there now. */
export interface MemoryThere {
  readonly memory: 'vram' | 'ram';
  readonly totalBytes: number | null;
  /** Free, or to be had without swapping; null where it can't be read. */
  readonly availableBytes: number | null;
  /** Held by our own engine already: it is part of the need, not in its way. */
  readonly ownBytes: number | null;
}

export interface MemoryPrediction {
  readonly neededBytes: number;
  /** Where the figure comes from, the surest first. */
  readonly source: 'history' | 'calibration' | 'pack';
  /** Measured runs behind it. */
  readonly runCount: number;
  /** What would be free afterwards; null where the available memory is unknown. */
  readonly leftBytes: number | null;
  /** Foreseen memory pressure, before any of it is taken; null where the run fits or nobody can tell. */
  readonly fault: FaultReport | null;
}

/** So many of the last runs are looked at; older ones were made by older code. */
const LOOKED_AT_RUNS = 20;

/**
 * Memory that a run will need, before it begins: from its own history where the same shape ran before, else from the
 * pack's calibration, else from what the pack says of its rung. Another shape than a measured one is scaled from it:
 * weights stay what they are, the rest goes with the number of pixels.
 *
 * @param history          of the same pack version and provider, oldest first
 * @param calibratedBytes  measured by the pack's calibration for this rung and provider; null where there is none
 */
export function predictMemory(input: {
  readonly pack: PackManifest;
  readonly rung: string;
  readonly shape: MemoryShape;
  readonly history: readonly MemoryRecord[];
  readonly calibratedBytes: number | null;
  readonly there: MemoryThere;
  readonly limits: Pick<ResourceLimits, 'vramRatio' | 'ramRatio'>;
}): MemoryPrediction {
  const { there, limits } = input;
  const { neededBytes, source, runCount } = needOf(input);
  const { memory, totalBytes, availableBytes } = there;
  const leftBytes = availableBytes === null ? null : availableBytes + (there.ownBytes ?? 0) - neededBytes;
  const limitRatio = memory === 'vram' ? limits.vramRatio : limits.ramRatio;
  const spareBytes = totalBytes === null ? 0 : totalBytes * (1 - limitRatio);
  const isShort = leftBytes !== null && leftBytes < spareBytes;
  const evidence = { memory, neededBytes, availableBytes, totalBytes, leftBytes, limitRatio, source, runCount };
  return {
    neededBytes,
    source,
    runCount,
    leftBytes,
    fault: isShort ? faultOf('memory-pressure', 'plan', { ...evidence, isPredicted: true }) : null,
  };
}

type Need = Pick<MemoryPrediction, 'neededBytes' | 'source' | 'runCount'>;

function needOf({ pack, rung: rungName, shape, history, calibratedBytes }: Parameters<typeof predictMemory>[0]): Need {
  const weights = weightBytes(pack);
  const scaled = (measured: MemoryShape, bytes: number): number => {
    const fixed = Math.min(weights, bytes);
    return Math.ceil(fixed + (bytes - fixed) * (pixelCount(shape) / pixelCount(measured)));
  };
  const recent = history.slice(-LOOKED_AT_RUNS);
  const same = recent.filter((run) => pixelCount(run) === pixelCount(shape));
  const measured = same.length > 0 ? same : recent;
  // The highest: to be wrong upwards costs a warning, to be wrong downwards costs the run.
  if (measured.length > 0)
    return {
      neededBytes: Math.max(...measured.map((run) => scaled(run, run.peakBytes))),
      source: 'history',
      runCount: measured.length,
    };
  const rung = pack.rungs.find(({ name }) => name === rungName) ?? pack.rungs[0];
  if (!rung) throw new Error('bug: a parsed manifest has rungs');
  const bytes = calibratedBytes ?? rung.expectedBytes;
  const source = calibratedBytes === null ? ('pack' as const) : ('calibration' as const);
  return { neededBytes: scaled(rung, bytes), source, runCount: 0 };
}

const pixelCount = ({ widthPx, heightPx, frameCount }: MemoryShape): number => widthPx * heightPx * frameCount;

/** What lies in the pack's weight files is in memory whatever the size of the picture. */
const weightBytes = (pack: PackManifest): number =>
  Object.values(pack.files).reduce((sum, { bytes }) => sum + bytes, 0);

/** How far a prediction was off: 0.1 is ten percent too low, -0.1 ten percent too high; null without a measurement. */
export function predictionError(neededBytes: number, peakBytes: number | null): number | null {
  return peakBytes === null || neededBytes <= 0 ? null : (peakBytes - neededBytes) / neededBytes;
}
