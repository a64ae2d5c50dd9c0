import type { ChannelBands } from '../contract/calibration.ts';
import type { ChannelFacts, TensorFacts } from '../contract/engine.ts';
import type { JudgedFigure, Limit } from '../contract/health.ts';
import type { FaultReport } from '../contract/report.ts';
import { faultOf } from './fault.ts';
import { DEFAULT_BANDS, type StepBands } from './step-bands.ts';

/** A normalised clean latent has a spread near 1; these lines are far outside of what any healthy step shows. */
const STD_LOW = 0.01;
const STD_HIGH = 20;
/** The same lines as the health panel draws them. */
export const latentStdLimit: Limit = { low: STD_LOW, high: STD_HIGH, source: 'default' };

export const channelStatistics = ['mean', 'std', 'kurtosis'] as const;
export type ChannelStatistic = (typeof channelStatistics)[number];

/** Of all channels the one that is nearest to its line or furthest beyond it. */
export interface WorstChannel {
  readonly channel: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** In widths of the band beyond the nearer line; negative within the band. */
  readonly excess: number;
}

export function worstChannel(values: Float32Array, bands: ChannelBands): WorstChannel | null {
  let worst: WorstChannel | null = null;
  values.forEach((value, channel) => {
    const low = bands.low[channel] ?? -Infinity;
    const high = bands.high[channel] ?? Infinity;
    // Without spread there is no shape to judge: kurtosis is then NaN, and std says it.
    if (Number.isNaN(value)) return;
    const excess = Math.max(low - value, value - high) / Math.max(high - low, Number.MIN_VALUE);
    if (!worst || excess > worst.excess) worst = { channel, value, low, high, excess };
  });
  return worst;
}

/**
 * Judge the predicted clean latent of one denoising step. Any non-finite element is one too many; moments are held to the pack's
 * bands for this step, channel by channel.
 */
export function judgeLatent(
  step: number,
  facts: TensorFacts,
  channels: ChannelFacts | null = null,
  bands: StepBands = DEFAULT_BANDS,
  expert: string | null = null,
): FaultReport | null {
  const { nonFiniteCount, elementCount, mean, std } = facts;
  const by = expert === null ? {} : { expert };
  if (nonFiniteCount > 0)
    return faultOf('latent-nonfinite', 'denoise', { nonFiniteCount, elementCount, ...by }, { step });
  if (std === null || std < STD_LOW || std > STD_HIGH)
    return faultOf('latent-out-of-band', 'denoise', { mean, std, stdLow: STD_LOW, stdHigh: STD_HIGH, ...by }, { step });
  if (!channels) return null;
  const worst = channelStatistics
    .flatMap((statistic) => {
      const band = bands[statistic];
      const found = band && worstChannel(channels[statistic], band);
      return found ? [{ statistic, ...found }] : [];
    })
    .toSorted((a, b) => b.excess - a.excess)[0];
  if (!worst || worst.excess <= 0) return null;
  const { statistic, channel, value, low, high } = worst;
  return faultOf(
    'latent-out-of-band',
    'denoise',
    { statistic, channel, value, low, high, source: bands.source, ...by },
    { step },
  );
}

/** A moment as the health panel shows it: of the channel that stands out most, with its line. */
export function judgedMoment(
  channels: ChannelFacts,
  statistic: ChannelStatistic,
  bands: StepBands,
): JudgedFigure | null {
  const band = bands[statistic];
  const worst = band && worstChannel(channels[statistic], band);
  return worst && { value: worst.value, limit: { low: worst.low, high: worst.high, source: bands.source } };
}

/** Judge the decoder's output before it becomes bytes: afterwards a NaN is just a black pixel. */
export function judgeDecoded(firstFrame: number, facts: TensorFacts): FaultReport | null {
  const { nonFiniteCount, elementCount } = facts;
  if (nonFiniteCount === 0) return null;
  return faultOf('decode-nonfinite', 'decode', { nonFiniteCount, elementCount }, { frame: firstFrame });
}
