/**
 * Flow-match schedule: `x(sigma) = (1 - sigma) * clean + sigma * noise`, from sigma 1 (all noise) to 0 (clean).
 *
 * @param steps  number of model evaluations
 * @param shift  > 1 spends more steps at high noise: sigma' = shift * sigma / (1 + (shift - 1) * sigma)
 * @returns      [steps + 1], strictly falling, the last one exactly 0
 * @see Wan2.2 `wan/utils/fm_solvers_unipc.py`; sigma 1 itself is avoided because its log-SNR is minus infinity
 */
export function flowSigmas(steps: number, shift: number): Float64Array {
  if (!Number.isInteger(steps) || steps < 1 || !(shift > 0))
    throw new RangeError(`bug: no schedule of ${steps} steps with shift ${shift}`);
  return Float64Array.from({ length: steps + 1 }, (_, step) => {
    const linear = 1 - step / steps;
    return Math.min((shift * linear) / (1 + (shift - 1) * linear), FIRST_SIGMA_LIMIT);
  });
}

/** The first sigma would be 1; this much below it keeps `log(1 - sigma)` finite, as Diffusers does. */
export const FIRST_SIGMA_LIMIT = 1 - 1e-6;
