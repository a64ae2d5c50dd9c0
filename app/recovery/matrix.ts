import type { FaultKind, GradeName } from '../contract/name.ts';
import { gradeNames } from '../contract/list.ts';
import type { RunReport } from '../contract/report.ts';

export const faultLayers = [
  'input',
  'text',
  'latent',
  'attention',
  'expert',
  'decode',
  'frames',
  'resource',
  'provider',
  'engine',
  'encoder',
  'disk',
  'pack',
  'project',
  'store',
  'power',
  'mixed',
] as const;
export type FaultLayer = (typeof faultLayers)[number];

/** What has to come of a fault that was put into a run. */
export type Expectation =
  /** It is named, something is done about it, and the clip says so: no better grade than `atBest`. */
  | { readonly kind: 'cured'; readonly faults: readonly FaultKind[]; readonly atBest: GradeName }
  /** It is refused before any work, in one line. */
  | { readonly kind: 'refused'; readonly exitCode: 2 | 3; readonly says: RegExp }
  /** It disturbs and is no fault: no alarm, a full clip. */
  | { readonly kind: 'borne' }
  /** The program died and was started again: the clip is there, whole, and honest about it. */
  | { readonly kind: 'resumed' }
  /** Several faults in one run, whatever of them strikes: a whole clip, and no better grade than it deserves. */
  | { readonly kind: 'survived' }
  /** The user is told, by a finding or a warning of this kind, and gets the clip. */
  | { readonly kind: 'advised'; readonly of: string };

/** How one run with one fault in it went, as seen from outside of the program. */
export interface Observation {
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly report: RunReport | null;
  /** Null where a clip is there, plays, and is the one that the report speaks of; else what is wrong with it. */
  readonly clipFault: string | null;
  /** From the moment when the fault was put in to the line that names it; null where either can't be told from outside. */
  readonly detectMs: number | null;
  /** From each fault that was named to what was decided about it, as far as both were said. */
  readonly decideMs: readonly number[];
  readonly seed: number;
}

export interface Verdict {
  readonly isDetected: boolean;
  readonly isRecovered: boolean;
  /** Neither a clip where one was due nor an honest refusal. */
  readonly isLost: boolean;
  /** Passed off as better than it is. */
  readonly isWrongSuccess: boolean;
  readonly grade: GradeName | null;
  readonly recoverMs: number | null;
  /** Why this trial counts against us; null where it doesn't. */
  readonly complaint: string | null;
}

/** Hold one observation to what was expected of it. */
export function judgeTrial(expected: Expectation, seen: Observation): Verdict {
  const { report } = seen;
  const grade = report?.delivered.grade ?? null;
  const recoverMs = report ? sumOf(report.decisions.map(({ recoveryMs }) => recoveryMs ?? 0)) || null : null;
  if (expected.kind === 'refused') {
    const isDetected = seen.exitCode === expected.exitCode && expected.says.test(seen.stderr) && isOneLine(seen.stderr);
    return {
      isDetected,
      isRecovered: isDetected,
      isLost: !isDetected,
      isWrongSuccess: seen.exitCode === 0,
      grade: null,
      recoverMs: null,
      complaint: isDetected ? null : `exit code ${seen.exitCode}, "${seen.stderr.trim().slice(0, 200)}"`,
    };
  }
  const isDetected = report !== null && wasNoticed(expected, report);
  const hasClip = seen.exitCode === 0 && grade !== null && seen.clipFault === null;
  const isWrongSuccess = grade !== null && wasPassedOff(expected, grade, isDetected, report);
  const isWhole = grade === 'full' || (expected.kind === 'resumed' && grade === 'repaired');
  const mayBeLess = expected.kind === 'cured' || expected.kind === 'survived';
  const isRecovered = hasClip && !isWrongSuccess && (mayBeLess || isWhole);
  const complaints = [
    isDetected
      ? null
      : expected.kind === 'borne' || expected.kind === 'resumed'
        ? `false alarm: ${namesOf(report)}`
        : `not noticed: ${namesOf(report)}`,
    hasClip ? null : `no clip: exit code ${seen.exitCode}, ${seen.clipFault ?? seen.stderr.trim().slice(0, 200)}`,
    isWrongSuccess ? `passed off as ${grade}` : null,
    hasClip && !isRecovered && !isWrongSuccess ? `only ${grade}` : null,
  ].filter((complaint) => complaint !== null);
  return {
    isDetected,
    isRecovered,
    isLost: !hasClip,
    isWrongSuccess,
    grade,
    recoverMs,
    complaint: complaints.length > 0 ? complaints.join('; ') : null,
  };
}

