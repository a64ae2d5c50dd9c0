import type { MatrixRow, MatrixTotals } from '../../app/recovery/matrix.ts';
import { markdownTable } from './markdown-table.ts';

const heads = [
  'fault',
  'layer',
  'injected',
  'detected',
  'recovered',
  'lost',
  'passed off',
  'worst grade',
  'seen after p50 / p95 ms',
  'recovered in p50 / p95 / max ms',
  'decided in p95 ms',
];

/** The matrix as Markdown. */
export function faultTable(rows: readonly MatrixRow[], totals: MatrixTotals): string {
  const figure = (value: number | null): string => (value === null ? '–' : String(value));
  const lines = rows.map((row) => [
    row.fault,
    row.layer,
    row.injected,
    row.detected,
    row.recovered,
    row.lost,
    row.wrongSuccess,
    row.grade ?? 'refused',
    `${figure(row.detectMs.p50)} / ${figure(row.detectMs.p95)}`,
    `${figure(row.recoverMs.p50)} / ${figure(row.recoverMs.p95)} / ${figure(row.recoverMs.max)}`,
    figure(row.decideMs.p95),
  ]);
  const sum = [
    `${totals.faults} faults`,
    '',
    totals.injected,
    totals.detected,
    totals.recovered,
    totals.lost,
    totals.wrongSuccess,
    '',
    '',
    '',
    figure(slowest(rows.map(({ decideMs }) => decideMs.max))),
  ];
  return markdownTable(heads, [...lines, sum]);
}

/** The last line says the slowest decision of all. */
function slowest(values: readonly (number | null)[]): number | null {
  const some = values.filter((value) => value !== null);
  return some.length === 0 ? null : Math.max(...some);
}
