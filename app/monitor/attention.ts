import type { FaultReport } from '../contract/report.ts';
import { faultOf } from './fault.ts';
import { isKeyword } from './keyword.ts';
import type { StepBands } from './step-bands.ts';

/**
 * How evenly attention lies on the prompt's real tokens: 0 all on one, 1 the same on each. Null with fewer than two tokens or
 * nothing to look at.
 *
 * @param attentionMean  [tokens or more], what comes after the real tokens is left out
 */
export function entropyRatio(attentionMean: Float32Array, tokenCount: number): number | null {
  const bits = entropyBits(attentionMean, tokenCount);
  return bits === null || tokenCount < 2 ? null : bits / Math.log2(tokenCount);
}

/** In bits, of the distribution over the real tokens, made to sum to 1. */
export function entropyBits(attentionMean: Float32Array, tokenCount: number): number | null {
  const weights = attentionMean.subarray(0, tokenCount);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0) || !Number.isFinite(total)) return null;
  return weights.reduce((bits, weight) => (weight > 0 ? bits - (weight / total) * Math.log2(weight / total) : bits), 0);
}

/** All attention on a token or two, or none on anything in particular: the prompt no longer steers. */
export function judgeCollapse(
  step: number,
  attentionMean: Float32Array,
  tokenCount: number,
  bands: StepBands,
): FaultReport | null {
  const ratio = entropyRatio(attentionMean, tokenCount);
  const line = bands.attentionEntropyRatio;
  if (ratio === null || !line || (ratio >= line.low && ratio <= line.high)) return null;
  const { low, high } = line;
  return faultOf(
    'attention-collapsed',
    'denoise',
    { entropyRatio: ratio, low, high, tokenCount, source: bands.source },
    { step },
  );
}

/** How strongly one word was looked at. */
export interface KeywordPeak {
  readonly token: string;
  /** Its place among the prompt's tokens. */
  readonly index: number;
  /** Strongest attention against an even share of all tokens: the median of the steps after the first third. */
  readonly peakRatio: number;
}

/** In the first third there is only noise to look at. */
const SETTLING_SHARE = 1 / 3;

/**
 * @param maxima  attention_max of every step in order, each [tokens or more]
 * @returns       the words of the prompt that carry something, in order
 */
export function keywordPeaks(tokens: readonly string[], maxima: readonly Float32Array[]): readonly KeywordPeak[] {
  const settled = maxima.slice(Math.floor(maxima.length * SETTLING_SHARE));
  if (settled.length === 0) return [];
  return tokens.flatMap((token, index) => {
    if (!isKeyword(token)) return [];
    const shares = settled.map((max) => (max[index] ?? 0) * tokens.length).toSorted((a, b) => a - b);
    return [{ token, index, peakRatio: shares[Math.floor(shares.length / 2)] ?? 0 }];
  });
}

/**
 * Words of the prompt that nothing in the clip answers to, once denoising is done. A warning: the clip may be sound all the same,
 * and only the user knows whether the word matters.
 *
 * @param floor  the pack's own; null leaves unjudged
 */
export function judgeNeglect(
  tokens: readonly string[],
  maxima: readonly Float32Array[],
  floor: number | null,
): readonly FaultReport[] {
  if (floor === null) return [];
  return keywordPeaks(tokens, maxima)
    .filter(({ peakRatio }) => !(peakRatio >= floor))
    .map(({ token, index, peakRatio }) =>
      faultOf(
        'attention-neglected',
        'denoise',
        { token, index, peakRatio, floor },
        { step: maxima.length - 1, severity: 'warning' },
      ),
    );
}
