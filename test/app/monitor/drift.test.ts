import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { driftState } from '../../../app/contract/drift.ts';
import { fitDistribution } from '../../../app/monitor/distribution.ts';
import { driftFault, freshDrift, observeEmbedding, type DriftFigures } from '../../../app/monitor/drift.ts';
import { gaussian } from './gaussian.ts';

const WIDTH = 8;
const rows = (seed: number, count: number): Float32Array[] => {
  const next = gaussian(seed);
  return Array.from({ length: count }, () => Float32Array.from({ length: WIDTH }, next));
};
const section = fitDistribution(rows(1, 800), rows(2, 400));

function follow(pooled: readonly Float32Array[], key: (run: number) => string): readonly DriftFigures[] {
  let state = freshDrift(section, 'sha');
  return pooled.map((row, run) => {
    const step = observeEmbedding(section, state, { key: key(run), pooled: row });
    state = driftState.parse(step.state);
    return step.figures;
  });
}

describe('observeEmbedding', () => {
  it('needs three runs beyond the line out of ten: one odd prompt is no drift', () => {
    const odd = (far: number): Float32Array => new Float32Array(WIDTH).fill(far);
    const healthy = rows(3, 60);
    const once = follow([...healthy, odd(4), ...rows(4, 60)], String);
    expect(once.every((figures) => driftFault(figures) === null)).toBe(true);
    const lasting = follow([...healthy, ...Array.from({ length: 20 }, (_, i) => odd(3.5 + i / 50))], String);
    const told = lasting.findIndex((figures) => driftFault(figures) !== null);
    expect(told).toBeGreaterThan(60);
    expect(lasting[told]?.alarms).toBe(3);
  });

  it('lets a project be about something far out from its first run on', () => {
    const far = rows(5, 300).map((row) => row.map((value) => value + 3));
    expect(follow(far, String).some((figures) => figures.isDrifting)).toBe(false);
  });

  it('needs one run alone where no words could lead: the encoder is broken, not the prompt odd', () => {
    const figures = follow([...rows(3, 5), new Float32Array(WIDTH).fill(1_000)], String);
    expect(figures.map(({ isDrifting }) => isDrifting)).toEqual([false, false, false, false, false, true]);
  });

  it('compares a repeated prompt with itself', () => {
    const [row = new Float32Array(WIDTH)] = rows(6, 1);
    const moving = Array.from({ length: 30 }, (_, run) => row.map((value) => value + 0.05 * run));
    const figures = follow(moving, () => 'the same words');
    expect(figures[0]?.repeatShift).toBeNull();
    expect(figures[1]?.repeatShift).toBeCloseTo(0.05 * Math.sqrt(WIDTH), 1);
    expect(figures.at(-1)?.isDrifting).toBe(true);
    expect(
      follow(
        Array.from({ length: 30 }, () => row),
        () => 'the same words',
      ).at(-1)?.repeatShift,
    ).toBeLessThan(1e-4);
  });

  it('keeps its state small and finite whatever comes', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.array(value, { minLength: WIDTH, maxLength: WIDTH }), { maxLength: 60 }), (list) => {
        const figures = follow(
          list.map((one) => Float32Array.from(one)),
          String,
        );
        for (const { distance, threshold } of figures) {
          expect(Number.isFinite(distance)).toBe(true);
          expect(threshold).toBeGreaterThanOrEqual(section.mahalanobisThreshold);
        }
      }),
      { numRuns: 50 },
    );
    let state = freshDrift(section, 'sha');
    for (const [run, pooled] of rows(8, 500).entries())
      state = observeEmbedding(section, state, { key: String(run), pooled }).state;
    expect(JSON.stringify(state).length).toBeLessThan(10_000);
  });

  it('names what it saw', () => {
    const figures = { distance: 30, threshold: 20, repeatShift: null, alarms: 3, isDrifting: true };
    expect(driftFault(figures)).toMatchObject({
      kind: 'embedding-drift',
      stage: 'text',
      evidence: { distance: 30, alarms: 3 },
    });
    expect(driftFault({ ...figures, isDrifting: false })).toBeNull();
  });
});
