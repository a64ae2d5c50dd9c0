import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { calibration, parseCalibration, type RungCalibration } from '../../../app/contract/calibration.ts';
import { entropyBits, entropyRatio, judgeNeglect, keywordPeaks } from '../../../app/monitor/attention.ts';
import { fitStepBands } from '../../../app/monitor/fit-step-bands.ts';
import { isKeyword } from '../../../app/monitor/keyword.ts';
import { judgeProgress } from '../../../app/monitor/progress.ts';
import { DEFAULT_BANDS, stepBands } from '../../../app/monitor/step-bands.ts';
import { judgeRun, StepJudge, type StepFigures } from '../../../app/monitor/step-judge.ts';
import { healthyRun, STEPS, TOKENS } from './healthy-steps.ts';

const fitted = (count: number): RungCalibration => ({
  rung: 'standard',
  costs: {},
  ...fitStepBands(Array.from({ length: count }, (_, i) => healthyRun(i))),
});
const rung = fitted(40);
const kindsOf = (seed: number, change: (figures: StepFigures) => StepFigures) => {
  const run = healthyRun(seed, change);
  return judgeRun(rung, run.tokens, run.steps).map(({ kind, step }) => [kind, step]);
};
const from = (step: number, change: (figures: StepFigures) => StepFigures) => (figures: StepFigures) =>
  figures.step >= step ? change(figures) : figures;

describe('bands from healthy runs', () => {
  it('are left by less than one fresh healthy run in a hundred, all monitors together', () => {
    const runs = Array.from({ length: 1_000 }, (_, i) => healthyRun(10_000 + i));
    const alarmed = runs.filter(({ tokens, steps }) => judgeRun(rung, tokens, steps).length > 0);
    expect(alarmed.length).toBeLessThanOrEqual(10);
  });

  it('are what a file can hold', () => {
    const whole = { version: 1 as const, text: null, rungs: [rung], frames: null };
    const parsed = parseCalibration(JSON.stringify(whole));
    expect(parsed).toEqual({ ok: true, value: calibration.parse(whole) });
    expect(parseCalibration('{"version":1')).toMatchObject({ ok: false });
    expect(parseCalibration('{"version":2,"text":null,"rungs":[]}')).toMatchObject({ ok: false });
  });

  it('can not be had from a handful of runs, or from runs of different length', () => {
    expect(() => fitStepBands([healthyRun(1)])).toThrow(RangeError);
    const runs = Array.from({ length: 9 }, (_, i) => healthyRun(i));
    expect(() => fitStepBands([...runs, { ...healthyRun(9), steps: healthyRun(9).steps.slice(1) }])).toThrow(
      RangeError,
    );
  });

  it('hold for a run of other steps, only more loosely', () => {
    const own = stepBands(rung, { sigma: 0.5, stepCount: STEPS, expert: 'low' });
    const between = stepBands(rung, { sigma: 0.45, stepCount: 2 * STEPS, expert: 'low' });
    const width = ({ mean }: typeof own): number => (mean?.high[0] ?? 0) - (mean?.low[0] ?? 0);
    expect(width(between)).toBeGreaterThan(1.5 * width(own));
    expect(between.changeRatio?.low).toBeLessThan((own.changeRatio?.low ?? 0) / 1.9);
    expect(stepBands(null, { sigma: 0.5, stepCount: 9, expert: '' })).toBe(DEFAULT_BANDS);
  });

  it('still know a collapse of the attention in a run of other steps', () => {
    // Catches a line that was moved below 0 by its distance from 1: nothing was ever below it.
    const attentionEntropyRatio = { low: 0.25, high: 1 };
    const uneven = { ...rung, steps: rung.steps.map((step) => ({ ...step, attentionEntropyRatio })) };
    const bands = stepBands(uneven, { sigma: 0.45, stepCount: 2 * STEPS, expert: 'low' });
    expect(bands.attentionEntropyRatio).toEqual({ low: 0.125, high: 1 });
  });

  it('exist at every sigma, in and out of what was calibrated', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 200 }), (sigma, stepCount) => {
        const { std, changeRatio } = stepBands(rung, { sigma, stepCount, expert: 'low' });
        return std !== null && std.low.every((low, i) => low <= (std.high[i] ?? -1)) && changeRatio?.low !== Infinity;
      }),
    );
  });
});

