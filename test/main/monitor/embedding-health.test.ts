import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Tokenizer } from '@huggingface/tokenizers';
import { beforeAll, describe, expect, it } from 'vitest';

import { packManifest } from '../../../app/contract/pack.ts';
import type { TextCalibration } from '../../../app/contract/calibration-text.ts';
import { driftState } from '../../../app/contract/drift.ts';
import { fitDistribution, judgeDistribution } from '../../../app/monitor/distribution.ts';
import { driftFault, freshDrift, observeEmbedding } from '../../../app/monitor/drift.ts';
import { openGraph } from '../../../main/engine/runtime.ts';
import { gaussian } from '../../app/monitor/gaussian.ts';
import { rootFolder } from '../../guard/source.ts';

const PACK = join(rootFolder, 'models', 'wan-mini', 'pack');
const BATCH = 50;
const HEALTHY_RUNS = 1_000;

const captions = async (part: string, count: number): Promise<readonly string[]> =>
  (await readFile(join(rootFolder, 'models', 'wan-mini', 'captions', `${part}.txt`), 'utf8'))
    .split('\n')
    .slice(0, count);

/** The embedded pack's own text encoder, many captions at a time. */
async function embed(texts: readonly string[]): Promise<readonly Float32Array[]> {
  const json = async (file: string): Promise<object> => JSON.parse(await readFile(join(PACK, file), 'utf8')) as object;
  const { tokenizer: spec, textEncoder } = packManifest.parse(await json('pack.json'));
  const tokenizer = new Tokenizer(await json(spec.file), await json(spec.config));
  const graph = await openGraph(join(PACK, textEncoder.file), 2);
  const pooled: Float32Array[] = [];
  for (let first = 0; first < texts.length; first += BATCH) {
    const batch = texts.slice(first, first + BATCH);
    const ids = new BigInt64Array(batch.length * spec.maxTokens).fill(BigInt(spec.padId));
    const mask = new BigInt64Array(ids.length);
    batch.forEach((text, row) =>
      tokenizer.encode(text).ids.forEach((id, i) => {
        ids[row * spec.maxTokens + i] = BigInt(id);
        mask[row * spec.maxTokens + i] = 1n;
      }),
    );
    const shape = [batch.length, spec.maxTokens];
    const out = await graph.run({ input_ids: { data: ids, shape }, attention_mask: { data: mask, shape } });
    const data = out['pooled']?.data;
    if (!(data instanceof Float32Array)) throw new Error('no pooled output');
    batch.forEach((_, row) => pooled.push(data.slice(row * textEncoder.width, (row + 1) * textEncoder.width)));
  }
  await graph.release();
  return pooled;
}

const lengthOf = (vector: ArrayLike<number>): number => Math.hypot(...Array.from(vector));
const between = (a: Float32Array, b: Float32Array): number => lengthOf(a.map((value, i) => value - (b[i] ?? 0)));

describe('with the real embeddings of the embedded pack', () => {
  let train: readonly Float32Array[];
  let heldOut: readonly Float32Array[];
  let section: TextCalibration;

  beforeAll(async () => {
    const texts = [...(await captions('train', 1_200)), ...(await captions('held-out', HEALTHY_RUNS))];
    const all = await embed(texts);
    train = all.slice(0, 1_200);
    heldOut = all.slice(1_200);
    section = fitDistribution(train, heldOut.slice(0, 500));
  }, 60_000);

  /** Runs one after the other, from a fresh project; the run at which drift is told, or null. */
  function firstAlarm(
    runs: number,
    pick: (run: number) => number,
    shift?: (run: number) => Float32Array,
  ): number | null {
    let state = freshDrift(section, 'sha');
    for (let run = 0; run < runs; run += 1) {
      const index = pick(run);
      const moved = shift?.(run);
      const pooled = heldOut[index]?.map((value, i) => value + (moved?.[i] ?? 0)) ?? new Float32Array();
      const step = observeEmbedding(section, state, { key: String(index), pooled });
      state = driftState.parse(JSON.parse(JSON.stringify(step.state)));
      if (driftFault(step.figures)) return run;
    }
    return null;
  }

  it('judges captions that set no threshold as inside, but for about one in a hundred', () => {
    const outside = heldOut.slice(500).filter((row) => judgeDistribution(section, row)?.isOutside);
    expect(outside.length).toBeLessThanOrEqual(20);
  });

  const random = gaussian(5);
  const any = (): number => Math.min(HEALTHY_RUNS - 1, Math.floor(((Math.abs(random()) * 1_000) % 1) * HEALTHY_RUNS));
  let topic = 0;
  const histories: readonly [string, (run: number) => number][] = [
    ['1,000 different prompts', (run) => run],
    ['prompts at random', any],
    ['one prompt over and over', () => 17],
    ['a dozen takes of each prompt', (run) => Math.floor(run / 12)],
    ['topics of random length', () => (Math.abs(random()) > 1.6 ? (topic = any()) : topic)],
  ];
  it.each(histories)('stays silent over 1,000 healthy runs: %s', (_, pick) => {
    expect(firstAlarm(HEALTHY_RUNS, pick)).toBeNull();
  });

  const HEALTHY_BEFORE = 60;
  it.each(histories)('tells of a shift of a hundredth a run before it does harm: %s', (_, pick) => {
    // Harm: the embedding has moved as far as a typical prompt is from its nearest neighbour, and may be read as that one.
    const nearest = train
      .slice(0, 200)
      .map((row, i) => Math.min(...train.slice(0, 200).map((other, j) => (i === j ? Infinity : between(row, other)))));
    const harm = nearest.toSorted((a, b) => a - b)[100] ?? 0;
    const typical = lengthOf(train[0] ?? []);
    const harmfulRun = HEALTHY_BEFORE + harm / (0.01 * typical);
    for (let trial = 0; trial < 3; trial += 1) {
      const direction = Float32Array.from({ length: section.dimensionCount }, random);
      const unit = direction.map((value) => value / lengthOf(direction));
      const shift = (run: number): Float32Array =>
        unit.map((value) => value * 0.01 * typical * Math.max(0, run - HEALTHY_BEFORE));
      const told = firstAlarm(200, pick, shift);
      expect(told).not.toBeNull();
      expect(told).toBeGreaterThanOrEqual(HEALTHY_BEFORE);
      expect(told).toBeLessThan(harmfulRun);
    }
  });
});