/** Whether a clip is called better than it can be. */
function wasPassedOff(expected: Expectation, grade: GradeName, isDetected: boolean, report: RunReport | null): boolean {
  if (expected.kind === 'cured') return isBetter(grade, expected.atBest) || (!isDetected && grade === 'full');
  if (expected.kind !== 'survived') return false;
  const faults = report?.attempts.flatMap((attempt) => attempt.faults) ?? [];
  return grade === 'full' && faults.some(({ severity }) => severity === 'fault');
}

function wasNoticed(expected: Exclude<Expectation, { kind: 'refused' }>, report: RunReport): boolean {
  const faults = report.attempts.flatMap((attempt) => attempt.faults);
  switch (expected.kind) {
    case 'cured':
      return [...faults.map(({ kind }) => kind), ...report.decisions.map(({ fault }) => fault)].some((kind) =>
        expected.faults.includes(kind),
      );
    case 'survived':
      return faults.length > 0 || report.decisions.length > 0;
    case 'resumed':
    case 'borne':
      return faults.every(({ severity }) => severity === 'warning') && report.decisions.length === 0;
    case 'advised':
      return [...report.precheck.findings, ...faults].some(({ kind }) => kind === expected.of);
    default:
      return expected satisfies never;
  }
}

const isBetter = (grade: GradeName, limit: GradeName): boolean => gradeNames.indexOf(grade) < gradeNames.indexOf(limit);
const isOneLine = (text: string): boolean => /^[^\n]+\n$/.test(text);
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const namesOf = (report: RunReport | null): string =>
  report?.attempts.flatMap(({ faults }) => faults.map(({ kind }) => kind)).join(', ') || 'nothing';

/** One line of the published table. */
export interface MatrixRow {
  readonly fault: string;
  readonly layer: FaultLayer;
  readonly injected: number;
  readonly detected: number;
  readonly recovered: number;
  readonly lost: number;
  readonly wrongSuccess: number;
  /** The worst that was delivered; null where a refusal is what was due. */
  readonly grade: GradeName | null;
  readonly detectMs: { readonly p50: number | null; readonly p95: number | null };
  readonly recoverMs: { readonly p50: number | null; readonly p95: number | null; readonly max: number | null };
  /** From a fault to the decision about it, on disk and told. */
  readonly decideMs: { readonly p95: number | null; readonly max: number | null };
  /** Of the first trial; the n-th takes n more. */
  readonly seed: number;
}

export interface JudgedTrial {
  readonly verdict: Verdict;
  readonly observation: Observation;
}

export function matrixRow(fault: string, layer: FaultLayer, trials: readonly JudgedTrial[]): MatrixRow {
  const count = (test: (verdict: Verdict) => boolean): number => trials.filter(({ verdict }) => test(verdict)).length;
  const detect = trials.flatMap(({ observation: { detectMs } }) => detectMs ?? []);
  const recover = trials.flatMap(({ verdict: { recoverMs } }) => recoverMs ?? []);
  const decide = trials.flatMap(({ observation: { decideMs } }) => decideMs);
  const grades = trials.flatMap(({ verdict: { grade } }) => grade ?? []);
  return {
    fault,
    layer,
    injected: trials.length,
    detected: count(({ isDetected }) => isDetected),
    recovered: count(({ isRecovered }) => isRecovered),
    lost: count(({ isLost }) => isLost),
    wrongSuccess: count(({ isWrongSuccess }) => isWrongSuccess),
    grade: grades.toSorted((a, b) => gradeNames.indexOf(b) - gradeNames.indexOf(a))[0] ?? null,
    detectMs: { p50: quantile(detect, 0.5), p95: quantile(detect, 0.95) },
    recoverMs: { p50: quantile(recover, 0.5), p95: quantile(recover, 0.95), max: quantile(recover, 1) },
    decideMs: { p95: quantile(decide, 0.95), max: quantile(decide, 1) },
    seed: trials[0]?.observation.seed ?? 0,
  };
}

export interface MatrixTotals {
  readonly faults: number;
  readonly injected: number;
  readonly detected: number;
  readonly recovered: number;
  readonly lost: number;
  readonly wrongSuccess: number;
}

export function matrixTotals(rows: readonly MatrixRow[]): MatrixTotals {
  const sum = (of: (row: MatrixRow) => number): number => sumOf(rows.map(of));
  return {
    faults: rows.length,
    injected: sum(({ injected }) => injected),
    detected: sum(({ detected }) => detected),
    recovered: sum(({ recovered }) => recovered),
    lost: sum(({ lost }) => lost),
    wrongSuccess: sum(({ wrongSuccess }) => wrongSuccess),
  };
}

/** The smallest value that at least this share of the values does not exceed; whole milliseconds. */
function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  return value === undefined ? null : Math.round(value);
}
