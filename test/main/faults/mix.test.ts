import { describe, expect, it } from 'vitest';

import { parseInjection } from '../../../app/contract/injection-text.ts';
import { mixedRuns, severalFaults } from '../../../main/faults/mix.ts';

describe('a mix of runs', () => {
  it('goes on with the seed that comes next as if it had never been cut off', () => {
    const whole = [...mixedRuns(60, 5)];
    expect([...mixedRuns(20, 5), ...mixedRuns(40, 25)]).toEqual(whole);
    // Catches neighbours that are all alike: a soak of one fault.
    expect(new Set(whole.map(({ fault }) => fault)).size).toBeGreaterThan(12);
  });

  it('has calm runs as well', () => {
    const calm = [...mixedRuns(200, 1)].filter(({ injections }) => injections.length === 0).length;
    expect(calm).toBeGreaterThan(5);
    expect(calm).toBeLessThan(50);
  });
});

describe('several faults for one run', () => {
  it('are legal, all different, and follow from the seed', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const faults = severalFaults(4, seed);
      expect(new Set(faults).size).toBe(4);
      expect(faults.every((fault) => parseInjection(fault).ok)).toBe(true);
      expect(severalFaults(4, seed)).toEqual(faults);
    }
    expect(new Set(Array.from({ length: 50 }, (_, seed) => severalFaults(2, seed).join())).size).toBeGreaterThan(30);
  });
});