describe('a run that goes wrong is stopped at that step', () => {
  it.each<[string, (figures: StepFigures) => StepFigures, string, number]>([
    ['one NaN', from(4, (f) => ({ ...f, clean: { ...f.clean, nonFiniteCount: 1 } })), 'latent-nonfinite', 4],
    [
      'one channel that swells',
      from(5, (f) => ({
        ...f,
        cleanChannels: { ...f.cleanChannels, std: f.cleanChannels.std.map((v, i) => (i ? v : 20 * v)) },
      })),
      'latent-out-of-band',
      5,
    ],
    [
      'a shifted mean',
      from(2, (f) => ({ ...f, cleanChannels: { ...f.cleanChannels, mean: f.cleanChannels.mean.map((v) => v + 4) } })),
      'latent-out-of-band',
      2,
    ],
    ['nothing moves', from(3, (f) => ({ ...f, change: { rms: 0, ratio: 1e-7 } })), 'denoise-stalled', 4],
    ['it leaps', from(6, (f) => ({ ...f, change: { rms: 9, ratio: 9 } })), 'latent-out-of-band', 6],
    [
      'one word takes all attention',
      from(7, (f) => ({ ...f, attentionMean: f.attentionMean.map((v, i) => (i === 2 ? 1 : v * 1e-3)) })),
      'attention-collapsed',
      7,
    ],
  ])('%s', (_, change, kind, step) => {
    for (const seed of [50, 51, 52]) expect(kindsOf(seed, change)).toEqual([[kind, step]]);
  });

  it('but not for a word that is overlooked: that is said at the end, as a warning', () => {
    const run = healthyRun(60, (f) => ({ ...f, attentionMax: f.attentionMax.map((v, i) => (i === 2 ? 0.001 : v)) }));
    const found = judgeRun(rung, run.tokens, run.steps);
    expect(found).toMatchObject([
      { kind: 'attention-neglected', severity: 'warning', step: STEPS - 1, evidence: { token: 'tiger', index: 2 } },
    ]);
  });

  it('and says which expert answered badly', () => {
    const judge = new StepJudge(rung, TOKENS);
    const { steps } = healthyRun(
      70,
      from(2, (f) => ({ ...f, velocityChannels: { ...f.velocityChannels, nonFiniteCount: 3 } })),
    );
    for (const figures of steps.slice(0, 4)) judge.judge(figures);
    expect(judge.answers.map(({ expert, isSound }) => [expert, isSound])).toEqual([
      ['high', true],
      ['high', true],
      ['high', false],
      ['low', false],
    ]);
  });
});

describe('progress without a calibration', () => {
  const at = (...ratios: readonly (number | null)[]) =>
    judgeProgress(
      ratios.length - 1,
      ratios.map((ratio) => (ratio === null ? null : { rms: ratio, ratio })),
      ratios.map(() => DEFAULT_BANDS),
    )?.kind ?? null;
  it.each<[readonly (number | null)[], string | null]>([
    [[null], null],
    [[null, 0.5, 0.1], null],
    [[null, 0.5, 0], null],
    [[null, 0], null],
    [[0.1, 0, 0], 'denoise-stalled'],
    [[0.1, 100], 'latent-out-of-band'],
  ])('%j: %s', (ratios, kind) => expect(at(...ratios)).toBe(kind));
});

describe('attention', () => {
  const weights = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 40 });
  it('is at most as even as even, and at least on one token', () => {
    fc.assert(
      fc.property(weights, (list) => {
        const ratio = entropyRatio(Float32Array.from(list), list.length);
        return ratio === null ? list.every((weight) => weight === 0) : ratio >= -1e-6 && ratio <= 1 + 1e-6;
      }),
    );
    expect(entropyBits(Float32Array.of(1, 1, 1, 1), 4)).toBeCloseTo(2, 6);
    expect(entropyRatio(Float32Array.of(0, 1, 0), 3)).toBe(0);
    expect(entropyRatio(Float32Array.of(1), 1)).toBeNull();
    expect(entropyRatio(Float32Array.of(NaN, 1), 2)).toBeNull();
  });

  it('does not look beyond the real tokens', () => {
    expect(entropyBits(Float32Array.of(1, 1, 9, 9), 2)).toBeCloseTo(1, 6);
  });

  it.each([
    ['tiger', true],
    ['▁tiger', true],
    ['老', true],
    ['the', false],
    ['The', false],
    ['的', false],
    ['##s', false],
    ['</s>', false],
    ['<unk>', false],
    ['，', false],
    [',', false],
    ['7', false],
  ])('"%s" is a keyword: %s', (token, is) => expect(isKeyword(token)).toBe(is));

  it('is judged after the first third, by the middle of what is left', () => {
    const maxima = [1, 1, 0.1, 0.2, 0.3, 9].map((value) => Float32Array.of(value));
    const [peak] = keywordPeaks(['tiger'], maxima);
    expect(peak).toMatchObject({ token: 'tiger', index: 0 });
    expect(peak?.peakRatio).toBeCloseTo(0.3, 5);
    expect(judgeNeglect(['tiger'], maxima, 0.5)).toHaveLength(1);
    expect(judgeNeglect(['tiger'], maxima, 0.2)).toEqual([]);
    expect(judgeNeglect(['tiger'], maxima, null)).toEqual([]);
  });
});
