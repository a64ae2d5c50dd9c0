import type { PackManifest } from '../../app/contract/pack.ts';
import { measureProvider, type MeasuredProvider } from '../../app/engine/measured-provider.ts';
import { openPackGraphs, type PackGraphs } from './pack-graphs.ts';
import { openGraph, RuntimeFailure, ThreadsRefused } from './runtime.ts';
import { warmUp } from './warmup.ts';
import { join } from 'node:path';

export interface Placed extends MeasuredProvider {
  readonly graphs: PackGraphs;
  readonly warmupMs: readonly number[];
  /** What it computes with: one, where the system refused as many as were wanted. */
  readonly threads: number;
}

export interface PlaceOptions {
  readonly packFolder: string;
  readonly manifest: PackManifest;
  readonly threads: number;
  /** One at a time: of a list, the runtime takes what it likes. */
  readonly provider: string;
  readonly onPart: (part: string, index: number, count: number) => void;
  readonly onWarm: (latencyMs: number) => void;
}

/**
 * Open a pack on a provider, warm it up, and find out whether that provider does the work.
 *
 * @throws RuntimeFailure  `provider-failed` where the provider can't be had at all
 */
export async function placePack(options: PlaceOptions): Promise<Placed> {
  try {
    return await placeWith(options);
  } catch (cause) {
    // One needs no thread beside the one that is here.
    if (!(cause instanceof ThreadsRefused) || options.threads === 1) throw cause;
    return placeWith({ ...options, threads: 1 });
  }
}

async function placeWith(options: PlaceOptions): Promise<Placed> {
  const { packFolder, manifest, threads, provider, onPart, onWarm } = options;
  const open = async (isStrict: boolean): Promise<PackGraphs> =>
    openPackGraphs(packFolder, manifest, threads, onPart, { provider, isStrict });
  let isStrict = provider !== 'cpu';
  let graphs: PackGraphs;
  try {
    graphs = await open(isStrict);
  } catch (cause) {
    // Some nodes (shapes, mostly) are the processor's whatever the provider; then time has to tell.
    if (!isStrict || !(cause instanceof RuntimeFailure && cause.fault === 'provider-failed')) throw cause;
    isStrict = false;
    graphs = await open(false);
  }
  const warmupMs = await warmUp(graphs, onWarm);
  const processorMs = provider === 'cpu' || isStrict ? null : await processorTime(options, graphs);
  const steadyMs = warmupMs.at(-1) ?? null;
  return {
    graphs,
    warmupMs,
    threads,
    ...measureProvider({ requested: provider, isStrict, warmupMs: steadyMs, calibratedMs: null, processorMs }),
  };
}

/** The same warm-up with the same expert on the processor. */
async function processorTime(
  { packFolder, manifest, threads }: PlaceOptions,
  graphs: PackGraphs,
): Promise<number | null> {
  const [first] = manifest.experts;
  if (!first) throw new Error('bug: a parsed manifest has experts');
  const expert = await openGraph(join(packFolder, first.file), threads);
  try {
    return (await warmUp({ ...graphs, expert: async () => expert }, () => undefined)).at(-1) ?? null;
  } finally {
    await expert.release();
  }
}
