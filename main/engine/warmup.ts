import { elementCount, latentShape } from '../../app/engine/latent.ts';
import type { PackGraphs } from './pack-graphs.ts';
import { predictVelocity } from './denoise-stage.ts';
import { encodeText } from './text-stage.ts';

const STEADY_RUNS = 3;
const STEADY_SPREAD_RATIO = 0.1;
/** A noisy machine may never come to rest; after this many runs it is as warm as it gets. */
const RUN_LIMIT = 8;

/** Run the first expert at the smallest rung until its latency is stable: three in a row within ten percent. */
export async function warmUp(graphs: PackGraphs, onRun: (latencyMs: number) => void): Promise<readonly number[]> {
  const smallest = graphs.manifest.rungs.at(-1);
  const expert = graphs.manifest.experts[0];
  if (!smallest || !expert) throw new Error('bug: a parsed manifest has rungs and experts');
  const shape = latentShape(graphs.manifest.latent, smallest);
  const text = await encodeText(graphs, '', '');
  const sample = new Float32Array(elementCount(shape)).fill(0.1);
  const latencies: number[] = [];
  while (latencies.length < RUN_LIMIT && !isSteady(latencies)) {
    const startedMs = performance.now();
    await predictVelocity(graphs, expert, sample, shape, graphs.manifest.scheduler.timestepScale * 0.5, text);
    const latencyMs = performance.now() - startedMs;
    latencies.push(latencyMs);
    onRun(latencyMs);
  }
  return latencies;
}

function isSteady(latencies: readonly number[]): boolean {
  const last = latencies.slice(-STEADY_RUNS);
  return last.length === STEADY_RUNS && Math.max(...last) <= Math.min(...last) * (1 + STEADY_SPREAD_RATIO);
}
