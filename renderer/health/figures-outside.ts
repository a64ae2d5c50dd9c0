import type { RunHealth } from '../../app/contract/health.ts';
import { frameFigureNames } from '../../app/contract/list.ts';
import { standingOf } from './figure-words.ts';

const stepFigures = ['mean', 'std', 'kurtosis', 'changeRatio', 'attentionEntropyBits'] as const;
const textFigures = ['drift', 'mahalanobis', 'kdeLogDensity'] as const;

/** How many figures of the last attempt lie outside of their lines, faults or not. */
export function figuresOutside({ text, steps, frames, frameLimits }: RunHealth): number {
  const judged = [
    ...(text ? textFigures.map((name) => text[name]) : []),
    ...steps.flatMap((step) => stepFigures.map((name) => step[name])),
    ...frames.flatMap((frame) =>
      frameFigureNames.map((name) => ({ value: frame[name], limit: frameLimits[name] ?? null })),
    ),
  ];
  return judged.filter((figure) => standingOf(figure) === 'bad').length;
}
