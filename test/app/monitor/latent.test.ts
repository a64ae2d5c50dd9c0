import { describe, expect, it } from 'vitest';

import type { TensorFacts } from '../../../app/contract/engine.ts';
import { judgeDecoded, judgeLatent } from '../../../app/monitor/latent.ts';
import { judgeFrames, measureFrame } from '../../../app/monitor/quality.ts';

const facts = (part: Partial<TensorFacts>): TensorFacts => ({
  nonFiniteCount: 0,
  elementCount: 100,
  mean: 0,
  std: 1,
  min: -3,
  max: 3,
  ...part,
});

describe('a latent', () => {
  it.each<[string, Partial<TensorFacts>, string | null]>([
    ['of healthy spread', {}, null],
    ['with one NaN', { nonFiniteCount: 1 }, 'latent-nonfinite'],
    ['of NaN alone', { nonFiniteCount: 100, mean: null, std: null }, 'latent-nonfinite'],
    ['that is constant', { std: 0 }, 'latent-out-of-band'],
    ['that explodes', { std: 21 }, 'latent-out-of-band'],
    ['whose spread nobody can tell', { std: null }, 'latent-out-of-band'],
  ])('%s', (_, part, kind) => {
    expect(judgeLatent(3, facts(part))?.kind ?? null).toBe(kind);
  });

  it('names the step, and decoding the frame', () => {
    expect(judgeLatent(3, facts({ nonFiniteCount: 2 }))).toMatchObject({ step: 3, evidence: { nonFiniteCount: 2 } });
    expect(judgeDecoded(5, facts({ nonFiniteCount: 2 }))).toMatchObject({ kind: 'decode-nonfinite', frame: 5 });
    expect(judgeDecoded(5, facts({}))).toBeNull();
  });
});

describe('frames', () => {
  const PIXELS = 64;
  const grey = (level: number): Uint8Array => new Uint8Array(PIXELS * 3).fill(level);
  const kinds = (...frames: Uint8Array[]): readonly string[] =>
    judgeFrames(frames.map((frame, i) => measureFrame(frame, frames[i - 1] ?? null))).map(({ kind }) => kind);
  const withDot = (level: number, dot: number): Uint8Array => grey(level).fill(dot, 0, 3);

  it.each<[string, Uint8Array[], readonly string[]]>([
    ['that move are sound', [grey(100), grey(104), grey(108)], []],
    ['of a dark night are not black', [grey(4), grey(5)], []],
    ['with one black among them', [grey(100), grey(0), grey(100)], ['frames-black']],
    ['that are all the same are frozen', [grey(100), grey(100), grey(100)], ['frames-frozen']],
    ['that are still but for one moment are not frozen', [grey(100), grey(100), grey(101)], []],
    ['with one pixel that moves are not frozen', [withDot(100, 0), withDot(100, 255)], []],
    ['all black are both', [grey(0), grey(0)], ['frames-black', 'frames-frozen']],
    ['that are a single picture can not be frozen', [grey(100)], []],
    ['that are none have no fault of their own', [], []],
  ])('%s', (_, frames, found) => {
    expect(kinds(...frames)).toEqual(found);
  });

  it('weighs green more than blue, as eyes do', () => {
    const green = measureFrame(Uint8Array.of(0, 255, 0), null).luma;
    const blue = measureFrame(Uint8Array.of(0, 0, 255), null).luma;
    expect(green).toBeCloseTo(0.7152, 6);
    expect(blue).toBeCloseTo(0.0722, 6);
  });
});
