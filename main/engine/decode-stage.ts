import type { TensorFacts } from '../../app/contract/engine.ts';
import { decoderInput, framesToRgb, tensorFacts, type LatentShape } from '../../app/engine/latent.ts';
import type { PackGraphs } from './pack-graphs.ts';
import type { GraphTensor } from './runtime.ts';
import { floats } from './text-stage.ts';

export interface DecodedFrames {
  readonly firstFrame: number;
  readonly frameCount: number;
  readonly facts: TensorFacts;
  readonly rgb: Uint8Array;
}

/**
 * Streaming causal decode: one latent frame at a time with the cache of the former ones, so memory does not grow with
 * the length of the clip.
 *
 * @param beforeUnit  called before each latent frame: announces the unit of work and lets a cancel through
 */
export async function* decodeLatent(
  { manifest, vaeFirst, vaeNext }: PackGraphs,
  latent: Float32Array,
  shape: LatentShape,
  beforeUnit: (unit: number, unitCount: number) => Promise<void>,
): AsyncGenerator<DecodedFrames & { readonly unit: number }> {
  const { cacheCount } = manifest.vaeDecoder;
  const { mean, std } = manifest.latent;
  let cache: readonly GraphTensor[] = [];
  let firstFrame = 0;
  for (let unit = 0; unit < shape.frames; unit += 1) {
    await beforeUnit(unit, shape.frames);
    const input = {
      data: decoderInput(latent, shape, unit, mean, std),
      shape: [1, shape.channels, 1, shape.heightCells, shape.widthCells],
    };
    const outputs = await (unit === 0
      ? vaeFirst.run({ latent: input })
      : vaeNext.run({ latent: input, ...Object.fromEntries(cache.map((tensor, i) => [`cache_in_${i}`, tensor])) }));
    cache = Array.from({ length: cacheCount }, (_, i) => {
      const tensor = outputs[`cache_out_${i}`];
      if (!tensor) throw new Error(`bug: the decoder has no output cache_out_${i}`);
      return tensor;
    });
    const frames = floats(outputs['frames']?.data);
    const frameCount = unit === 0 ? 1 : manifest.latent.strideFrames;
    yield { unit, firstFrame, frameCount, facts: tensorFacts(frames), rgb: framesToRgb(frames) };
    firstFrame += frameCount;
  }
}
