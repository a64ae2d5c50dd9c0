import type { Expectation, FaultLayer } from '../../app/recovery/matrix.ts';
import type { Lab, Run } from './lab.ts';

/** One row of the matrix: a fault, how it is put into a real run, and what has to come of it. */
export interface Scenario {
  /** What is wrong, as `--only` names it. */
  readonly name: string;
  readonly layer: FaultLayer;
  readonly expected: Expectation;
  /** What it needs of the machine beyond Node and ffmpeg; where that is missing the row says so instead of a figure. */
  readonly needs?: 'linux' | 'linux root';
  /** Put the fault in; the run whose outcome counts comes back. */
  readonly run: (lab: Lab) => Promise<Run>;
}
