import type { AttentionMap } from '../contract/health.ts';

/**
 * Where each token looks, in 255 levels of the strongest cell of the step: small enough to be sent with every step.
 *
 * @param map         [batch, tokens, frames, rows, columns]; the last of the batch answers to the prompt
 * @param tokenCount  real tokens of the prompt
 */
export function attentionLevels(
  map: { readonly data: Float32Array; readonly shape: readonly number[] },
  tokenCount: number,
): AttentionMap {
  const [batch = 1, tokens = 0, frameCount = 1, rows = 1, columns = 1] = map.shape;
  const tokenSize = frameCount * rows * columns;
  const from = (batch - 1) * tokens * tokenSize;
  const kept = Math.min(tokenCount, tokens);
  const values = map.data.subarray(from, from + kept * tokenSize);
  let strongest = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    if (value > strongest && value < Infinity) strongest = value;
  }
  const levels = new Uint8Array(values.length);
  for (let i = 0; i < levels.length; i += 1) {
    const level = strongest > 0 ? ((values[i] ?? 0) / strongest) * 255 + 0.5 : 0;
    levels[i] = level > 0 ? Math.min(255, level) : 0;
  }
  return { tokenCount: kept, frameCount, rows, columns, levels };
}
