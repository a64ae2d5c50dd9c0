import { gaussianNoise } from '../../../app/engine/noise.ts';

const CHUNK = 4_096;

/** Standard normal numbers one by one, the same for the same seed. */
export function gaussian(seed: number): () => number {
  let stream = 0;
  let drawn = gaussianNoise(seed, stream, CHUNK);
  let next = 0;
  return () => {
    if (next === CHUNK) {
      stream += 1;
      drawn = gaussianNoise(seed, stream, CHUNK);
      next = 0;
    }
    const value = drawn[next] ?? 0;
    next += 1;
    return value;
  };
}
