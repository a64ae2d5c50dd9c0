import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { parsePackManifest } from '../../../app/contract/pack.ts';
import { elementCount, latentShape } from '../../../app/engine/latent.ts';
import { gaussianNoise, noiseStreams } from '../../../app/engine/noise.ts';
import { predictVelocity } from '../../../main/engine/denoise-stage.ts';
import { openPackGraphs } from '../../../main/engine/pack-graphs.ts';
import { encodeText } from '../../../main/engine/text-stage.ts';
import { rootFolder } from '../../guard/source.ts';

it('an expert of guidance 1 answers to the prompt alone, in less time than the pair takes', async () => {
  // Catches the negative half being taken for the prompt's, and a batch of two that nobody needs.
  const folder = join(rootFolder, 'models', 'wan-mini', 'pack');
  const manifest = parsePackManifest(await readFile(join(folder, 'pack.json'), 'utf8'));
  if (!manifest.ok) throw new Error(manifest.error);
  const [rung] = manifest.value.rungs;
  const [expert] = manifest.value.experts;
  if (!rung || !expert) throw new Error('bug: a parsed manifest has rungs and experts');
  const graphs = await openPackGraphs(folder, manifest.value, 2, () => undefined);
  const text = await encodeText(graphs, 'a tiger walks to the left in a park', 'a whale at night');
  const shape = latentShape(manifest.value.latent, rung);
  const sample = gaussianNoise(1, noiseStreams.initialLatent, elementCount(shape));
  const ask = async (guidance: number) => {
    const startedMs = performance.now();
    const answer = await predictVelocity(graphs, { id: expert.id, guidance }, sample, shape, 900, text);
    return { ...answer, tookMs: performance.now() - startedMs };
  };
  const timesMs = { alone: [] as number[], pair: [] as number[] };
  for (let round = 0; round < 5; round += 1) {
    timesMs.alone.push((await ask(1)).tookMs);
    timesMs.pair.push((await ask(2)).tookMs);
  }
  const [alone, pair, far] = [await ask(1), await ask(1 + 1e-9), await ask(4)];
  const difference = (a: Float32Array, b: Float32Array) =>
    Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? 0))));
  expect(alone.velocity).toHaveLength(sample.length);
  expect(difference(alone.velocity, pair.velocity)).toBeLessThan(1e-4);
  expect(difference(alone.attentionMean, pair.attentionMean)).toBeLessThan(1e-5);
  expect(difference(alone.velocity, far.velocity)).toBeGreaterThan(0.01);
  expect(Math.min(...timesMs.alone)).toBeLessThan(Math.min(...timesMs.pair));
});
