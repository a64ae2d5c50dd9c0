import type { ChannelFacts, ClipChange } from '../contract/engine.ts';

/**
 * Moments of each channel in one pass; non-finite elements are counted and left out.
 *
 * @param values  [channels, …]
 */
export function channelFacts(values: Float32Array, channels: number): ChannelFacts {
  const size = Math.trunc(values.length / channels);
  const facts = {
    mean: new Float32Array(channels),
    std: new Float32Array(channels),
    kurtosis: new Float32Array(channels),
  };
  let nonFiniteCount = 0;
  for (let channel = 0; channel < channels; channel += 1) {
    let count = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    const end = (channel + 1) * size;
    // By index and with powers built up: this runs over every element at every step.
    for (let i = channel * size; i < end; i += 1) {
      const value = values[i] ?? 0;
      const square = value * value;
      // NaN and infinities, and what overflows in double precision only if it was infinite before.
      if (!(square < Infinity)) continue;
      count += 1;
      s1 += value;
      s2 += square;
      s3 += square * value;
      s4 += square * square;
    }
    nonFiniteCount += size - count;
    const mean = s1 / count;
    const variance = Math.max(0, s2 / count - mean * mean);
    const fourth = s4 / count - 4 * mean * (s3 / count) + 6 * mean * mean * (s2 / count) - 3 * mean ** 4;
    facts.mean[channel] = mean;
    facts.std[channel] = Math.sqrt(variance);
    // Without spread there is no shape to speak of.
    facts.kurtosis[channel] = variance > 1e-12 ? fourth / (variance * variance) : NaN;
  }
  return { nonFiniteCount, ...facts };
}

/** How far a clean prediction moved since the step before; null where there was none or nothing finite is left. */
export function clipChange(clean: Float32Array, before: Float32Array | null): ClipChange | null {
  if (!before) return null;
  let moved = 0;
  let size = 0;
  for (let i = 0; i < clean.length; i += 1) {
    const value = clean[i] ?? 0;
    const step = value - (before[i] ?? 0);
    moved += step * step;
    size += value * value;
  }
  const rms = Math.sqrt(moved / clean.length);
  const ratio = Math.sqrt(moved / size);
  return Number.isFinite(rms) && Number.isFinite(ratio) ? { rms, ratio } : null;
}
