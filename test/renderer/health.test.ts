import { describe, expect, it } from 'vitest';

import { shortNumber } from '../../app/base/figure.ts';
import type { AttentionMap, ExpertHealth, RunHealth } from '../../app/contract/health.ts';
import { emptyHealth, foldHealth } from '../../app/monitor/run-health.ts';
import { expertStanding, expertWords } from '../../renderer/health/expert-words.ts';
import { figureWords, limitWords, standingOf } from '../../renderer/health/figure-words.ts';
import { sparkRange } from '../../renderer/health/spark-range.ts';
import { groupWords } from '../../renderer/health/word-group.ts';
import { textOf } from '../../renderer/locale/use-text.ts';
import { renderedRegion } from '../../renderer/stage/monitor/draw-overlay.ts';
import { heatPixels, latentFrameOf } from '../../renderer/stage/monitor/heat-map.ts';
import { frameAt, frameX, stripOf } from '../../renderer/stage/monitor/strip-layout.ts';
import { HealthBus } from '../../renderer/state/health-bus.ts';
import { framesEvent, loggedEvent, stepEvent } from '../fixture/health.ts';

const JOB = 'c0ffee00-0000-4000-8000-000000000001';

describe('words of the prompt', () => {
  it.each<[readonly string[], readonly string[]]>([
    [
      ['a', 'pan', '##da', 'walk', '##s', '.', '</s>'],
      ['a', 'panda', 'walks'],
    ],
    [
      ['▁A', '▁pan', 'da', '▁in', '▁snow', ',', '</s>'],
      ['A', 'panda', 'in', 'snow'],
    ],
    [
      ['▁', '一只', '熊猫', '在', '雪地里'],
      ['一只', '熊猫', '在', '雪地里'],
    ],
    [[], []],
  ])('are put together from %j', (tokens, words) => {
    expect(groupWords(tokens).map(({ word }) => word)).toEqual(words);
  });

  it('know where their tokens are', () => {
    expect(groupWords(['a', 'pan', '##da'])[1]?.tokens).toEqual([1, 2]);
  });
});

describe('heat', () => {
  const map: AttentionMap = {
    ...{ tokenCount: 2, frameCount: 2, rows: 1, columns: 2 },
    levels: Uint8Array.of(0, 10, 20, 0, 0, 0, 0, 40),
  };

  it('takes the strongest piece of a word and is brightest at the strongest cell of the clip', () => {
    const [first, second] = [heatPixels(map, [0, 1], 0), heatPixels(map, [0, 1], 1)];
    expect(first[3]).toBe(0);
    expect(second[7]).toBe(215);
    expect(first[7]).toBeGreaterThan(0);
    expect(first[7]).toBeLessThan(second[7] ?? 0);
  });

  it('finds the latent frame of each frame: one of the first, four of each other', () => {
    expect([0, 1, 4, 5, 8, 9, 16].map((frame) => latentFrameOf(frame, 17, 5))).toEqual([0, 1, 1, 2, 2, 3, 4]);
    expect(latentFrameOf(3, 1, 1)).toBe(0);
  });

  it('lies on the rendered picture, also where its edges were cut off or bars were added', () => {
    const canvas = { width: 640, height: 360 };
    const delivered = { widthPx: 1280, heightPx: 720 };
    expect(renderedRegion({ widthPx: 640, heightPx: 360 }, delivered, canvas)).toEqual({ x: 0, y: 0, ...canvas });
    const square = renderedRegion({ widthPx: 64, heightPx: 64 }, delivered, canvas);
    expect(square).toEqual({ x: 140, y: 0, width: 360, height: 360 });
    expect(renderedRegion({ widthPx: 112, heightPx: 64 }, delivered, canvas).y).toBeLessThan(0);
  });
});

describe('strips', () => {
  it('are in step with the slider, there and back', () => {
    for (const frame of [0, 3, 8]) expect(frameAt(frameX(frame, 400, 9), 400, 9)).toBe(frame);
    expect(frameAt(-50, 400, 9)).toBe(0);
    expect(frameAt(900, 400, 9)).toBe(8);
    expect(frameAt(100, 400, 1)).toBe(0);
  });

  it('show lines and faults, leave out what was not measured, and let no infinite figure press the others flat', () => {
    const health = foldHealth(emptyHealth(JOB), framesEvent([0, 1, 2]));
    const evidence = {};
    const fault = {
      kind: 'frames-torn',
      stage: 'monitor',
      step: null,
      frame: 4,
      frameCount: 9,
      severity: 'fault',
      evidence,
    } as const;
    const strip = stripOf(health, 'psnrDb', [fault], 6);
    expect(strip.values).toEqual([null, 31, 31, null, null, null]);
    expect(strip.limit?.low).toBe(20);
    expect(strip.faults).toEqual([{ kind: 'frames-torn', from: 4, to: 5 }]);
    const equal: RunHealth = { ...health, frames: health.frames.map((one) => ({ ...one, psnrDb: 400 })) };
    expect(stripOf(equal, 'psnrDb', [], 6).range?.high).toBeLessThan(70);
    expect(stripOf(health, 'flowMagnitudePx', [], 6).range).toBeNull();
  });
});

