/**
 * Counter-based Gaussian noise: element i of a seed's stream depends on (seed, stream, i) alone, so any process on any
 * machine draws the same numbers, in any order and in any slices.
 *
 * Philox4x32-10 with Box-Muller.
 * @see Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011
 */

/** Independent streams of one seed. */
export const noiseStreams = { initialLatent: 0, window: 1, garbled: 2 } as const;

const ROUNDS = 10;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const TWO_POW_32 = 2 ** 32;

/** High 32 bits of a 32 x 32 bit product. */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >>> 16);
  const carry = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

export type PhiloxBlock = readonly [number, number, number, number];

/** One block of four unsigned 32-bit numbers; the counter and the key are unsigned 32-bit words. */
export function philox4x32(counter: PhiloxBlock, key: readonly [number, number]): PhiloxBlock {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round += 1) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/**
 * @param seed    0 .. Number.MAX_SAFE_INTEGER
 * @param stream  which of the seed's independent streams
 * @returns       [elementCount] standard normal numbers
 */
export function gaussianNoise(seed: number, stream: number, elementCount: number): Float32Array {
  const key = [(seed % TWO_POW_32) >>> 0, Math.floor(seed / TWO_POW_32) >>> 0] as const;
  const noise = new Float32Array(elementCount);
  for (let first = 0; first < elementCount; first += 4) {
    const words = philox4x32([first / 4, 0, stream, 0], key);
    for (let pair = 0; pair < 4; pair += 2) {
      // (word + 1) / 2^32 lies in (0, 1]: the logarithm never sees zero.
      const radius = Math.sqrt(-2 * Math.log(((words[pair] ?? 0) + 1) / TWO_POW_32));
      const angle = (2 * Math.PI * (words[pair + 1] ?? 0)) / TWO_POW_32;
      if (first + pair < elementCount) noise[first + pair] = radius * Math.cos(angle);
      if (first + pair + 1 < elementCount) noise[first + pair + 1] = radius * Math.sin(angle);
    }
  }
  return noise;
}
