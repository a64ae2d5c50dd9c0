import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { InferenceSession, Tensor } from 'onnxruntime-node';

import { elementCount } from '../../app/engine/latent.ts';
import { gaussianNoise } from '../../app/engine/noise.ts';
import { peakResidentBytes } from '../../main/device/process-memory.ts';
import { sessionOptions } from '../../main/engine/runtime.ts';
import type { Work } from './work.ts';

/**
 * The engine's rival: the same sessions, opened alike, and nothing around them. No noise, no solver, no guidance, no
 * facts, no messages; its inputs are made once. It answers each line on standard input with one measured run.
 */
const [packFolder = '', workText = ''] = process.argv.slice(2);
const work = JSON.parse(workText) as Work;
const { shape, maxTokens, textWidth, decoder } = work;

const open = async (file: string): Promise<InferenceSession> =>
  InferenceSession.create(join(packFolder, file), sessionOptions(work.threads));
const experts = new Map<string, InferenceSession>();
for (const { file } of work.steps) if (!experts.has(file)) experts.set(file, await open(file));
const first = await open(decoder.first);
const next = await open(decoder.next);

const floats = (shapeOf: readonly number[], data: Float32Array): Tensor => new Tensor('float32', data, shapeOf);
const noise = (count: number): Float32Array => gaussianNoise(1, 0, count);
const cells = [shape.frames, shape.heightCells, shape.widthCells];
const pair = floats([2, shape.channels, ...cells], noise(2 * elementCount(shape)));
const states = floats([2, maxTokens, textWidth], noise(2 * maxTokens * textWidth));
const mask = floats([2, maxTokens], new Float32Array(2 * maxTokens).fill(1));
const oneFrame = [1, shape.channels, 1, shape.heightCells, shape.widthCells];
const latent = floats(oneFrame, noise(elementCount(shape) / shape.frames));
const timesteps = work.steps.map(({ timestep }) => floats([2], Float32Array.of(timestep, timestep)));

async function run(): Promise<number> {
  const startedMs = performance.now();
  for (const [i, { file }] of work.steps.entries())
    await experts.get(file)?.run({
      hidden_states: pair,
      timestep: timesteps[i] ?? pair,
      encoder_hidden_states: states,
      token_mask: mask,
    });
  let outputs = await first.run({ latent });
  for (let frame = 1; frame < shape.frames; frame += 1) {
    const cache = Array.from({ length: decoder.cacheCount }, (_, i) => [`cache_in_${i}`, outputs[`cache_out_${i}`]]);
    outputs = await next.run({ latent, ...(Object.fromEntries(cache) as Record<string, Tensor>) });
  }
  return performance.now() - startedMs;
}

for await (const _ of createInterface({ input: process.stdin })) {
  const tookMs = await run();
  process.stdout.write(`${JSON.stringify({ tookMs, peakBytes: peakResidentBytes(process.pid) })}\n`);
}
