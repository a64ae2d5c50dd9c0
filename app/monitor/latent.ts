import type { TensorFacts } from '../contract/engine.ts';
import type { Limit } from '../contract/health.ts';
import type { FaultReport } from '../contract/report.ts';
import { faultOf } from './fault.ts';

/** A normalised clean latent has a spread near 1; these lines are far outside of what any healthy step shows. */
const STD_LOW = 0.01;
const STD_HIGH = 20;
/** The same lines as the health panel draws them. */
export const latentStdLimit: Limit = { low: STD_LOW, high: STD_HIGH, source: 'default' };

/** Judge the predicted clean latent of one denoising step. Any non-finite element is one too many. */
export function judgeLatent(step: number, facts: TensorFacts): FaultReport | null {
  const { nonFiniteCount, elementCount, mean, std } = facts;
  if (nonFiniteCount > 0) return faultOf('latent-nonfinite', 'denoise', { nonFiniteCount, elementCount }, { step });
  if (std === null || std < STD_LOW || std > STD_HIGH)
    return faultOf('latent-out-of-band', 'denoise', { mean, std, stdLow: STD_LOW, stdHigh: STD_HIGH }, { step });
  return null;
}

/** Judge the decoder's output before it becomes bytes: afterwards a NaN is just a black pixel. */
export function judgeDecoded(firstFrame: number, facts: TensorFacts): FaultReport | null {
  const { nonFiniteCount, elementCount } = facts;
  if (nonFiniteCount === 0) return null;
  return faultOf('decode-nonfinite', 'decode', { nonFiniteCount, elementCount }, { frame: firstFrame });
}
