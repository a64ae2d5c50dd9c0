import type { HealthyRun } from '../../../app/monitor/fit-step-bands.ts';
import type { StepFigures } from '../../../app/monitor/step-judge.ts';
import { gaussianNoise } from '../../../app/engine/noise.ts';

export const CHANNELS = 4;
export const STEPS = 10;
export const TOKENS = ['a', 'red', 'tiger', 'in', '##s', '</s>'];

/** A run whose moments are those of a model in good health: each run has a manner of its own, each step a little chance. */
export function healthyRun(
  seed: number,
  change: (figures: StepFigures) => StepFigures = (figures) => figures,
): HealthyRun {
  const chance = gaussianNoise(seed, 7, 4_096);
  let used = 0;
  const next = (): number => chance[used++ % chance.length] ?? 0;
  const manner = Array.from({ length: CHANNELS }, () => [next(), next(), next()] as const);
  const pace = next();
  const steps = Array.from({ length: STEPS }, (_, step) => {
    const fill = (figure: (channel: number) => number): Float32Array =>
      Float32Array.from({ length: CHANNELS }, (_channel, channel) => figure(channel));
    const sharpness = 0.5 + step / STEPS;
    const weights = TOKENS.map((_token, i) => 1 + 0.1 * i + 0.05 * next());
    return change({
      step,
      stepCount: STEPS,
      sigma: 1 - step / STEPS,
      expert: step < 3 ? 'high' : 'low',
      clean: { nonFiniteCount: 0, elementCount: 100, mean: 0, std: 1, min: -3, max: 3 },
      cleanChannels: {
        nonFiniteCount: 0,
        mean: fill((c) => 0.3 * (manner[c]?.[0] ?? 0) + 0.02 * next()),
        std: fill((c) => sharpness * Math.exp(0.2 * (manner[c]?.[1] ?? 0) + 0.02 * next())),
        kurtosis: fill((c) => 3 * Math.exp(0.3 * (manner[c]?.[2] ?? 0) + 0.05 * next())),
      },
      velocityChannels: { nonFiniteCount: 0, mean: fill(() => 0), std: fill(() => 1), kurtosis: fill(() => 3) },
      change: step === 0 ? null : { rms: 0.2, ratio: 0.2 * Math.exp(0.3 * pace + 0.1 * next()) },
      attentionMax: Float32Array.from(weights.map((weight) => weight / 6)),
      attentionMean: Float32Array.from(weights.map((weight) => weight / 12)),
    });
  });
  return { tokens: TOKENS, steps };
}
