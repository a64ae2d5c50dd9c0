import type { CureName, Predicted } from '../contract/cure.ts';
import type { Means } from '../contract/situation.ts';
import { cures } from './cures.ts';

/** What a cure costs, said beforehand. */
export function priceOf(name: CureName, means: Means): Predicted {
  const { effect, quality, seconds } = cures[name];
  const isStandIn = effect === 'delivery' && name !== 'carry-on';
  return {
    seconds: seconds(means) + means.prices.exportSeconds,
    quality: isStandIn ? Math.min(means.quality, quality) : means.quality * quality,
  };
}

/** The whole of the quality is worth this many attempts: one attempt more for every twentieth that it saves. */
const QUALITY_WORTH_ATTEMPTS = 20;

/** Seconds and quality on one scale, in attempts at the present plan: what "cheapest" means. */
export function costOf(name: CureName, means: Means): number {
  const { textSeconds, stepSeconds, decodeSeconds } = means.prices;
  const attemptSeconds = textSeconds + stepSeconds * means.steps + decodeSeconds;
  const share = attemptSeconds > 0 ? cures[name].seconds(means) / attemptSeconds : 0;
  return share + QUALITY_WORTH_ATTEMPTS * (1 - cures[name].quality);
}
