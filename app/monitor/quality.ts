import type { FaultReport } from '../contract/report.ts';
import { faultOf } from './fault.ts';

/** Mean luma at or below which a frame is black (0..1). */
export const BLACK_LUMA = 0.01;
/** Mean absolute luma change at or below which two frames are the same picture (0..1). */
const FROZEN_CHANGE = 0.0001;

export interface FrameFigures {
  /** Mean luma, 0 black .. 1 white. */
  readonly luma: number;
  /** Mean absolute luma change against the frame before, 0..1; null for the first frame. */
  readonly change: number | null;
}

/**
 * @param rgb       [height, width, 3] of this frame, full range
 * @param previous  the frame before, or null for the first
 */
export function measureFrame(rgb: Uint8Array, previous: Uint8Array | null): FrameFigures {
  const pixelCount = rgb.length / 3;
  let sum = 0;
  let change = 0;
  for (let i = 0; i < rgb.length; i += 3) {
    const luma = lumaAt(rgb, i);
    sum += luma;
    if (previous) change += Math.abs(luma - lumaAt(previous, i));
  }
  return { luma: sum / pixelCount / 255, change: previous ? change / pixelCount / 255 : null };
}

/** Judge the whole clip: black in any frame, or not a single change from first to last. */
export function judgeFrames(figures: readonly FrameFigures[]): readonly FaultReport[] {
  const faults: FaultReport[] = [];
  const black = figures.findIndex(({ luma }) => luma <= BLACK_LUMA);
  if (black >= 0) {
    const blackCount = figures.filter(({ luma }) => luma <= BLACK_LUMA).length;
    faults.push(faultOf('frames-black', 'monitor', { blackCount, limitLuma: BLACK_LUMA }, { frame: black }));
  }
  const changes = figures.flatMap(({ change }) => (change === null ? [] : [change]));
  if (changes.length > 0 && changes.every((change) => change <= FROZEN_CHANGE))
    faults.push(
      faultOf(
        'frames-frozen',
        'monitor',
        { largestChange: Math.max(...changes), limitChange: FROZEN_CHANGE },
        { frame: 1, frameCount: changes.length },
      ),
    );
  return faults;
}

/** BT.709 luma, 0..255. */
function lumaAt(rgb: Uint8Array, i: number): number {
  return 0.2126 * (rgb[i] ?? 0) + 0.7152 * (rgb[i + 1] ?? 0) + 0.0722 * (rgb[i + 2] ?? 0);
}
