/**
 * Classifier-free guidance over a batch of two answers.
 *
 * @param pair   [2, elementCount]: first the answer to the negative prompt, then to the prompt
 * @param scale  1 keeps the prompt's answer; more pushes away from the negative one
 * @returns      [elementCount]
 */
export function guide(pair: Float32Array, scale: number): Float32Array {
  const elementCount = pair.length / 2;
  const guided = new Float32Array(elementCount);
  for (let i = 0; i < elementCount; i += 1) {
    const negative = pair[i] ?? 0;
    guided[i] = negative + scale * ((pair[elementCount + i] ?? 0) - negative);
  }
  return guided;
}
