import { describe, expect, it } from 'vitest';

import { runHealth, type HealthEvent } from '../../../app/contract/health.ts';
import { emptyHealth, faultsNow, foldHealth } from '../../../app/monitor/run-health.ts';
import { faultEvent, framesEvent, loggedEvent, stepEvent } from '../../fixture/health.ts';

const JOB = 'c0ffee00-0000-4000-8000-000000000001';
const fold = (...events: readonly HealthEvent[]) => events.reduce(foldHealth, emptyHealth(JOB));

describe('health of a run', () => {
  it('keeps steps in order, the last word on each, and the newest map', () => {
    const health = fold(stepEvent(0, { level: 10 }), stepEvent(1), stepEvent(1, { level: 90 }), stepEvent(2));
    expect(health.steps.map(({ step }) => step)).toEqual([0, 1, 2]);
    expect(health.map?.levels[0]).toBe(90);
  });

  it('puts frames in their places, however they come', () => {
    const health = fold(framesEvent([4, 5]), framesEvent([0, 1, 2, 3]), framesEvent([4]));
    expect(health.frames.map(({ frame }) => frame)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(health.frameLimits.psnrDb).toMatchObject({ low: 20 });
  });

  it('begins a new attempt with new figures and goes on with the log', () => {
    const first = fold(stepEvent(0), framesEvent([0]), loggedEvent(0));
    const second = foldHealth(first, loggedEvent(1));
    expect(second).toMatchObject({ attempt: 1, steps: [], frames: [], map: null });
    expect(second.log).toHaveLength(2);
    // A late word of the attempt before does not turn the page back.
    expect(foldHealth(second, loggedEvent(0)).attempt).toBe(1);
  });

  it('takes the same line of the log once, and tells faults of this attempt from those before', () => {
    const fault = faultEvent(0, 'frames-torn');
    const twice = fold(loggedEvent(0), fault, loggedEvent(0), fault);
    expect(twice.log).toHaveLength(2);
    expect(faultsNow(twice).map(({ kind }) => kind)).toEqual(['frames-torn']);
    expect(faultsNow(foldHealth(twice, loggedEvent(1)))).toEqual([]);
  });

  it('is what the contract says', () => {
    expect(runHealth.safeParse(fold(stepEvent(0, { level: 3 }), framesEvent([0]), loggedEvent(0))).success).toBe(true);
  });
});
