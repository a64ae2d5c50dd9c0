import { useMemo } from 'react';

import type { JudgedFigure, StepHealth } from '../../app/contract/health.ts';
import { useText } from '../locale/use-text.ts';
import { FigureRow } from './figure-row.tsx';
import type { SparkPoint } from './spark.tsx';

const figureNames = ['std', 'mean', 'kurtosis', 'changeRatio', 'attentionEntropyBits'] as const;
type StepFigureName = (typeof figureNames)[number];
const units: Readonly<Record<StepFigureName, string>> = {
  ...{ std: '', mean: '', kurtosis: '', changeRatio: '', attentionEntropyBits: 'bit' },
};

/** Figures of the denoising steps against their bands, step by step. */
export function StepCurves({ steps }: { readonly steps: readonly StepHealth[] }) {
  const text = useText();
  const last = steps.at(-1);
  const curves = useMemo(() => Object.fromEntries(figureNames.map((name) => [name, curveOf(steps, name)])), [steps]);
  if (!last) return null;
  return (
    <>
      <p className="figure step-line">
        {text.stepOf(last.step + 1, last.stepCount)}
        <span className="faint">σ {last.sigma.toFixed(3)}</span>
        <span className="tag">{last.expert}</span>
      </p>
      {figureNames.map((name) => (
        <FigureRow
          key={name}
          name={text.stepFigure[name].name}
          meaning={text.stepFigure[name].meaning}
          unit={units[name]}
          value={last[name].value}
          limit={last[name].limit}
          points={curves[name] ?? []}
        />
      ))}
      {last.nonFiniteCount > 0 && <p className="hint is-bad">{text.nonFinite(last.nonFiniteCount)}</p>}
    </>
  );
}

function curveOf(steps: readonly StepHealth[], name: StepFigureName): readonly SparkPoint[] {
  return steps.map((step) => {
    const { value, limit }: JudgedFigure = step[name];
    return { at: step.stepCount < 2 ? 1 : step.step / (step.stepCount - 1), value, limit };
  });
}
