import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  decoderInput,
  elementCount,
  framesToRgb,
  latentPreview,
  latentShape,
  tensorFacts,
} from '../../../app/engine/latent.ts';

const latent = { channels: 2, strideFrames: 4, stridePx: 8, patchPx: 2, mean: [0.5, -1], std: [2, 4] };

describe('latentShape', () => {
  it.each([
    [1, 1],
    [5, 2],
    [17, 5],
    [81, 21],
  ])('gives %d frames %d latent frames', (frameCount, frames) => {
    const shape = latentShape(latent, { widthPx: 64, heightPx: 32, frameCount });
    expect(shape).toEqual({ channels: 2, frames, heightCells: 4, widthCells: 8 });
    expect(elementCount(shape)).toBe(2 * frames * 4 * 8);
  });
});

describe('decoderInput', () => {
  it('takes one frame of every channel back to the decoder own scale', () => {
    // Catches mean and std swapped, and a stride that mixes frames with channels.
    const shape = { channels: 2, frames: 3, heightCells: 1, widthCells: 2 };
    const normalised = Float32Array.of(0, 0, 1, 2, 0, 0, 0, 0, 3, 4, 0, 0);
    expect([...decoderInput(normalised, shape, 1, latent.mean, latent.std)]).toEqual([2.5, 4.5, 11, 15]);
  });

  it('is undone by normalising again', () => {
    const values = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(values, (raw) => {
        const shape = { channels: 2, frames: 1, heightCells: 2, widthCells: 2 };
        const back = decoderInput(Float32Array.from(raw), shape, 0, latent.mean, latent.std);
        back.forEach((value, i) => {
          const channel = i < 4 ? 0 : 1;
          const again = (value - (latent.mean[channel] ?? 0)) / (latent.std[channel] ?? 1);
          expect(again).toBeCloseTo(raw[i] ?? NaN, 4);
        });
      }),
    );
  });
});

describe('framesToRgb', () => {
  it('puts planes together as pixels, frame by frame', () => {
    // Two frames of one pixel: the planes are red, red, green, green, blue, blue.
    const frames = Float32Array.of(-1, 1, 0, -1, 1, 0);
    expect([...framesToRgb(frames)]).toEqual([0, 128, 255, 255, 0, 128]);
  });

  it.each([
    ['NaN', NaN, 0],
    ['minus infinity', -Infinity, 0],
    ['infinity', Infinity, 255],
    ['below the range', -1.5, 0],
    ['above the range', 1.5, 255],
  ])('makes a legal byte of %s', (_, value, byte) => {
    // A value that wraps round shows as glaring dots.
    expect([...framesToRgb(Float32Array.of(value, value, value))]).toEqual([byte, byte, byte]);
  });
});

it('previews a latent by the linear map, one pixel a cell', () => {
  const shape = { channels: 2, frames: 1, heightCells: 1, widthCells: 2 };
  const map = {
    matrix: [
      [1, 0, 0],
      [0, 0.5, 0],
    ],
    bias: [0, 0, 0.2],
  };
  expect([...latentPreview(Float32Array.of(0.4, 9, 1, -9), shape, map)]).toEqual([102, 128, 51, 255, 0, 51]);
});

describe('tensorFacts', () => {
  it('leaves non-finite elements out of the moments and counts them', () => {
    // Catches one NaN that makes every figure NaN, which no comparison ever finds out of band.
    const facts = tensorFacts(Float32Array.of(1, NaN, 3, Infinity, -Infinity));
    expect(facts).toEqual({ nonFiniteCount: 3, elementCount: 5, mean: 2, std: 1, min: 1, max: 3 });
  });

  it('has no moments where nothing is finite', () => {
    const facts = tensorFacts(Float32Array.of(NaN, NaN));
    expect(facts).toEqual({ nonFiniteCount: 2, elementCount: 2, mean: null, std: null, min: null, max: null });
  });

  it('never finds a spread that is not a number, however large the values', () => {
    const values = fc.float32Array({ minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, (tensor) => {
        const { std, nonFiniteCount } = tensorFacts(tensor);
        expect(std === null ? nonFiniteCount === tensor.length : std >= 0).toBe(true);
      }),
    );
  });
});
