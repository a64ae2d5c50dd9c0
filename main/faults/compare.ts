import type { RecoveryMode } from '../../app/contract/policy.ts';
import { mixedRuns } from './mix.ts';
import { ShortRuns, type ShortEnd } from './short-run.ts';

export interface PolicyFigures {
  readonly mode: RecoveryMode;
  readonly runs: number;
  /** Delivered at grade full or repaired. */
  readonly good: number;
  /** From the request to a good clip, over the runs that both policies ended well; null where there is none. */
  readonly meanGoodSeconds: number | null;
  readonly meanAttempts: number;
}

const COMPARED_STEPS = 20;
const COMPARED_FRAMES = 9;
const modes = ['auto', 'retry'] as const;

const isGood = ({ grade }: ShortEnd): boolean => grade === 'full' || grade === 'repaired';

/** The same faults under both policies, turn by turn in the same run: cure by cause, and another seed and once more. */
export async function comparePolicies(options: {
  readonly root: string;
  /** Each policy lives in a home of its own: what one has learned is not the other's. */
  readonly homes: Readonly<Record<(typeof modes)[number], string>>;
  readonly runs: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onRun: (line: string) => void;
}): Promise<readonly PolicyFigures[]> {
  await using auto = await ShortRuns.open(options.root, options.homes.auto);
  await using retry = await ShortRuns.open(options.root, options.homes.retry);
  const runners = { auto, retry };
  const ends: Record<(typeof modes)[number], ShortEnd[]> = { auto: [], retry: [] };
  let turn = 0;
  for (const { prompt, seed, fault, injections } of mixedRuns(options.runs * 2, options.seed)) {
    if (fault === null) continue;
    if (turn >= options.runs || options.signal.aborted) break;
    const order = { prompt, seed, injections, steps: COMPARED_STEPS, frameCount: COMPARED_FRAMES };
    // Whoever begins has the colder caches: they take turns.
    for (const mode of turn % 2 === 0 ? modes : modes.toReversed())
      ends[mode].push(await runners[mode].run({ ...order, mode }));
    const told = modes.map((mode) => {
      const end = ends[mode].at(-1);
      return `${mode} ${end?.grade ?? 'nothing'} ${end?.seconds.toFixed(1)} s`;
    });
    options.onRun(`${fault}: ${told.join(', ')}`);
    turn += 1;
  }
  const bothGood = ends.auto.flatMap((end, i) => (isGood(end) && ends.retry[i] && isGood(ends.retry[i]) ? [i] : []));
  return modes.map((mode) => ({
    mode,
    runs: ends[mode].length,
    good: ends[mode].filter(isGood).length,
    meanGoodSeconds: mean(bothGood.map((i) => ends[mode][i]?.seconds ?? 0)),
    meanAttempts: mean(ends[mode].map(({ attemptCount }) => attemptCount)) ?? 0,
  }));
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
