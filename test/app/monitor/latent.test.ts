import { describe, expect, it } from 'vitest';

import type { TensorFacts } from '../../../app/contract/engine.ts';
import { judgeDecoded, judgeLatent } from '../../../app/monitor/latent.ts';

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
