import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { PackExpert } from '../../../app/contract/pack.ts';
import { boundarySteps, expertsOfRung, gateExpert } from '../../../app/engine/gate.ts';
import { guide } from '../../../app/engine/guidance.ts';
import { flowSigmas } from '../../../app/engine/schedule.ts';

const expert = (id: string, part: Partial<PackExpert>): PackExpert => ({
  id,
  file: `${id}.onnx`,
  sigmaFrom: 0,
  sigmaTo: 1,
  guidance: 4,
  weight: 1,
  standsInFor: [],
  ...part,
});
const high = expert('high', { sigmaFrom: 0.875 });
const low = expert('low', { sigmaTo: 0.875 });
const spare = expert('spare', { weight: 0, standsInFor: ['high', 'low'] });
const trio = [high, low, spare];

describe('the gate', () => {
  it('names exactly one of the two experts for every sigma', () => {
    // Catches a gap or a wrong comparison at the boundary.
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (sigma) => {
        expect(gateExpert(trio, sigma, [])?.id).toBe(sigma >= 0.875 ? 'high' : 'low');
      }),
    );
  });

  it('gives the boundary itself to the high-noise expert, whatever the order in the pack', () => {
    expect(gateExpert([low, high], 0.875, [])?.id).toBe('high');
    expect(gateExpert([high, low], 0.875, [])?.id).toBe('high');
  });

  it('prefers the heavier of two that overlap', () => {
    const light = expert('light', { weight: 0.2 });
    expect(gateExpert([light, low], 0.5, [])?.id).toBe('low');
  });

  it('never lets a spare work unless one that it stands in for is masked', () => {
    expect(gateExpert(trio, 0.5, ['high'])?.id).toBe('low');
    expect(gateExpert(trio, 0.5, ['low'])?.id).toBe('spare');
    expect(gateExpert([high, low, expert('other', { weight: 0, standsInFor: ['high'] })], 0.5, ['low'])).toBeNull();
  });

  it('names nobody when all that could are masked', () => {
    expect(gateExpert(trio, 0.5, ['low', 'spare'])).toBeNull();
  });

  it('chooses among the experts that a rung names, a spare of theirs included', () => {
    const few = expert('few', { weight: 0, guidance: 1 });
    const standIn = expert('stand-in', { weight: 0, standsInFor: ['few'] });
    const pack = [...trio, few, standIn];
    const named = expertsOfRung(pack, ['few']);
    expect(gateExpert(named, 0.9, [])?.id).toBe('few');
    expect(gateExpert(named, 0.1, ['few'])?.id).toBe('stand-in');
    expect(gateExpert(named, 0.1, ['few', 'stand-in'])).toBeNull();
    // Without a rung of its own a few-step expert never works.
    expect(gateExpert(expertsOfRung(pack, null), 0.1, [])?.id).toBe('low');
    expect(gateExpert(expertsOfRung(pack, null), 0.1, ['low'])?.id).toBe('spare');
  });

  it('changes hands once on the way down', () => {
    const sigmas = flowSigmas(20, 5);
    const [boundary = 0, ...others] = boundarySteps(trio, sigmas, []);
    expect(others).toEqual([]);
    expect(sigmas[boundary - 1]).toBeGreaterThanOrEqual(0.875);
    expect(sigmas[boundary]).toBeLessThan(0.875);
  });

  it('never changes hands when one expert does everything', () => {
    expect(boundarySteps(trio, flowSigmas(20, 5), ['high', 'low'])).toEqual([]);
  });
});

describe('guidance', () => {
  const pair = Float32Array.of(1, 2, 3, 5);
  it.each([
    [0, [1, 2]],
    [1, [3, 5]],
    [3, [7, 11]],
  ])('with scale %d leans from the negative answer to the prompt', (scale, answer) => {
    // Catches swapped halves: the clip would show what the user asked to leave out.
    expect([...guide(pair, scale)]).toEqual(answer);
  });

  it('leaves its input alone', () => {
    guide(pair, 7);
    expect([...pair]).toEqual([1, 2, 3, 5]);
  });
});
