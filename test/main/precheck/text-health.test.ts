import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { driftState } from '../../../app/contract/drift.ts';
import { fitDistribution } from '../../../app/monitor/distribution.ts';
import { driftRemedy, oddFinding } from '../../../app/monitor/text-health.ts';
import { refreshEncoder, TextHealth, TextHealths } from '../../../main/precheck/text-health.ts';
import { gaussian } from '../../app/monitor/gaussian.ts';

const WIDTH = 6;
const rows = (seed: number, count: number): Float32Array[] => {
  const next = gaussian(seed);
  return Array.from({ length: count }, () => Float32Array.from({ length: WIDTH }, next));
};
const section = fitDistribution(rows(1, 600), rows(2, 400));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'text-health-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const statePath = (): string => join(folder, 'drift', 'pack.default.json');
const open = async (sha256 = 'sha'): Promise<TextHealth> =>
  TextHealth.open({ calibration: { text: section }, sha256 }, statePath());
const observe = (health: TextHealth, run: number, pooled: Float32Array) =>
  health.observe({ prompt: `prompt ${run}`, pooled, tokens: ['a', 'b', '</s>'] });

/** Healthy runs, then ones that move off more and more; the judgement of the last. */
function drift(health: TextHealth) {
  const healthy = rows(3, 40);
  healthy.forEach((row, run) => observe(health, run, row));
  let last = observe(health, 40, healthy[0] ?? new Float32Array(WIDTH));
  for (let run = 41; run < 120 && !health.isDrifting; run += 1)
    last = observe(
      health,
      run,
      Float32Array.from({ length: WIDTH }, () => (run - 40) / 4),
    );
  return last;
}

it('learns of each project by itself: what drifts in one is healthy in another', async () => {
  const pack = { manifest: { id: 'pack' }, calibration: { text: section }, sha256: 'sha' };
  {
    await using healths = new TextHealths(folder);
    const [night, day] = [await healths.of(pack, 'night'), await healths.of(pack, 'day')];
    expect(await healths.of(pack, 'night')).toBe(night);
    for (const [run, row] of rows(5, 30).entries()) observe(day, run, row);
    drift(night);
    expect([night.isDrifting, day.isDrifting]).toEqual([true, false]);
  }
  const files = await readdir(join(folder, 'drift'));
  expect(files.toSorted()).toEqual(['pack.day.json', 'pack.night.json']);
});

it('judges each version of a pack by its own calibration', async () => {
  const far = fitDistribution(
    rows(11, 600).map((row) => row.map((value) => value + 50)),
    rows(12, 400).map((row) => row.map((value) => value + 50)),
  );
  const packOf = (sha256: string, text: typeof section) => ({
    ...{ manifest: { id: 'pack' }, calibration: { text }, sha256 },
  });
  await using healths = new TextHealths(folder);
  const [prompt = new Float32Array(WIDTH)] = rows(13, 1);
  const judged = async (pack: ReturnType<typeof packOf>, run: number) =>
    observe(await healths.of(pack, 'night'), run, prompt).distribution?.mahalanobis ?? 0;
  const near = await judged(packOf('first', section), 0);
  expect(await judged(packOf('second', far), 1)).toBeGreaterThan(near * 5);
  expect(await judged(packOf('first', section), 2)).toBeCloseTo(near, 5);
});

describe('TextHealth', () => {
  it('goes on from its file where the former program stopped', async () => {
    const first = await open();
    for (const [run, row] of rows(5, 30).entries()) observe(first, run, row);
    await first.saved();
    const stored = driftState.parse(JSON.parse(await readFile(statePath(), 'utf8')));
    expect(stored.runs).toBe(30);
    const again = await open();
    const judgement = observe(again, 0, rows(5, 1)[0] ?? new Float32Array(WIDTH));
    // The same prompt as in the former program, with the same embedding.
    expect(judgement.drift?.repeatShift).toBeLessThan(1e-3);
    await again.saved();
  });

  it('begins anew for another version of the pack, and with a file that makes no sense', async () => {
    const first = await open();
    observe(first, 0, new Float32Array(WIDTH));
    await first.saved();
    const other = await open('other');
    expect(observe(other, 0, new Float32Array(WIDTH)).drift?.repeatShift).toBeNull();
    await other.saved();
    await writeFile(statePath(), '{"version":1');
    const last = await open();
    expect(observe(last, 0, new Float32Array(WIDTH)).drift?.repeatShift).toBeNull();
    await last.saved();
  });

  it('warns of drift, tells the remedy, and restarts the encoder once', async () => {
    const health = await open();
    const judgement = drift(health);
    expect(judgement.faults).toContainEqual(expect.objectContaining({ kind: 'embedding-drift', severity: 'warning' }));
    expect(driftRemedy(judgement)).toMatchObject([{ fault: 'embedding-drift', action: 'restart-clean' }]);
    let restarts = 0;
    const host = {
      restart: async (): Promise<void> => {
        restarts += 1;
      },
    };
    await refreshEncoder(host, health);
    await refreshEncoder(host, health);
    expect(restarts).toBe(1);
    expect(observe(health, 200, rows(9, 1)[0] ?? new Float32Array(WIDTH)).faults).toEqual([]);
    expect(driftRemedy(null)).toEqual([]);
    await health.saved();
  });

  it('says nothing of a pack without calibration, and still names words that its tokenizer lacks', async () => {
    const health = await TextHealth.open({ calibration: null, sha256: 'sha' }, statePath());
    const judgement = health.observe({
      prompt: 'A chef slices onions',
      pooled: new Float32Array(WIDTH),
      tokens: ['a', '<unk>', '<unk>', '<unk>', '</s>'],
    });
    expect(judgement).toMatchObject({ drift: null, distribution: null, unknown: { ratio: 0.75 } });
    expect(judgement.faults).toMatchObject([{ kind: 'prompt-out-of-distribution', severity: 'warning' }]);
    expect(oddFinding('A chef slices onions', 'en', judgement)).toMatchObject({
      kind: 'out-of-distribution',
      message: 'This pack never learned: chef, slices, onions',
    });
  });
});
