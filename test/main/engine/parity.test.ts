import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Tokenizer } from '@huggingface/tokenizers';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { graphNames, parsePackManifest } from '../../../app/contract/pack.ts';
import { openGraph, type GraphTensor } from '../../../main/engine/runtime.ts';
import { rootFolder } from '../../guard/source.ts';

/** What the training framework computed with the same weights, written by the exporter. */
const summary = z.strictObject({ shape: z.array(z.int()), rms: z.number(), values: z.array(z.number()) });
type Summary = z.infer<typeof summary>;
const graphSummary = z.record(z.string(), summary);
const parity = z.strictObject({
  text_encoder: graphSummary,
  experts: z.record(z.string(), graphSummary),
  vae_decoder: z.strictObject({ first: summary, next: summary }),
});

const LIMIT = 1e-3;
// Any pack of the exporter can be held to its numbers: models/README.md, "Official checkpoints".
const other = process.env['STEADYFRAME_PARITY_PACK'];
const folder = other ?? join(rootFolder, 'models', 'wan-mini', 'pack');
const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), 'utf8'));
const manifest = parsePackManifest(await readFile(join(folder, 'pack.json'), 'utf8'));
if (!manifest.ok) throw new Error(manifest.error);
const pack = manifest.value;
const known = parity.parse(await read('parity.json'));
const { maxTokens } = pack.tokenizer;

/** sin(0.37 i): the exporter's inputs, made again. */
function probe(shape: readonly number[], factor = 1) {
  const size = shape.reduce((product, side) => product * side, 1);
  return { data: Float32Array.from({ length: size }, (_, i) => Math.fround(Math.sin(i * 0.37)) * factor), shape };
}

/** Largest difference at the sampled places, relative to the root mean square of what is expected. */
function relativeError({ data, shape }: GraphTensor, expected: Summary): number {
  expect(shape).toEqual(expected.shape);
  if (!(data instanceof Float32Array)) throw new Error('an output is not float32');
  const last = expected.values.length - 1;
  const differences = expected.values.map((value, i) =>
    Math.abs(value - (data[Math.floor((i * (data.length - 1)) / last)] ?? Number.NaN)),
  );
  return Math.max(...differences) / expected.rms;
}

function expectParity(outputs: Readonly<Record<string, GraphTensor>>, expected: z.infer<typeof graphSummary>): void {
  for (const [name, figures] of Object.entries(expected)) {
    const output = outputs[name];
    if (!output) throw new Error(`no output ${name}`);
    expect(relativeError(output, figures), name).toBeLessThan(LIMIT);
  }
}

const rowMask = (lengths: readonly number[]): number[] =>
  lengths.flatMap((length) => Array.from({ length: maxTokens }, (_, i) => (i < length ? 1 : 0)));

/** attention_map [batch, tokens, …] → the mean over everything but batch and tokens, in their order. */
function meanPerToken({ data, shape }: GraphTensor): number[] {
  const cells = shape.slice(2).reduce((product, side) => product * side, 1);
  return Array.from(
    { length: data.length / cells },
    (_, i) =>
      [...data.slice(i * cells, (i + 1) * cells)].reduce((sum: number, value) => sum + Number(value), 0) / cells,
  );
}

describe(`the graphs of ${pack.id} give what PyTorch gives`, () => {
  it('text encoder', async () => {
    const graph = await openGraph(join(folder, pack.textEncoder.file), 2);
    const vocabulary = z.object({ model: z.object({ vocab: z.record(z.string(), z.int()) }) });
    const size = Object.keys(vocabulary.parse(await read('tokenizer/tokenizer.json')).model.vocab).length;
    const shape = [2, maxTokens];
    const outputs = await graph.run({
      input_ids: { data: BigInt64Array.from({ length: 2 * maxTokens }, (_, i) => BigInt((i * 7) % size)), shape },
      attention_mask: { data: BigInt64Array.from(rowMask([maxTokens / 2, maxTokens]), BigInt), shape },
    });
    expectParity(outputs, known.text_encoder);
  });

  it.each(pack.experts.map(({ id, file }) => ({ id, file })))('expert $id', async ({ id, file }) => {
    const graph = await openGraph(join(folder, file), 2);
    const mask = rowMask([1, maxTokens / 2]);
    const { width } = pack.textEncoder;
    const states = probe([2, maxTokens, width]);
    const outputs = await graph.run({
      hidden_states: probe([2, pack.latent.channels, 3, 6, 8]),
      timestep: { data: Float32Array.of(900, 300), shape: [2] },
      encoder_hidden_states: {
        data: states.data.map((value, i) => value * (mask[Math.floor(i / width)] ?? 0)),
        shape: states.shape,
      },
      token_mask: { data: Float32Array.from(mask), shape: [2, maxTokens] },
    });
    const { outputs: required, optionalOutputs } = graphNames.expert;
    expect(Object.keys(known.experts[id] ?? {})).toEqual([...required, ...(pack.attentionMap ? optionalOutputs : [])]);
    expectParity(outputs, known.experts[id] ?? {});
    const { attention_map: map, attention_mean: mean } = outputs;
    // A map of single patches and the mean over all of them are the same attention.
    if (map && mean && pack.attentionMap?.strideCells === 1)
      for (const [i, value] of meanPerToken(map).entries()) expect(value).toBeCloseTo(Number(mean.data[i]), 6);
  });

  it('decoder, first frame and the ones that follow from its cache', async () => {
    const first = await openGraph(join(folder, pack.vaeDecoder.first), 2);
    const next = await openGraph(join(folder, pack.vaeDecoder.next), 2);
    const shape = [1, pack.latent.channels, 1, 6, 8];
    const begun = await first.run({ latent: probe(shape) });
    expectParity(begun, { frames: known.vae_decoder.first });
    const cache = Array.from({ length: pack.vaeDecoder.cacheCount }, (_, i) => {
      const tensor = begun[`cache_out_${i}`];
      if (!tensor) throw new Error(`no cache_out_${i}`);
      return [`cache_in_${i}`, tensor] as const;
    });
    const followed = await next.run({ latent: probe(shape, 0.5), ...Object.fromEntries(cache) });
    expectParity(followed, { frames: known.vae_decoder.next });
  });
});

it.skipIf(other)('the tokenizer of wan-mini gives what training saw', async () => {
  const pairs = z.array(z.strictObject({ text: z.string(), ids: z.array(z.int()) }));
  const expected = pairs.parse(await read('tokenizer/parity.json'));
  expect(expected.length).toBeGreaterThanOrEqual(300);
  const object = z.record(z.string(), z.unknown());
  const tokenizer = new Tokenizer(
    object.parse(await read(pack.tokenizer.file)),
    object.parse(await read(pack.tokenizer.config)),
  );
  for (const { text, ids } of expected) expect(tokenizer.encode(text).ids, text).toEqual(ids);
});
