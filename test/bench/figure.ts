import { quantile } from '../../app/base/quantile.ts';

/** One line of the table; `ratio` is always ours to the rival's, so less is better in every line. */
export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'bytes';
  readonly rivalName: string;
  /** The highest ratio that is good enough; null where nothing was promised. */
  readonly goal: number | null;
  readonly result: Measured | Unmeasured;
}

export interface Measured {
  readonly ours: number;
  readonly rival: number;
  readonly ratio: number;
  /** Quartiles of the ratios of all rounds. */
  readonly ratioLow: number;
  readonly ratioHigh: number;
  readonly rounds: number;
}

export interface Unmeasured {
  readonly missing: string;
}

/**
 * Both sides of each round were measured one right after the other, so a slow moment of the machine slows both: the
 * ratio is taken within a round, and the median over the rounds.
 */
export function compare(rounds: readonly { readonly ours: number; readonly rival: number }[]): Measured {
  const ratios = rounds.map(({ ours, rival }) => ours / rival);
  return {
    ours: quantile(
      rounds.map(({ ours }) => ours),
      0.5,
    ),
    rival: quantile(
      rounds.map(({ rival }) => rival),
      0.5,
    ),
    ratio: quantile(ratios, 0.5),
    ratioLow: quantile(ratios, 0.25),
    ratioHigh: quantile(ratios, 0.75),
    rounds: rounds.length,
  };
}

export const isMet = ({ result, goal }: Figure): boolean | null =>
  goal === null || 'missing' in result ? null : result.ratio <= goal;

const amount = (value: number, unit: Figure['unit']): string =>
  unit === 'ms' ? `${value.toFixed(0)} ms` : `${(value / 1024 ** 2).toFixed(0)} MiB`;

function cells(figure: Figure): readonly string[] {
  const { name, unit, rivalName, goal, result } = figure;
  const wanted = goal === null ? 'none set' : `at most ${Number(goal.toFixed(3))}`;
  if ('missing' in result) return [name, '', rivalName, '', '', wanted, `not measured: ${result.missing}`];
  const { ours, rival, ratio, ratioLow, ratioHigh } = result;
  const met = isMet(figure);
  return [
    name,
    amount(ours, unit),
    `${rivalName}: ${amount(rival, unit)}`,
    ratio.toFixed(3),
    `${ratioLow.toFixed(3)} to ${ratioHigh.toFixed(3)}`,
    wanted,
    met === null ? '' : met ? 'met' : 'MISSED',
  ];
}

/** For people: aligned columns, one line for each figure. */
export function table(figures: readonly Figure[]): string {
  const head = ['figure', 'ours', 'rival', 'ratio', 'half of all rounds', 'goal', ''];
  const rows = [head, ...figures.map(cells)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  // What is said of an unmeasured figure is a sentence in the last column, which needs no padding.
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(column === head.length - 1 ? 0 : (widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** For programs: the same rows as data. */
export const rowsOf = (figures: readonly Figure[]) =>
  figures.map((figure) => {
    const { name, unit, rivalName, goal, result } = figure;
    const blank = { ours: null, rival: null, ratio: null, ratioLow: null, ratioHigh: null, rounds: 0 };
    const values = 'missing' in result ? { ...blank, missing: result.missing } : { ...result, missing: null };
    return { name, rivalName, unit, goal, isMet: isMet(figure), ...values };
  });
