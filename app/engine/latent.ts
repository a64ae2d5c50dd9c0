import type { PackManifest } from '../contract/pack.ts';
import type { TensorFacts } from '../contract/engine.ts';

export interface LatentShape {
  readonly channels: number;
  readonly frames: number;
  readonly heightCells: number;
  readonly widthCells: number;
}

/** Shape of the latent behind a clip: the first frame has a latent frame of its own, every later one covers several. */
export function latentShape(
  latent: PackManifest['latent'],
  clip: { readonly widthPx: number; readonly heightPx: number; readonly frameCount: number },
): LatentShape {
  return {
    channels: latent.channels,
    frames: Math.ceil((clip.frameCount - 1) / latent.strideFrames) + 1,
    heightCells: clip.heightPx / latent.stridePx,
    widthCells: clip.widthPx / latent.stridePx,
  };
}

export const elementCount = ({ channels, frames, heightCells, widthCells }: LatentShape): number =>
  channels * frames * heightCells * widthCells;

/** One latent frame out of [channels, frames, height, width], brought back from normalised to the decoder's own scale. */
export function decoderInput(
  latent: Float32Array,
  shape: LatentShape,
  frame: number,
  mean: readonly number[],
  std: readonly number[],
): Float32Array {
  const cells = shape.heightCells * shape.widthCells;
  const slice = new Float32Array(shape.channels * cells);
  for (let channel = 0; channel < shape.channels; channel += 1) {
    const from = (channel * shape.frames + frame) * cells;
    const scale = std[channel] ?? 1;
    const offset = mean[channel] ?? 0;
    for (let cell = 0; cell < cells; cell += 1)
      slice[channel * cells + cell] = (latent[from + cell] ?? 0) * scale + offset;
  }
  return slice;
}

/** Cheap picture of a normalised latent by the pack's linear map: one pixel a cell, [frames, height, width, 3]. */
export function latentPreview(latent: Float32Array, shape: LatentShape, map: PackManifest['latentRgb']): Uint8Array {
  const cells = shape.heightCells * shape.widthCells;
  const rgb = new Uint8Array(shape.frames * cells * 3);
  const matrix = Float64Array.from(map.matrix.flat());
  for (let frame = 0; frame < shape.frames; frame += 1)
    for (let cell = 0; cell < cells; cell += 1)
      for (let colour = 0; colour < 3; colour += 1) {
        let value = map.bias[colour] ?? 0;
        for (let channel = 0; channel < shape.channels; channel += 1)
          value += (latent[(channel * shape.frames + frame) * cells + cell] ?? 0) * (matrix[channel * 3 + colour] ?? 0);
        rgb[(frame * cells + cell) * 3 + colour] = toByte(value);
      }
  return rgb;
}

/**
 * Decoder output to pixels.
 *
 * @param frames  [3, frameCount, height, width] in -1 .. 1
 * @returns       [frameCount, height, width, 3], full range
 */
export function framesToRgb(frames: Float32Array): Uint8Array {
  const plane = frames.length / 3;
  const rgb = new Uint8Array(frames.length);
  for (let colour = 0; colour < 3; colour += 1)
    for (let px = 0; px < plane; px += 1) rgb[px * 3 + colour] = toByte(((frames[colour * plane + px] ?? 0) + 1) / 2);
  return rgb;
}

/**
 * 0..1 to 0..255.5, of which a byte array keeps the whole part: rounding by hand is six times faster than Math.round.
 * NaN becomes 0, which is why non-finite values are counted before this.
 */
const toByte = (value: number): number => (value > 0 ? (value < 1 ? value * 255 + 0.5 : 255) : 0);

/** The numbers that monitors judge by; one pass for the moments, non-finite elements left out and counted. */
export function tensorFacts(values: Float32Array): TensorFacts {
  let finiteCount = 0;
  let sum = 0;
  let squares = 0;
  let min = Infinity;
  let max = -Infinity;
  // By index: an iterator over each element takes several times as long.
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    if (!Number.isFinite(value)) continue;
    finiteCount += 1;
    sum += value;
    squares += value * value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const counts = { nonFiniteCount: values.length - finiteCount, elementCount: values.length };
  if (finiteCount === 0) return { ...counts, mean: null, std: null, min: null, max: null };
  const mean = sum / finiteCount;
  return { ...counts, mean, std: Math.sqrt(Math.max(0, squares / finiteCount - mean * mean)), min, max };
}
