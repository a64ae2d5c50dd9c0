import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { PackExpert } from '../../../app/contract/pack.ts';
import type { ExpertStanding } from '../../../app/contract/recovery-memory.ts';
import { expertsOfRung, gateExpert } from '../../../app/engine/gate.ts';
import { flowSigmas } from '../../../app/engine/schedule.ts';
import { shadowSteps } from '../../../app/engine/shadow.ts';
import {
  ABNORMAL_LIMIT,
  isDispensable,
  maskedOf,
  notesOf,
  onTrialOf,
  REST_LIMIT_MS,
  REST_MS,
  reroutedIn,
  standingsOf,
  takeNotes,
  wakeRested,
  type ExpertNote,
  type ExpertPool,
} from '../../../app/recovery/expert-health.ts';
import { samplePack } from '../sample-pack.ts';

const [rung] = samplePack.rungs;
if (!rung) throw new Error('bug: the sample has rungs');
const expert = (
  id: string,
  sigmaFrom: number,
  sigmaTo: number,
  weight: number,
  ...standsInFor: string[]
): PackExpert => ({
  ...{ id, file: `${id}.onnx`, sigmaFrom, sigmaTo, weight, standsInFor, guidance: 3 },
});
/** As wan-mini: two that share the range, and a spare for both. */
const pool: ExpertPool = {
  experts: [expert('high', 0.875, 1, 1), expert('low', 0, 0.875, 1), expert('spare', 0, 1, 0, 'high', 'low')],
  rungs: [rung],
};
const note = (id: string, isSound: boolean, isTrial = false): ExpertNote => ({ expert: id, isSound, isTrial });
const clean = standingsOf(pool, []);
const stateOf = (standings: readonly ExpertStanding[], id: string) => standings.find((one) => one.expert === id)?.state;
const ill = (id: string, standings = clean, nowMs = 0, times = ABNORMAL_LIMIT) =>
  Array.from({ length: times }).reduce<readonly ExpertStanding[]>(
    (after) => takeNotes(after, [note(id, false)], pool, nowMs),
    standings,
  );

describe('an expert', () => {
  it('is masked by three abnormal outputs in a row, and not by three with a sound one between', () => {
    expect(stateOf(ill('low', clean, 0, 2), 'low')).toBe('in-use');
    expect(stateOf(ill('low'), 'low')).toBe('masked');
    const between = takeNotes(ill('low', clean, 0, 2), [note('low', true)], pool, 0);
    expect(stateOf(ill('low', between, 0, 2), 'low')).toBe('in-use');
  });

  it('rests, goes on trial, and comes back when it is well', () => {
    const masked = ill('low');
    expect(stateOf(wakeRested(masked, REST_MS - 1), 'low')).toBe('masked');
    const trial = wakeRested(masked, REST_MS);
    expect(maskedOf(trial)).toEqual(['low']);
    expect(onTrialOf(trial)).toEqual(['low']);
    const well = takeNotes(trial, [note('spare', true), note('low', true, true)], pool, REST_MS);
    expect(maskedOf(well)).toEqual([]);
    expect(well[1]).toMatchObject({ abnormalCount: 0, sinceMs: REST_MS });
  });

  it('rests twice as long each time that its trial fails, up to a limit', () => {
    let standings = ill('low');
    let nowMs = 0;
    for (let times = 1; times < 12; times += 1) {
      const restMs = Math.min(REST_LIMIT_MS, REST_MS * 2 ** (times - 1));
      expect(stateOf(wakeRested(standings, nowMs + restMs - 1), 'low')).toBe('masked');
      nowMs += restMs;
      standings = takeNotes(wakeRested(standings, nowMs), [note('low', false, true)], pool, nowMs);
      expect(standings[1]).toMatchObject({ state: 'masked', maskCount: times + 1, sinceMs: nowMs });
    }
  });

  it('does not rest for ever because the clock was set back', () => {
    expect(stateOf(wakeRested(ill('low', clean, 10 ** 12), 10 ** 9), 'low')).toBe('probing');
  });

  it('that nobody could work for stays, and who could is tried at once', () => {
    const { experts } = pool;
    const alone: ExpertPool = { ...pool, experts: experts.slice(0, 2) };
    const standings = [1, 2, 3, 4].reduce<readonly ExpertStanding[]>(
      (after) => takeNotes(after, [note('low', false)], alone, 0),
      standingsOf(alone, []),
    );
    expect(standings[1]).toMatchObject({ state: 'in-use', abnormalCount: 4 });
    const both = ill('spare', ill('low'));
    expect([stateOf(both, 'low'), stateOf(both, 'spare')]).toEqual(['probing', 'in-use']);
  });
});

it('takes the answers of an attempt together: one bad one spoils all of that expert, and a trial stands by itself', () => {
  const answers = [note('high', true), note('low', true), note('low', false), note('low', true, true)];
  expect(notesOf(answers)).toEqual([note('high', true), note('low', false), note('low', true, true)]);
});

it('says whose work another one does, and of a masked one that is not wanted on this rung nothing', () => {
  const sigmas = flowSigmas(8, 5);
  expect(reroutedIn(pool, null, sigmas, ['low'])).toEqual(['low']);
  expect(reroutedIn(pool, ['high'], sigmas, ['low'])).toEqual([]);
});

