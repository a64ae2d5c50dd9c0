import type { WindowPlan } from '../contract/engine.ts';
import type { LatentShape } from './latent.ts';

type Span = Pick<WindowPlan, 'firstLatentFrame' | 'latentFrameCount'>;

const isInside = ({ firstLatentFrame, latentFrameCount }: Span, frame: number): boolean =>
  frame >= firstLatentFrame && frame < firstLatentFrame + latentFrameCount;

/**
 * What the window begins from: its own latents, or, where they hold something that can't be, the nearest sound ones.
 *
 * @param clean  [channels, frames, height, width], the latents of the finished run
 */
export function soundLatents(clean: Float32Array, shape: LatentShape, span: Span): Float32Array {
  const cells = shape.heightCells * shape.widthCells;
  const sound = clean.slice();
  const before = span.firstLatentFrame - 1;
  const after = span.firstLatentFrame + span.latentFrameCount;
  for (let channel = 0; channel < shape.channels; channel += 1)
    for (let frame = 0; frame < shape.frames; frame += 1)
      for (let cell = 0; cell < cells; cell += 1) {
        const at = (channel * shape.frames + frame) * cells + cell;
        if (Number.isFinite(clean[at])) continue;
        const near = [before, after]
          .filter((other) => other >= 0 && other < shape.frames)
          .map((other) => clean[(channel * shape.frames + other) * cells + cell] as number)
          .filter((value) => Number.isFinite(value));
        sound[at] = near.length === 0 ? 0 : near.reduce((sum, value) => sum + value, 0) / near.length;
      }
  return sound;
}

/** `(1 - sigma) * clean + sigma * noise`: every frame at the noise level from which the window is made anew. */
export function noised(clean: Float32Array, noise: Float32Array, sigma: number): Float32Array {
  const sample = new Float32Array(clean.length);
  for (let i = 0; i < sample.length; i += 1)
    sample[i] = (1 - sigma) * (clean[i] as number) + sigma * (noise[i] as number);
  return sample;
}

/**
 * The model's answer with the known frames put right: their velocity is noise - clean, which keeps any solver, of any order,
 * on the straight line to what is known. So they are at the right noise level at each step, and the model fits the window to them.
 */
export function holdKnown(
  velocity: Float32Array,
  known: { readonly clean: Float32Array; readonly noise: Float32Array },
  shape: LatentShape,
  span: Span,
): Float32Array {
  const cells = shape.heightCells * shape.widthCells;
  const held = velocity.slice();
  for (let channel = 0; channel < shape.channels; channel += 1)
    for (let frame = 0; frame < shape.frames; frame += 1) {
      if (isInside(span, frame)) continue;
      const from = (channel * shape.frames + frame) * cells;
      for (let at = from; at < from + cells; at += 1)
        held[at] = (known.noise[at] as number) - (known.clean[at] as number);
    }
  return held;
}

/** The last step leaves rounding in the known frames; this puts them back bit for bit. */
export function restoreKnown(sample: Float32Array, clean: Float32Array, shape: LatentShape, span: Span): Float32Array {
  const cells = shape.heightCells * shape.widthCells;
  const restored = sample.slice();
  for (let channel = 0; channel < shape.channels; channel += 1)
    for (let frame = 0; frame < shape.frames; frame += 1) {
      if (isInside(span, frame)) continue;
      const from = (channel * shape.frames + frame) * cells;
      restored.set(clean.subarray(from, from + cells), from);
    }
  return restored;
}
