import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { DenoiseState } from '../../../app/contract/engine.ts';
import { gaussianNoise } from '../../../app/engine/noise.ts';
import { flowSigmas } from '../../../app/engine/schedule.ts';
import { solverStep } from '../../../app/engine/solver.ts';
import { holdKnown, noised, restoreKnown, soundLatents } from '../../../app/engine/window.ts';

const shape = { channels: 2, frames: 4, heightCells: 1, widthCells: 2 };
const count = 16;
const span = { firstLatentFrame: 1, latentFrameCount: 2 };
const frameOf = (i: number): number => Math.floor(i / 2) % 4;
const isKnown = (i: number): boolean => frameOf(i) === 0 || frameOf(i) === 3;

describe('holdKnown', () => {
  it('keeps known frames on the line from noise to clean through every step of either solver', () => {
    // Catches known frames at the wrong noise level, to which the model would fit the window.
    fc.assert(
      fc.property(
        fc.constantFrom('unipc' as const, 'euler' as const),
        fc.integer({ min: 2, max: 20 }),
        fc.nat(),
        (solver, steps, seed) => {
          const sigmas = flowSigmas(steps, 5);
          const clean = gaussianNoise(seed, 2, count);
          const noise = gaussianNoise(seed, 3, count);
          const fromStep = seed % steps;
          let state: DenoiseState = {
            nextStep: fromStep,
            sample: noised(clean, noise, sigmas[fromStep] ?? 0),
            history: [],
            previousSample: null,
          };
          while (state.nextStep < steps) {
            const answer = gaussianNoise(seed, 4 + state.nextStep, count);
            const velocity = holdKnown(answer, { clean, noise }, shape, span);
            velocity.forEach((value, i) => {
              if (!isKnown(i)) expect(value).toBe(answer[i]);
            });
            ({ state } = solverStep(solver, sigmas, state, velocity));
            const line = noised(clean, noise, sigmas[state.nextStep] ?? 0);
            state.sample.forEach((value, i) => {
              if (isKnown(i)) expect(value).toBeCloseTo(line[i] ?? Number.NaN, 3);
            });
          }
          const restored = restoreKnown(state.sample, clean, shape, span);
          restored.forEach((value, i) => expect(value).toBe(isKnown(i) ? clean[i] : state.sample[i]));
        },
      ),
    );
  });
});

describe('soundLatents', () => {
  it('puts the nearest known values in the place of what can not be, and leaves the rest alone', () => {
    const clean = Float32Array.from({ length: count }, (_, i) => i);
    clean[2] = Number.NaN;
    clean[12] = Infinity;
    const sound = soundLatents(clean, shape, span);
    // Cell 0 of channel 0 has 0 before the window and 6 after it; the same of channel 1 has 8 and 14.
    expect(sound[2]).toBe(3);
    expect(sound[12]).toBe(11);
    expect([...sound].filter((value, i) => value !== clean[i])).toHaveLength(2);
  });

  it('gives something finite even where nothing is', () => {
    const broken = new Float32Array(count).fill(Number.NaN);
    expect([...soundLatents(broken, shape, { firstLatentFrame: 0, latentFrameCount: 4 })]).toEqual(
      Array.from({ length: count }, () => 0),
    );
  });
});
