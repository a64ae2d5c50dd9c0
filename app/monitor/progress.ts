import type { ClipChange } from '../contract/engine.ts';
import type { FaultReport } from '../contract/report.ts';
import { faultOf } from './fault.ts';
import type { StepBands } from './step-bands.ts';

/** So many steps in a row make a standstill: a single quiet one is none. */
export const STALL_STEPS = 2;

/**
 * Judge whether denoising gets on: the clean prediction must move from step to step, and not jump about.
 *
 * @param changes  of all steps so far, the newest last; null at the first step
 * @param bands    for each of these steps
 */
export function judgeProgress(
  step: number,
  changes: readonly (ClipChange | null)[],
  bands: readonly StepBands[],
): FaultReport | null {
  const newest = changes.at(-1);
  const line = bands.at(-1)?.changeRatio;
  if (!newest || !line) return null;
  const source = bands.at(-1)?.source ?? 'default';
  const last = changes.slice(-STALL_STEPS);
  const isStill = last.every((change, i) => {
    const low = bands.at(i - last.length)?.changeRatio?.low;
    return change !== null && low !== undefined && change.ratio < low;
  });
  if (last.length === STALL_STEPS && isStill)
    return faultOf(
      'denoise-stalled',
      'denoise',
      { changeRatio: newest.ratio, changeRms: newest.rms, low: line.low, steps: STALL_STEPS, source },
      { step },
    );
  if (newest.ratio > line.high)
    return faultOf(
      'latent-out-of-band',
      'denoise',
      { statistic: 'change', value: newest.ratio, low: line.low, high: line.high, source },
      { step },
    );
  return null;
}
