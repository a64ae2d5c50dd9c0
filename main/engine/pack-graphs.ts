import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Tokenizer } from '@huggingface/tokenizers';

import { messageOf } from '../../app/base/message-of.ts';
import { graphNames, type PackManifest } from '../../app/contract/pack.ts';
import { openGraph, RuntimeFailure, type Graph, type Placement } from './runtime.ts';

/** A graph that does not fit its manifest: named before a single step is computed. */
export class PackMisfit extends Error {}

/** One graph for the first latent frame, one for all later ones. */
export interface Decoder {
  readonly first: Graph;
  readonly next: Graph;
}

export interface PackGraphs {
  readonly manifest: PackManifest;
  readonly tokenizer: Tokenizer;
  readonly textEncoder: Graph;
  readonly decoder: Decoder;
  /** In higher precision, where the pack has it; opened when it is first asked for. */
  preciseDecoder(): Promise<Decoder | null>;
  /** Spares are opened when they are first asked for, which `onPart` tells like any other part. */
  expert(id: string): Promise<Graph>;
}

/** Open everything a healthy run needs, telling the caller about each part before it is loaded. */
export async function openPackGraphs(
  packFolder: string,
  manifest: PackManifest,
  threads: number,
  onPart: (part: string, index: number, count: number) => void,
  placement?: Placement,
): Promise<PackGraphs> {
  const regular = manifest.experts.filter(({ weight }) => weight > 0);
  const partCount = 4 + regular.length;
  let partIndex = 0;
  const begin = (part: string): void => {
    onPart(part, partIndex, Math.max(partCount, partIndex + 1));
    partIndex += 1;
  };
  const open = async (file: string): Promise<Graph> => openGraph(join(packFolder, file), threads, placement);

  begin('tokenizer');
  const tokenizer = await openTokenizer(packFolder, manifest);
  begin('text_encoder');
  const textEncoder = requireNames('text_encoder', await open(manifest.textEncoder.file), graphNames.textEncoder);

  const experts = new Map<string, Promise<Graph>>();
  const expert = async (id: string): Promise<Graph> => {
    const known = experts.get(id);
    if (known) return known;
    const entry = manifest.experts.find((candidate) => candidate.id === id);
    if (!entry) throw new Error(`bug: the gate chose unknown expert ${id}`);
    begin(id);
    const opening = open(entry.file).then((graph) =>
      requireChannels(id, requireNames(id, graph, graphNames.expert), manifest),
    );
    experts.set(id, opening);
    return opening;
  };
  for (const { id } of regular) await expert(id);

  const openFirst = async (file: string): Promise<Graph> =>
    requireNames('vae_decoder first', await open(file), graphNames.vaeFirst);
  const openNext = async (file: string): Promise<Graph> =>
    requireNames('vae_decoder next', await open(file), graphNames.vaeNext);
  begin('vae_decoder first');
  const first = await openFirst(manifest.vaeDecoder.first);
  begin('vae_decoder next');
  const next = await openNext(manifest.vaeDecoder.next);

  const { precise } = manifest.vaeDecoder;
  let opening: Promise<Decoder | null> | null = null;
  const openPrecise = async (): Promise<Decoder | null> => {
    if (!precise) return null;
    begin('vae_decoder precise');
    return { first: await openFirst(precise.first), next: await openNext(precise.next) };
  };
  const preciseDecoder = async (): Promise<Decoder | null> => (opening ??= openPrecise());
  return { manifest, tokenizer, textEncoder, decoder: { first, next }, preciseDecoder, expert };
}

async function openTokenizer(packFolder: string, { tokenizer }: PackManifest): Promise<Tokenizer> {
  const read = async (file: string): Promise<object> => {
    const value: unknown = JSON.parse(await readFile(join(packFolder, file), 'utf8'));
    if (typeof value !== 'object' || value === null) throw new TypeError(`${file} holds no object`);
    return value;
  };
  try {
    return new Tokenizer(await read(tokenizer.file), await read(tokenizer.config));
  } catch (cause) {
    throw new RuntimeFailure('pack-corrupt', `tokenizer: ${messageOf(cause)}`);
  }
}

function requireNames(
  part: string,
  graph: Graph,
  names: { readonly inputs: readonly string[]; readonly outputs: readonly string[] },
): Graph {
  const missing = [
    ...names.inputs.filter((name) => !graph.inputNames.includes(name)).map((name) => `input ${name}`),
    ...names.outputs.filter((name) => !graph.outputNames.includes(name)).map((name) => `output ${name}`),
  ];
  if (missing.length > 0) throw new PackMisfit(`${part} lacks ${missing.join(', ')}`);
  return graph;
}

function requireChannels(part: string, graph: Graph, { latent }: PackManifest): Graph {
  const channels = graph.inputSize('hidden_states', 1);
  if (channels !== null && channels !== latent.channels)
    throw new PackMisfit(`${part} takes ${channels} latent channels, the manifest says ${latent.channels}`);
  return graph;
}
