import type { Band, ChannelBands, RungCalibration, StepCalibration } from '../contract/calibration.ts';
import type { LimitSource } from '../contract/health.ts';

/** The lines for one denoising step; null where nobody has drawn one. */
export interface StepBands {
  readonly source: LimitSource;
  readonly mean: ChannelBands | null;
  readonly std: ChannelBands | null;
  readonly kurtosis: ChannelBands | null;
  readonly changeRatio: Band | null;
  readonly attentionEntropyRatio: Band | null;
}

/** Without a calibration only what no model shows is a fault. */
export const DEFAULT_BANDS: StepBands = {
  source: 'default',
  mean: null,
  std: null,
  kurtosis: null,
  // A clean prediction that stands still to six digits is not being worked on.
  changeRatio: { low: 1e-6, high: 50 },
  attentionEntropyRatio: { low: 0.05, high: 1 },
};

/** Where a run is not quite the one that was calibrated, its bands are this much wider to either side. */
const UNLIKE_MARGIN = 0.5;

/**
 * Bands for a step of a run, by its sigma: those of the same step where the run is the calibrated one, else between the two
 * calibrated steps around it, and wider.
 *
 * @param stepCount  of the run; with more steps each one moves less
 * @param expert     that answered: a stand-in is not held to the lines of the one that it stands in for so closely
 */
export function stepBands(
  rung: RungCalibration | null,
  { sigma, stepCount, expert }: { readonly sigma: number; readonly stepCount: number; readonly expert: string },
): StepBands {
  if (!rung) return DEFAULT_BANDS;
  const above = rung.steps.findLast((step) => step.sigma >= sigma - 1e-9) ?? rung.steps[0];
  const below = rung.steps.find((step) => step.sigma <= sigma + 1e-9) ?? rung.steps.at(-1);
  if (!above || !below) return DEFAULT_BANDS;
  const margin = stepCount === rung.steps.length && above.expert === expert ? 0 : UNLIKE_MARGIN;
  const span = above.sigma - below.sigma;
  const share = span > 0 ? (above.sigma - sigma) / span : 0;
  const between = (pick: (step: StepCalibration) => ChannelBands): ChannelBands => {
    const [a, b] = [pick(above), pick(below)];
    const pairs = a.low.map((low, i) =>
      widened(
        {
          low: mix(low, b.low[i] ?? low, share),
          high: mix(a.high[i] ?? low, b.high[i] ?? a.high[i] ?? low, share),
        },
        margin,
      ),
    );
    return { low: pairs.map(({ low }) => low), high: pairs.map(({ high }) => high) };
  };
  const pace = rung.steps.length / stepCount;
  const changes = [above.changeRatio, below.changeRatio].filter((band) => band !== null);
  return {
    source: 'calibration',
    mean: between(({ mean }) => mean),
    std: between(({ std }) => std),
    kurtosis: between(({ kurtosis }) => kurtosis),
    // A prediction's change has no straight way from step to step: the wider of both neighbours.
    changeRatio:
      changes.length === 0
        ? null
        : {
            low: (Math.min(...changes.map(({ low }) => low)) * Math.min(1, pace)) / (1 + margin),
            high: Math.max(...changes.map(({ high }) => high)) * Math.max(1, pace) * (1 + margin),
          },
    // A share has its end at 0, so its line is lowered by a share: by a distance, no collapse would be below it.
    attentionEntropyRatio: {
      low: mix(above.attentionEntropyRatio.low, below.attentionEntropyRatio.low, share) * (1 - margin),
      high: Math.min(1, mix(above.attentionEntropyRatio.high, below.attentionEntropyRatio.high, share) * (1 + margin)),
    },
  };
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share;

function widened({ low, high }: Band, margin: number): Band {
  const more = (high - low) * margin;
  return { low: low - more, high: high + more };
}
