import type { TextHealth } from '../../app/contract/health.ts';
import { useText } from '../locale/use-text.ts';
import { FigureRow } from './figure-row.tsx';

const names = ['drift', 'mahalanobis', 'kdeLogDensity'] as const;

/** How far the words are from what this pack usually hears, and from what it has learned. */
export function TextGauges({ figures }: { readonly figures: TextHealth }) {
  const text = useText();
  return names.map((name) => (
    <FigureRow
      key={name}
      name={text.textFigure[name].name}
      meaning={text.textFigure[name].meaning}
      value={figures[name].value}
      limit={figures[name].limit}
    />
  ));
}
