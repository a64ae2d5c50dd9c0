import { judgeTrial, matrixRow, type JudgedTrial, type MatrixRow } from '../../app/recovery/matrix.ts';
import { diskFaults } from './disk-faults.ts';
import { encoderFaults } from './encoder-faults.ts';
import { engineFaults } from './engine-faults.ts';
import { generationFaults } from './generation-faults.ts';
import { inputFaults } from './input-faults.ts';
import { Lab } from './lab.ts';
import { packFaults } from './pack-faults.ts';
import type { Scenario } from './scenario.ts';
import { storeFaults } from './store-faults.ts';

const matrix: readonly Scenario[] = [
  ...inputFaults,
  ...generationFaults,
  ...engineFaults,
  ...encoderFaults,
  ...diskFaults,
  ...packFaults,
  ...storeFaults,
];

export const scenarioNames = (): readonly string[] => matrix.map(({ name }) => name);

/** A name means its own row and all that begin with it and a dash; null means all. */
export function findScenarios(only: readonly string[] | null): readonly Scenario[] {
  if (only === null) return matrix;
  return matrix.filter(({ name }) => only.some((wanted) => name === wanted || name.startsWith(`${wanted}-`)));
}

export type ScenarioEnd =
  | { readonly kind: 'skipped'; readonly why: string }
  | { readonly kind: 'done'; readonly row: MatrixRow; readonly complaints: readonly string[] };

export interface MatrixOptions {
  readonly root: string;
  readonly program: string;
  readonly seed: number;
  readonly trials: number;
  readonly signal: AbortSignal;
}

/** All trials of one row, one after the other: two on the same cores would time each other. */
export async function runScenario(scenario: Scenario, options: MatrixOptions): Promise<ScenarioEnd> {
  const why = whatIsMissing(scenario);
  if (why !== null) return { kind: 'skipped', why };
  const trials: JudgedTrial[] = [];
  for (let i = 0; i < options.trials && !options.signal.aborted; i += 1) {
    await using lab = await Lab.open({ ...options, seed: options.seed + i });
    const observation = await lab.observe(await scenario.run(lab));
    trials.push({ observation, verdict: judgeTrial(scenario.expected, observation) });
  }
  const complaints = trials.flatMap(({ verdict: { complaint }, observation: { seed } }) =>
    complaint === null ? [] : [`${complaint} (--seed ${seed})`],
  );
  return { kind: 'done', row: matrixRow(scenario.name, scenario.layer, trials), complaints };
}

function whatIsMissing({ needs }: Scenario): string | null {
  if (needs !== undefined && process.platform !== 'linux')
    return 'it needs Linux, to find the processes and signal them';
  if (needs === 'linux root' && process.getuid?.() !== 0) return 'only root may make a disk of its own';
  return null;
}
