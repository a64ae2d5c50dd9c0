/**
 * Classifier-free guidance over a batch of two answers.
 *
 * @param pair   [2, elementCount]: first the answer to the negative prompt, then to the prompt
 * @param scale  1 keeps the prompt's answer; more pushes away from the negative one
 * @returns      [elementCount]
 */
export function guide(pair: Float32Array, scale: number): Float32Array {
  const elementCount = pair.length / 2;
  const negative = pair.subarray(0, elementCount);
  return pair.slice(elementCount).map((value, i) => (negative[i] ?? 0) + scale * (value - (negative[i] ?? 0)));
}
