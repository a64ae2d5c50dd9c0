import type { FrameFigureName, Limit, RunHealth } from '../../../app/contract/health.ts';
import type { FaultKind } from '../../../app/contract/name.ts';
import type { FaultReport } from '../../../app/contract/report.ts';

/** Half of the slider's thumb: its middle never reaches the ends of the track, so neither does a frame. */
export const THUMB_PX = 7;

/** Middle of a frame along a strip, in step with the slider above it. */
export function frameX(frame: number, widthPx: number, frameCount: number): number {
  if (frameCount < 2) return widthPx / 2;
  return THUMB_PX + (frame / (frameCount - 1)) * (widthPx - 2 * THUMB_PX);
}

/** The frame nearest to a place along a strip. */
export function frameAt(xPx: number, widthPx: number, frameCount: number): number {
  if (frameCount < 2 || widthPx <= 2 * THUMB_PX) return 0;
  const frame = Math.round(((xPx - THUMB_PX) / (widthPx - 2 * THUMB_PX)) * (frameCount - 1));
  return Math.min(frameCount - 1, Math.max(0, frame));
}

export interface Strip {
  /** One for each frame of the clip. */
  readonly values: readonly (number | null)[];
  readonly limit: Limit | null;
  /** What is seen from bottom to top; null when there is no figure at all. */
  readonly range: { readonly low: number; readonly high: number } | null;
  readonly faults: readonly { readonly kind: FaultKind; readonly from: number; readonly to: number }[];
}

/** Most that a strip shows: two equal frames have no finite PSNR, and one of them must not press all others flat. */
const CEILING: Partial<Readonly<Record<FrameFigureName, number>>> = { psnrDb: 60 };

export function stripOf(
  health: RunHealth,
  name: FrameFigureName,
  faults: readonly FaultReport[],
  frameCount: number,
): Strip {
  const values: (number | null)[] = Array.from({ length: frameCount }, () => null);
  for (const figures of health.frames) if (figures.frame < frameCount) values[figures.frame] = figures[name];
  const limit = health.frameLimits[name] ?? null;
  const finite = values.flatMap((value) => (value !== null && Number.isFinite(value) ? [value] : []));
  const lines = [limit?.low ?? null, limit?.high ?? null].filter((line) => line !== null);
  const ceiling = CEILING[name] ?? Infinity;
  const high = Math.min(ceiling, Math.max(...finite, ...lines));
  const low = Math.min(0, ...finite);
  return {
    values,
    limit,
    range: finite.length === 0 ? null : { low, high: high > low ? high * 1.08 : low + 1 },
    faults: faults.flatMap(({ kind, frame, frameCount: count }) =>
      frame === null ? [] : [{ kind, from: frame, to: Math.min(frameCount, frame + (count ?? 1)) - 1 }],
    ),
  };
}
