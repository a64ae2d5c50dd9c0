import type { Limit } from '../../app/contract/health.ts';
import { Tipped } from '../base/tip.tsx';
import { useText } from '../locale/use-text.ts';
import { FigureTip } from './figure-tip.tsx';
import { figureWords, limitWords, standingOf } from './figure-words.ts';
import { Spark, type SparkPoint } from './spark.tsx';

interface FigureRowProps {
  readonly name: string;
  readonly meaning: string;
  readonly unit?: string;
  readonly value: number | null;
  readonly limit: Limit | null;
  /** How it came about; a gauge is drawn where there is no curve. */
  readonly points?: readonly SparkPoint[];
  /** Full scale of the gauge; by default twice the line. */
  readonly fullScale?: number;
}

/** One figure: name, curve or gauge, value. Its line and where that comes from on hover and focus. */
export function FigureRow({ name, meaning, unit = '', value, limit, points, fullScale }: FigureRowProps) {
  const text = useText();
  const standing = standingOf({ value, limit });
  const words = figureWords(value, unit, text);
  const judged = standing === 'bad' ? `, ${text.outside}` : '';
  return (
    <Tipped
      className={`figure-row is-${standing}`}
      label={`${name}: ${words}${judged}. ${text.figureHealthy}: ${limitWords(limit, unit, text)}`}
      tip={<FigureTip title={name} meaning={meaning} value={value} limit={limit} unit={unit} />}
    >
      <span className="figure-name">{name}</span>
      {value !== null &&
        (points ? <Spark points={points} /> : <Gauge value={value} limit={limit} fullScale={fullScale} />)}
      <span className="figure figure-value">{words}</span>
    </Tipped>
  );
}

interface GaugeProps {
  readonly value: number;
  readonly limit: Limit | null;
  readonly fullScale: number | undefined;
}

function Gauge({ value, limit, fullScale }: GaugeProps) {
  const line = limit?.high ?? limit?.low ?? null;
  // A logarithm may be negative: its gauge then ends at 0.
  const reach = fullScale ?? (line === null || line === 0 ? Math.max(1, Math.abs(value)) : Math.abs(line) * 1.6);
  const start = (line ?? value) < 0 ? -reach : 0;
  const across = (figure: number): number => Math.min(1, Math.max(0, (figure - start) / reach));
  return (
    <span className="gauge" aria-hidden="true">
      <span className="gauge-fill" style={{ transform: `scaleX(${across(value)})` }} />
      {line !== null && <span className="gauge-line" style={{ left: `${across(line) * 100}%` }} />}
    </span>
  );
}
