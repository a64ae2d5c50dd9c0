import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { jobEvent, progress as progressSchema, type JobEvent } from '../../../app/contract/job.ts';
import { fitsFrameRule } from '../../../app/contract/pack.ts';
import { estimate, expectedUnitPrices, timedStages, type TimedStage } from '../../../app/plan/estimate.ts';
import { reduceJobs, type JobList } from '../../../app/plan/job-state.ts';
import { initialPlan, nextSeed, reshape } from '../../../app/plan/render-plan.ts';
import { shotFrameCount } from '../../../app/plan/shot.ts';
import { reshaping, samplePack, sampleRequest } from '../sample-pack.ts';

describe('estimate', () => {
  it('never runs backwards when units take equally long, and ends at 1', () => {
    // Catches a bar that jumps back when a stage changes.
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 900 }),
        (steps, decodes, ms) => {
          const prices = { text: ms, denoise: ms, decode: ms, export: ms };
          const work: Record<TimedStage, { unitCount: number; doneMs: number[] }> = {
            text: { unitCount: 1, doneMs: [] },
            denoise: { unitCount: steps, doneMs: [] },
            decode: { unitCount: decodes, doneMs: [] },
            export: { unitCount: 1, doneMs: [] },
          };
          let ratio = 0;
          for (const stage of timedStages)
            while (work[stage].doneMs.length < work[stage].unitCount) {
              work[stage].doneMs.push(ms);
              const told = estimate(stage, work, prices, 1);
              expect(progressSchema.safeParse(told).success).toBe(true);
              expect(told.ratio).toBeGreaterThan(ratio);
              ratio = told.ratio;
            }
          expect(ratio).toBe(1);
        },
      ),
    );
  });

  it('is a legal progress for any latencies, even more units than were planned', () => {
    const list = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 6 });
    fc.assert(
      fc.property(list, list, fc.constantFrom(...timedStages), (denoise, decode, stage) => {
        const work = {
          text: { unitCount: 1, doneMs: [] },
          denoise: { unitCount: 4, doneMs: denoise },
          decode: { unitCount: 2, doneMs: decode },
          export: { unitCount: 1, doneMs: [] },
        };
        const told = estimate(stage, work, expectedUnitPrices({ expectedSeconds: 10, steps: 4 }, 2), 5);
        expect(progressSchema.safeParse(told).success).toBe(true);
      }),
    );
  });
});

describe('reduceJobs', () => {
  const [one, two, unknown] = ['1', '2', '3'].map((n) => `00000000-0000-4000-8000-00000000000${n}`) as [
    string,
    string,
    string,
  ];
  const fault = {
    kind: 'frames-black',
    stage: 'monitor',
    step: null,
    frame: 0,
    frameCount: null,
    severity: 'fault',
    evidence: {},
  } as const;
  const clip = {
    grade: 'full',
    path: 'a.mp4',
    widthPx: 2,
    heightPx: 2,
    renderedWidthPx: 2,
    renderedHeightPx: 2,
  } as const;
  const eventsOf = (jobId: string): JobEvent[] =>
    jobEvent.array().parse([
      { kind: 'queued', jobId, atMs: 1, request: sampleRequest },
      { kind: 'attempt-started', jobId, attempt: 0, seed: 1, rung: 'standard', frameCount: 17, steps: 12 },
      { kind: 'fault-found', jobId, fault },
      { kind: 'interrupted', jobId },
      { kind: 'delivered', jobId, clip: { ...clip, frameCount: 17, fps: 8, durationSeconds: 2, wallMs: 9 } },
      { kind: 'cancelled', jobId },
      { kind: 'failed', jobId, problem: 'internal', detail: '' },
      { kind: 'removed', jobId },
    ]);
  const play = (events: readonly JobEvent[]): JobList => events.reduce<JobList>(reduceJobs, []);

  it('takes any order of events, and a job that is over stays as it is', () => {
    const any = fc.array(fc.constantFrom(...eventsOf(one), ...eventsOf(two)), { maxLength: 30 });
    fc.assert(
      fc.property(any, (events) => {
        events.reduce<JobList>((jobs, event) => {
          const next = reduceJobs(jobs, event);
          expect(new Set(next.map(({ id }) => id)).size).toBe(next.length);
          for (const job of jobs)
            if (['done', 'cancelled', 'failed'].includes(job.phase))
              expect([job, undefined]).toContain(next.find(({ id }) => id === job.id));
          return next;
        }, []);
      }),
    );
  });

  it('ignores events of jobs that it does not know', () => {
    const [queued, ...others] = eventsOf(one);
    const jobs = play(queued ? [queued] : []);
    for (const event of eventsOf(unknown).slice(1)) expect(reduceJobs(jobs, event)).toEqual(jobs);
    expect(play(others)).toEqual([]);
  });

  it('keeps faults of a job that was interrupted', () => {
    expect(play(eventsOf(one).slice(0, 4))).toMatchObject([{ phase: 'queued', faults: [fault] }]);
  });
});

describe('plans', () => {
  it('only ever go down the ladder, to something that the pack can make', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 5, 9, 13, 17), fc.integer({ min: 1, max: 200 }), (frameCount, steps) => {
        const plan = initialPlan({ ...sampleRequest, frameCount, steps }, samplePack);
        const lower = reshape(plan, 'lower-rung', reshaping());
        if (!lower) return expect.unreachable();
        expect(lower).toMatchObject({ rung: 'quick', widthPx: 64, heightPx: 32, seed: plan.seed });
        expect(lower.frameCount).toBeLessThanOrEqual(Math.min(9, frameCount));
        expect(lower.steps).toBeLessThanOrEqual(Math.min(6, steps));
        expect(fitsFrameRule(samplePack.frameRule, lower.frameCount)).toBe(true);
        expect(reshape(lower, 'lower-rung', reshaping())).toBeNull();
      }),
    );
  });

  it("take a lower rung's own experts, solver and number of steps with it", () => {
    // Catches eight distilled steps being cut to what the full variant happened to run, or run by its experts or its solver.
    const [top, quick] = samplePack.rungs;
    if (!top || !quick) return expect.unreachable();
    const pack = { ...samplePack, rungs: [top, { ...quick, steps: 8, experts: ['few'], solver: 'euler' as const }] };
    const plan = initialPlan({ ...sampleRequest, steps: 3 }, pack);
    expect(plan).toMatchObject({ experts: null, solver: 'unipc' });
    const lower = { experts: ['few'], steps: 8, solver: 'euler' };
    expect(reshape(plan, 'lower-rung', reshaping({ pack }))).toMatchObject(lower);
    const onQuick = initialPlan({ ...sampleRequest, rung: quick.name, steps: 8 }, pack);
    expect(onQuick).toMatchObject(lower);
    // Half of the steps that a model has learned one by one would be a noise it never saw.
    expect(reshape(onQuick, 'fewer-steps', reshaping({ pack }))).toBeNull();
  });

  it('draw new seeds that are legal, differ, and come out the same every time', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (seed) => {
        const next = nextSeed(seed);
        expect(Number.isSafeInteger(next) && next >= 0).toBe(true);
        expect(next).not.toBe(seed);
        expect(nextSeed(seed)).toBe(next);
      }),
    );
  });

  it.each([
    [null, null, null],
    [1, null, 9],
    [2, null, 17],
    [0.01, null, 1],
    [3600, null, 17],
    [3600, 'quick', 9],
  ])('%s seconds on rung %s are %s frames', (durationSeconds, rung, frames) => {
    expect(shotFrameCount({ durationSeconds, rung }, samplePack)).toBe(frames);
  });
});