describe('a trial', () => {
  const sigmas = flowSigmas(12, 5);
  it('is three of the steps at which the expert would work', () => {
    const steps = [...shadowSteps(pool.experts, sigmas, ['low'], ['low'])];
    const own = [...sigmas.subarray(0, -1)].flatMap((sigma, i) => (sigma <= 0.875 ? [i] : []));
    expect(steps.map(([, { id }]) => id)).toEqual(['low', 'low', 'low']);
    expect(steps.map(([step]) => step)).toEqual([own[0], own[Math.floor((own.length - 1) / 2)], own.at(-1)]);
  });
  it('of a spare is anywhere in its range', () => {
    expect(shadowSteps(pool.experts, sigmas, ['spare'], ['spare']).size).toBe(3);
  });
  it('is none where nobody is on trial, or the rung has no such expert', () => {
    expect(shadowSteps(pool.experts, sigmas, ['low'], []).size).toBe(0);
    expect(shadowSteps(pool.experts.slice(0, 1), sigmas, ['low'], ['low']).size).toBe(0);
  });
});

/** Any pack of a few experts in which every noise level of every rung is somebody's. */
const anyPool: fc.Arbitrary<ExpertPool> = fc
  .record({
    split: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
    spares: fc.array(
      fc.record({
        from: fc.constantFrom(0, 0.3),
        to: fc.constantFrom(0.7, 1),
        standsInFor: fc.subarray(['high', 'low', 'few'], { minLength: 1 }),
      }),
      { maxLength: 3 },
    ),
    overlap: fc.constantFrom(0, 0.05),
    hasFew: fc.boolean(),
  })
  .map(({ split, spares, overlap, hasFew }) => ({
    experts: [
      expert('high', split - overlap, 1, 1),
      expert('low', 0, split, 1),
      ...(hasFew ? [expert('few', 0, 1, 0)] : []),
      ...spares.map(({ from, to, standsInFor }, i) => expert(`spare${i}`, from, to, 0, ...standsInFor)),
    ],
    rungs: [
      { ...rung, name: 'full', experts: ['high', 'low'] },
      ...(hasFew ? [{ ...rung, name: 'few', experts: ['few'] }] : []),
    ],
  }));

type Happening =
  | { readonly kind: 'attempt'; readonly who: number; readonly isSound: boolean; readonly isTrial: boolean }
  | { readonly kind: 'job'; readonly afterMs: number };
const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    kind: fc.constant('attempt' as const),
    ...{ who: fc.nat(5), isSound: fc.boolean(), isTrial: fc.boolean() },
  }),
  // Clocks jump, both ways.
  fc.record({ kind: fc.constant('job' as const), afterMs: fc.integer({ min: -REST_MS, max: 3 * REST_MS }) }),
);

function live(from: ExpertPool, happenings: readonly Happening[]) {
  let standings = standingsOf(from, []);
  let nowMs = 10 ** 9;
  for (const one of happenings) {
    if (one.kind === 'job') {
      nowMs += one.afterMs;
      standings = wakeRested(standings, nowMs);
      continue;
    }
    const id = from.experts[one.who % from.experts.length]?.id ?? '';
    standings = takeNotes(standings, [note(id, one.isSound, one.isTrial)], from, nowMs);
  }
  return { standings, nowMs };
}

describe('any life of any pack', () => {
  it('leaves somebody to work at every noise level of every rung', () => {
    fc.assert(
      fc.property(anyPool, fc.array(anyHappening, { maxLength: 60 }), (from, happenings) => {
        const masked = maskedOf(live(from, happenings).standings);
        for (const { experts: named } of from.rungs) {
          const present = expertsOfRung(from.experts, named ?? null);
          for (let i = 0; i <= 200; i += 1) {
            const sigma = i / 200;
            if (gateExpert(present, sigma, []) !== null)
              expect(gateExpert(present, sigma, masked)?.id, `sigma ${sigma}, masked ${masked.join()}`).toBeDefined();
          }
        }
      }),
    );
  });

  it('brings every expert back once it answers well', () => {
    fc.assert(
      fc.property(anyPool, fc.array(anyHappening, { maxLength: 60 }), (from, happenings) => {
        let { standings, nowMs } = live(from, happenings);
        // At most: the rest of each, then its trial.
        for (let job = 0; job < 2 && maskedOf(standings).length > 0; job += 1) {
          nowMs += REST_LIMIT_MS;
          standings = wakeRested(standings, nowMs);
          const trials = onTrialOf(standings).map((id) => note(id, true, true));
          standings = takeNotes(standings, trials, from, nowMs);
        }
        expect(maskedOf(standings)).toEqual([]);
      }),
    );
  });

  it('knows of each expert once, in the order of the pack, whatever was kept', () => {
    fc.assert(
      fc.property(anyPool, fc.array(anyHappening, { maxLength: 30 }), (from, happenings) => {
        const { standings } = live(from, happenings);
        const ids = from.experts.map(({ id }) => id);
        expect(standings.map(({ expert: id }) => id)).toEqual(ids);
        expect(standingsOf(from, standings.toReversed()).map(({ expert: id }) => id)).toEqual(ids);
      }),
    );
  });
});

it('can do without one only where another has its whole range', () => {
  expect(isDispensable('low', [], pool)).toBe(true);
  expect(isDispensable('spare', [], pool)).toBe(true);
  expect(isDispensable('spare', ['low'], pool)).toBe(false);
  expect(isDispensable('high', ['low'], pool)).toBe(true);
  const narrow = { ...pool, experts: [...pool.experts.slice(0, 2), expert('spare', 0.2, 1, 0, 'low')] };
  expect(isDispensable('low', [], narrow)).toBe(false);
});