describe('figures', () => {
  it('never show an absent one as a number', () => {
    expect(figureWords(null, 'dB', textOf('en'))).toBe('not measured here');
    expect(figureWords(31.24, 'dB', textOf('zh'))).toBe('31.2 dB');
    expect([0, 0.0312, 1.234, 45.67, 678.9, 0.00001].map(shortNumber)).toEqual([
      '0.000',
      '0.031',
      '1.23',
      '45.7',
      '679',
      '1.0e-5',
    ]);
  });

  it('stand where their lines put them', () => {
    const limit = { low: 20, high: null, source: 'default' } as const;
    expect(standingOf({ value: 19.9, limit })).toBe('bad');
    expect(standingOf({ value: 20, limit })).toBe('good');
    expect(standingOf({ value: null, limit })).toBe('absent');
    expect(standingOf({ value: NaN, limit })).toBe('bad');
    expect(standingOf({ value: 1, limit: null })).toBe('unjudged');
    expect(limitWords(limit, 'dB', textOf('en'))).toBe('at least 20.0 dB');
  });

  it('keep lines in sight unless they would press the curve flat', () => {
    const near = sparkRange([{ value: 1, limit: { low: 0.9, high: 1.2, source: 'default' } }]);
    expect(near?.high).toBeGreaterThan(1.2);
    const far = sparkRange([{ value: 1, limit: { low: null, high: 500, source: 'default' } }]);
    expect(far?.high).toBeLessThan(2);
    expect(sparkRange([{ value: null, limit: null }])).toBeNull();
  });
});

describe('the way of health to the page', () => {
  it('joins the past with what happens meanwhile, no line of the log twice', async () => {
    const past = [loggedEvent(0), stepEvent(0)].reduce(foldHealth, emptyHealth(JOB));
    const answer = Promise.withResolvers<RunHealth | null>();
    const bus = new HealthBus(async () => answer.promise);
    bus.publish(stepEvent(9));
    const told = Promise.withResolvers<null>();
    const stop = bus.subscribe(JOB, () => told.resolve(null));
    bus.publish(loggedEvent(0));
    bus.publish(stepEvent(1));
    answer.resolve(past);
    await told.promise;
    stop();
    expect(bus.latest(JOB)?.steps.map(({ step }) => step)).toEqual([0, 1]);
    expect(bus.latest(JOB)?.log).toHaveLength(1);
  });
});

describe('an expert', () => {
  const nowMs = 1_000_000;
  const expert: ExpertHealth = {
    ...{ packId: 'tiny', expert: 'high', state: 'in-use', abnormalCount: 0, abnormalLimit: 3 },
    ...{ sinceMs: null, restsUntilMs: null },
  };
  it.each<[Partial<ExpertHealth>, string, string]>([
    [{}, 'healthy', 'healthy'],
    [{ abnormalCount: 2 }, 'suspect', 'suspect 2/3'],
    [{ state: 'masked', sinceMs: 1, restsUntilMs: nowMs + 1 }, 'masked', 'masked, rests until 1000001'],
    [{ state: 'masked', sinceMs: 1, restsUntilMs: nowMs }, 'rested', 'masked, tried with the next clip'],
    // Of an older memory nobody knows how long.
    [{ state: 'masked', sinceMs: 1 }, 'masked', 'masked'],
    [{ state: 'probing', sinceMs: 1 }, 'probing', 'on trial'],
    [{ sinceMs: 1 }, 'readmitted', 'taken back'],
    [{ sinceMs: 1, abnormalCount: 1 }, 'suspect', 'suspect 1/3'],
  ])('with %j is %s', (part, standing, words) => {
    const health = { ...expert, ...part };
    expect(expertStanding(health, nowMs)).toBe(standing);
    expect(expertWords(health, nowMs, textOf('en'), String)).toBe(words);
    expect(expertWords(health, nowMs, textOf('zh'), String)).not.toBe('');
  });
});
