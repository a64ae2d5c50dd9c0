import { severalFaults } from './mix.ts';
import type { Scenario } from './scenario.ts';

const FEWEST = 3;
const MOST = 6;

/** Runs with more than one fault; which ones follows from the seed of the trial. They are asked for by their own options. */
const several = (name: string, countOf: (seed: number) => number): Scenario => ({
  name,
  layer: 'mixed',
  expected: { kind: 'survived' },
  run: async (lab) => {
    const faults = severalFaults(countOf(lab.seed), lab.seed);
    return lab.render(faults.flatMap((fault) => ['--fault', fault]));
  },
});

export const pairs = several('two-faults', () => 2);
export const storm = several('storm', (seed) => FEWEST + (seed % (MOST - FEWEST + 1)));
