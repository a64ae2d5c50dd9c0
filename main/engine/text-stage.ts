import { tensorFacts } from '../../app/engine/latent.ts';
import type { TensorFacts } from '../../app/contract/engine.ts';
import type { PackGraphs } from './pack-graphs.ts';

export interface EncodedText {
  /** [2, maxTokens, width]: states of the negative prompt, then of the prompt. */
  readonly states: Float32Array;
  /** [2, maxTokens]: 1 where the token is a real one. */
  readonly tokenMask: Float32Array;
  /** [width], of the prompt. */
  readonly pooled: Float32Array;
  readonly facts: TensorFacts;
  readonly tokens: readonly string[];
  readonly wasTruncated: boolean;
}

interface TokenRow {
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
  readonly wasTruncated: boolean;
}

/** Tokenize and encode the guidance pair in one batch. */
export async function encodeText(graphs: PackGraphs, negative: string, prompt: string): Promise<EncodedText> {
  const { maxTokens, padId } = graphs.manifest.tokenizer;
  const width = graphs.manifest.textEncoder.width;
  const rows = [tokenRow(graphs, negative), tokenRow(graphs, prompt)] as const;
  const ids = new BigInt64Array(2 * maxTokens).fill(BigInt(padId));
  const mask = new BigInt64Array(2 * maxTokens);
  const tokenMask = new Float32Array(2 * maxTokens);
  rows.forEach((row, rowIndex) =>
    row.ids.forEach((id, i) => {
      ids[rowIndex * maxTokens + i] = BigInt(id);
      mask[rowIndex * maxTokens + i] = 1n;
      tokenMask[rowIndex * maxTokens + i] = 1;
    }),
  );
  const shape = [2, maxTokens];
  const outputs = await graphs.textEncoder.run({
    input_ids: { data: ids, shape },
    attention_mask: { data: mask, shape },
  });
  const states = floats(outputs['last_hidden_state']?.data);
  return {
    states,
    tokenMask,
    pooled: floats(outputs['pooled']?.data).slice(width),
    facts: tensorFacts(states),
    tokens: rows[1].tokens,
    wasTruncated: rows[1].wasTruncated,
  };
}

/** Ids of one text, cut to the pack's length with the end mark kept. */
function tokenRow({ tokenizer, manifest }: PackGraphs, text: string): TokenRow {
  const { maxTokens } = manifest.tokenizer;
  const { ids, tokens } = tokenizer.encode(text);
  if (ids.length <= maxTokens) return { ids, tokens, wasTruncated: false };
  const cut = <T>(list: readonly T[]): T[] => [...list.slice(0, maxTokens - 1), ...list.slice(-1)];
  return { ids: cut(ids), tokens: cut(tokens), wasTruncated: true };
}

export function floats(data: Float32Array | BigInt64Array | undefined): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new Error('bug: a graph output is missing or not float32');
}
