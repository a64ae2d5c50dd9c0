import type { Limit } from '../../app/contract/health.ts';
import { useText } from '../locale/use-text.ts';
import { figureWords, limitWords } from './figure-words.ts';

interface FigureTipProps {
  readonly title: string;
  /** What the figure means, in plain words. */
  readonly meaning: string;
  readonly value: number | null;
  readonly limit: Limit | null;
  readonly unit: string;
}

/** A figure in full: what it is, how much, what is healthy, and who says so. */
export function FigureTip({ title, meaning, value, limit, unit }: FigureTipProps) {
  const text = useText();
  return (
    <>
      <strong>{title}</strong>
      <p>{meaning}</p>
      <dl>
        <div>
          <dt>{text.figureNow}</dt>
          <dd>{figureWords(value, unit, text)}</dd>
        </div>
        <div>
          <dt>{text.figureHealthy}</dt>
          <dd>{limitWords(limit, unit, text)}</dd>
        </div>
        {limit && (
          <div>
            <dt>{text.figureSource}</dt>
            <dd>{text.limitSource[limit.source]}</dd>
          </div>
        )}
      </dl>
    </>
  );
}
