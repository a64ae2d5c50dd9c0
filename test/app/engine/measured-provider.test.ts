import fc from 'fast-check';
import { expect, it } from 'vitest';

import { measureProvider } from '../../../app/engine/measured-provider.ts';

const base = { requested: 'webgpu', isStrict: false, warmupMs: 100, calibratedMs: null, processorMs: null };

it.each([
  ['the processor is what it is', { ...base, requested: 'cpu' }, { measured: 'cpu', proof: 'only' }],
  [
    'a strict session needs no clock',
    { ...base, isStrict: true, warmupMs: null },
    { measured: 'webgpu', proof: 'strict' },
  ],
  ['five times as fast as the processor', { ...base, processorMs: 500 }, { measured: 'webgpu', proof: 'timed' }],
  ['as slow as the processor', { ...base, processorMs: 105 }, { measured: 'cpu', proof: 'timed' }],
  ['slower than the processor', { ...base, processorMs: 40 }, { measured: 'cpu', proof: 'timed' }],
  ['as calibrated', { ...base, calibratedMs: 120 }, { measured: 'webgpu', proof: 'calibrated' }],
  [
    'as calibrated, but no faster than here without it',
    { ...base, calibratedMs: 120, processorMs: 100 },
    { measured: 'cpu', proof: 'timed' },
  ],
  ['far from the calibration', { ...base, calibratedMs: 10 }, { measured: 'unknown', proof: 'unproven' }],
  ['nothing to compare with', base, { measured: 'unknown', proof: 'unproven' }],
  ['nothing was run', { ...base, warmupMs: null, processorMs: 100 }, { measured: 'unknown', proof: 'unproven' }],
])('%s', (_name, facts, expected) => expect(measureProvider(facts)).toEqual(expected));

it('never names a provider that was not asked for, but the processor', () => {
  const ms = fc.option(fc.double({ min: 0.1, max: 1e5, noNaN: true }), { nil: null });
  fc.assert(
    fc.property(
      fc.constantFrom('cpu', 'webgpu', 'dml', 'cuda'),
      fc.boolean(),
      ms,
      ms,
      ms,
      (requested, isStrict, warmupMs, calibratedMs, processorMs) => {
        const { measured, proof } = measureProvider({ requested, isStrict, warmupMs, calibratedMs, processorMs });
        expect([requested, 'cpu', 'unknown']).toContain(measured);
        expect(measured === 'unknown').toBe(proof === 'unproven');
      },
    ),
  );
});
