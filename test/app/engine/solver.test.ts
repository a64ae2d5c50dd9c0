import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { denoiseState, type DenoiseState } from '../../../app/contract/engine.ts';
import { flowSigmas } from '../../../app/engine/schedule.ts';
import { solverStep, type SolverName } from '../../../app/engine/solver.ts';

type Model = (sample: number, sigma: number) => number;

const begin = (...sample: number[]): DenoiseState => ({
  nextStep: 0,
  sample: Float32Array.from(sample),
  history: [],
  previousSample: null,
});

function run(solver: SolverName, sigmas: Float64Array, from: DenoiseState, velocity: Model, until = sigmas.length - 1) {
  let state = from;
  while (state.nextStep < until) {
    const sigma = sigmas[state.nextStep] ?? NaN;
    state = solverStep(
      solver,
      sigmas,
      state,
      state.sample.map((x) => velocity(x, sigma)),
    ).state;
  }
  return state;
}

/**
 * Data drawn from a normal distribution: the ideal model is linear in the sample and the path is known,
 * x(sigma) = (1 - sigma) * mean + sqrt((1 - sigma)^2 * spread^2 + sigma^2) * z.
 */
const MEAN = 0.7;
const SPREAD = 0.5;
const variance = (sigma: number): number => (1 - sigma) ** 2 * SPREAD ** 2 + sigma ** 2;
const path = (sigma: number): number => (1 - sigma) * MEAN + Math.sqrt(variance(sigma));
const idealVelocity: Model = (x, sigma) => {
  const slope = (sigma - (1 - sigma) * SPREAD ** 2) / variance(sigma);
  return -MEAN + slope * (x - (1 - sigma) * MEAN);
};

/** Error after `steps` equal steps from sigma 0.9 to 0.2. */
function errorOf(solver: SolverName, steps: number): number {
  const sigmas = Float64Array.from({ length: steps + 1 }, (_, i) => 0.9 - (0.7 * i) / steps);
  const end = run(solver, sigmas, begin(path(0.9)), idealVelocity);
  return Math.abs((end.sample[0] ?? NaN) - path(0.2));
}
const orderOf = (solver: SolverName, steps: number): number =>
  Math.log2(errorOf(solver, steps) / errorOf(solver, steps * 2));

describe('convergence on a path that is known', () => {
  it('is of order 1 for Euler', () => {
    expect(orderOf('euler', 16)).toBeGreaterThan(0.85);
    expect(orderOf('euler', 16)).toBeLessThan(1.3);
  });

  it('is of order 2 or better for UniPC', () => {
    // Catches a wrong weight or sign in predictor or corrector: the answer still looks plausible, but the order drops.
    for (const steps of [6, 12]) expect(orderOf('unipc', steps)).toBeGreaterThan(1.8);
  });

  it('needs far fewer steps with UniPC for the same error', () => {
    expect(errorOf('unipc', 24)).toBeLessThan(errorOf('euler', 96));
  });
});

describe.each<SolverName>(['unipc', 'euler'])('%s', (solver) => {
  it('ends exactly in the clean latent when the model always names the same one', () => {
    // Catches a last step that leaves noise behind: expm1 and the infinite log-SNR at sigma 0.
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0.5, max: 12, noNaN: true }),
        fc.float({ min: -4, max: 4, noNaN: true }),
        fc.float({ min: -4, max: 4, noNaN: true }),
        (steps, shift, clean, noise) => {
          const end = run(solver, flowSigmas(steps, shift), begin(noise), (x, sigma) => (x - clean) / sigma);
          expect(end.sample[0]).toBeCloseTo(clean, 4);
        },
      ),
    );
  });

  it('goes on bit for bit from a state that was put into bytes', () => {
    // Catches anything kept outside of the state: a clip resumed after a crash would differ from its own preview.
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.nat(), (steps, at) => {
        const sigmas = flowSigmas(steps, 5);
        const start = begin(1.25, -0.5, 0.1, 3);
        const cut = run(solver, sigmas, start, idealVelocity, 1 + (at % (steps - 1)));
        const again = denoiseState.parse(structuredClone(cut));
        const whole = run(solver, sigmas, start, idealVelocity);
        expect(run(solver, sigmas, again, idealVelocity)).toEqual(whole);
      }),
    );
  });

  it('leaves the state it was given alone', () => {
    const state = begin(1, 2);
    solverStep(solver, flowSigmas(4, 3), state, Float32Array.of(5, 5));
    expect(state).toEqual(begin(1, 2));
  });

  it('carries a NaN on, so that the monitors see it', () => {
    const end = run(solver, flowSigmas(3, 3), begin(1), () => NaN);
    expect(end.sample[0]).toBeNaN();
  });

  it('calls a velocity of another shape a bug', () => {
    expect(() => solverStep(solver, flowSigmas(2, 3), begin(1, 2), Float32Array.of(1))).toThrow(/^bug: /);
  });

  it('calls a step past the end a bug', () => {
    const end = run(solver, flowSigmas(2, 3), begin(1), idealVelocity);
    expect(() => solverStep(solver, flowSigmas(2, 3), end, Float32Array.of(1))).toThrow(/^bug: /);
  });
});
