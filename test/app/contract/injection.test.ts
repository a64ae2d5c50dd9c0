import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Injection } from '../../../app/contract/injection.ts';
import {
  checkInjections,
  injectionFacts,
  injectionNames,
  injectionText,
  injectionUnit,
  parseInjection,
} from '../../../app/contract/injection-text.ts';

describe('an injection in words', () => {
  it.each([
    ['latent-nonfinite', { name: 'latent-nonfinite', stage: 'denoise', at: null, times: 1 }],
    ['latent-nonfinite@denoise:7x2', { name: 'latent-nonfinite', stage: 'denoise', at: 7, times: 2 }],
    ['engine-crashed@decode', { name: 'engine-crashed', stage: 'decode', at: null, times: 1 }],
    ['expert-unstable', { name: 'expert-unstable', stage: 'denoise', at: null, times: 1_000 }],
    ['disk-fullx3', { name: 'disk-full', stage: 'export', at: null, times: 3 }],
    [' frames-torn@decode:4 ', { name: 'frames-torn', stage: 'decode', at: 4, times: 1 }],
  ])('%s', (text, meant) => {
    expect(parseInjection(text)).toEqual({ ok: true, value: meant });
  });

  it.each([
    ['latent-nan', 'latent-nonfinite, latent-out-of-band'],
    ['latent-nonfinite@decode', 'as the stage of latent-nonfinite: denoise'],
    ['disk-full@export:3', 'disk-full@export without a number'],
    ['embedding-drift@text:1', 'embedding-drift@text without a number'],
    ['engine-hungx0', 'x1 to x1000'],
    ['engine-hung@denoise:-1', 'NAME[@STAGE[:N]][xK]'],
    ['', 'NAME[@STAGE[:N]][xK]'],
  ])('refuses "%s" and says what is legal', (text, legal) => {
    const refused = parseInjection(text);
    expect(refused.ok).toBe(false);
    if (!refused.ok) expect(refused.error.legal).toContain(legal);
  });

  const injections: fc.Arbitrary<Injection> = fc.constantFrom(...injectionNames).chain((name) =>
    fc.record({
      name: fc.constant(name),
      stage: fc.constantFrom(...injectionFacts[name].stages),
      at: fc.option(fc.nat(999_999)),
      times: fc.integer({ min: 1, max: 1_000 }),
    }),
  );
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(injections, (one) => {
        const meant = injectionUnit(one.name, one.stage) === null ? { ...one, at: null } : one;
        expect(parseInjection(injectionText(meant))).toEqual({ ok: true, value: meant });
      }),
    );
  });

  it('answers to any text with a value, never with a throw', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof parseInjection(text).ok === 'boolean'));
  });
});

it('is held to the steps and frames that the run has', () => {
  const run = { steps: 8, frameCount: 9, latentFrames: 3 };
  const at = (text: string) => {
    const parsed = parseInjection(text);
    if (!parsed.ok) throw new Error(parsed.error.legal);
    return checkInjections([parsed.value], run)?.legal ?? null;
  };
  expect(at('latent-nonfinite@denoise:7')).toBeNull();
  expect(at('latent-nonfinite@denoise:8')).toBe('step 0 to 7 of this run');
  expect(at('frames-black@decode:8')).toBeNull();
  expect(at('frames-black@decode:9')).toBe('frame 0 to 8 of this run');
  expect(at('decode-nonfinite@decode:3')).toBe('latent frame 0 to 2 of this run');
});
