import type { DecodePlan, TensorFacts } from '../../app/contract/engine.ts';
import { decoderInput, framesToRgb, tensorFacts, type LatentShape } from '../../app/engine/latent.ts';
import { addTile, cutTile, pictureTiles } from '../../app/engine/tiles.ts';
import type { Injector } from './injector.ts';
import type { Decoder, PackGraphs } from './pack-graphs.ts';
import type { GraphTensor } from './runtime.ts';
import { floats } from './text-stage.ts';

export interface DecodedFrames {
  readonly firstFrame: number;
  readonly frameCount: number;
  readonly facts: TensorFacts;
  readonly rgb: Uint8Array;
}

export interface DecodeHooks {
  /** Before each tile of each latent frame: announces the unit of work and lets a cancel through. */
  readonly beforeUnit: (unit: number, unitCount: number) => Promise<void>;
  readonly injector: Injector;
}

/**
 * Streaming causal decode: one latent frame at a time with the cache of the former ones, so memory does not grow with
 * the length of the clip; in tiles of the picture, if asked for, so that it does not grow with its size either. Each tile
 * has a cache of its own.
 */
export async function* decodeLatent(
  graphs: PackGraphs,
  latent: Float32Array,
  shape: LatentShape,
  plan: DecodePlan,
  { beforeUnit, injector }: DecodeHooks,
): AsyncGenerator<DecodedFrames> {
  const { mean, std, stridePx, strideFrames } = graphs.manifest.latent;
  const { cacheCount } = graphs.manifest.vaeDecoder;
  const decoder = (plan.isPrecise ? await graphs.preciseDecoder() : null) ?? graphs.decoder;
  const tileCells = plan.tileCells ?? Math.max(shape.heightCells, shape.widthCells);
  const tiles = pictureTiles(shape, tileCells, plan.overlapCells, stridePx);
  const caches: (readonly GraphTensor[])[] = tiles.map(() => []);
  const widthPx = shape.widthCells * stridePx;
  const heightPx = shape.heightCells * stridePx;
  let firstFrame = 0;
  for (let frame = 0; frame < shape.frames; frame += 1) {
    const input = decoderInput(latent, shape, frame, mean, std);
    const frameCount = frame === 0 ? 1 : strideFrames;
    let pixels: Float32Array | null = tiles.length === 1 ? null : new Float32Array(3 * frameCount * heightPx * widthPx);
    for (const [i, tile] of tiles.entries()) {
      await beforeUnit(frame * tiles.length + i, shape.frames * tiles.length);
      const outputs = await decodeUnit(decoder, frame === 0, caches[i] ?? [], {
        data: cutTile(input, shape.channels, shape.widthCells, tile),
        shape: [1, shape.channels, 1, tile.down.cellCount, tile.across.cellCount],
      });
      caches[i] = cacheOf(outputs, cacheCount);
      const decoded = floats(outputs['frames']?.data);
      if (pixels) addTile(pixels, 3 * frameCount, widthPx, decoded, tile, stridePx);
      else pixels = decoded;
    }
    if (!pixels) throw new Error('bug: a picture has at least one tile');
    pixels = injector.decoded(frame, pixels);
    const rgb = injector.painted(firstFrame, framesToRgb(pixels));
    yield { firstFrame, frameCount, facts: tensorFacts(pixels), rgb };
    firstFrame += frameCount;
  }
}

type Outputs = Readonly<Record<string, GraphTensor>>;

async function decodeUnit(
  { first, next }: Decoder,
  isFirst: boolean,
  cache: readonly GraphTensor[],
  latent: GraphTensor,
): Promise<Outputs> {
  if (isFirst) return first.run({ latent });
  return next.run({ latent, ...Object.fromEntries(cache.map((tensor, i) => [`cache_in_${i}`, tensor])) });
}

function cacheOf(outputs: Outputs, cacheCount: number): readonly GraphTensor[] {
  return Array.from({ length: cacheCount }, (_, i) => {
    const tensor = outputs[`cache_out_${i}`];
    if (!tensor) throw new Error(`bug: the decoder has no output cache_out_${i}`);
    return tensor;
  });
}
