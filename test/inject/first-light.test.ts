import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { childrenOf } from '../../main/faults/processes.ts';
import { runCli, startCli } from './run-cli.ts';
import { curedFaults, hashFrames, readReport, sha256Of } from './tiny-program.ts';

const run = promisify(execFile);
const FRAMES = 17;
let base: string;
beforeAll(async () => void (base = await mkdtemp(join(tmpdir(), 'steadyframe-light-'))));
afterAll(async () => rm(base, { recursive: true, force: true }));

const env = () => ({ STEADYFRAME_HOME: join(base, 'home') });
const files = (name: string) => ({
  out: join(base, `${name}.mp4`),
  report: join(base, `${name}.json`),
  frames: join(base, name),
});
const renderArgs = (name: string, prompt: string, seed: number): string[] => {
  const { out, report, frames } = files(name);
  return ['render', '--prompt', prompt, '--seed', `${seed}`, '--out', out, '--report', report, '--frames-dir', frames];
};

/** Mean brightness of the picture and its spread, 0..255, over all frames of a clip. */
async function brightness(path: string): Promise<{ readonly mean: number; readonly spread: number }> {
  const filter = `movie=${path.replaceAll(/[:\\]/g, String.raw`\$&`)},signalstats`;
  const entries = 'frame_tags=lavfi.signalstats.YLOW,lavfi.signalstats.YAVG,lavfi.signalstats.YHIGH';
  const { stdout } = await run(process.env['FFPROBE_BIN'] ?? 'ffprobe', [
    ...['-v', 'error', '-f', 'lavfi', '-i', filter, '-show_entries', entries, '-of', 'csv=p=0'],
  ]);
  const rows = stdout
    .trim()
    .split('\n')
    .map((row) => row.split(',').map(Number));
  const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    mean: average(rows.map(([, mean = 0]) => mean)),
    spread: average(rows.map(([low = 0, , high = 0]) => high - low)),
  };
}

describe('the pack that comes with the program', () => {
  it.each([
    ['english', 'Downtown, a lovely turtle is slowly heading right'],
    ['chinese', '一辆红色的小汽车在月光下慢慢往左开'],
    ['strange', 'seventeen dragons sing opera inside of a teapot'],
  ])('renders what nobody trained it on: %s', async (name, prompt) => {
    const { out, report, frames } = files(name);
    const end = await runCli(renderArgs(name, prompt, 21), env());
    expect(end.stderr).toBe('');
    expect(end.code).toBe(0);
    const { delivered, attempts, decisions } = await readReport(report);
    expect(delivered).toMatchObject({
      ...{ grade: 'full', widthPx: 1280, heightPx: 720, frameCount: FRAMES, fps: 16, codec: 'h264' },
      sha256: await sha256Of(out),
    });
    expect(attempts).toHaveLength(1);
    // Both experts had their turn.
    expect(attempts[0]?.experts).toEqual(['transformer', 'transformer_2']);
    expect(decisions).toEqual([]);
    expect(await readdir(frames)).toHaveLength(FRAMES);
    const { mean, spread } = await brightness(out);
    expect(mean).toBeGreaterThan(10);
    expect(mean).toBeLessThan(245);
    expect(spread).toBeGreaterThan(10);
  });

  it('gives the same frames for the same seed in another process, others for another seed or other words', async () => {
    const prompt = 'a penguin walks to the left on the beach';
    const variants = [
      ['a', prompt, 5],
      ['b', prompt, 5],
      ['c', prompt, 6],
      ['d', '企鹅在沙滩上向左走', 5],
    ] as const;
    for (const [name, words, seed] of variants)
      expect((await runCli(renderArgs(name, words, seed), env())).code).toBe(0);
    const [a, b, c, d] = await Promise.all(variants.map(async ([name]) => hashFrames(files(name).frames)));
    expect(b).toBe(a);
    expect(new Set([a, c, d]).size).toBe(3);
  });

  it('delivers the same frames although its engine was killed on the way', async () => {
    const prompt = 'an octopus sinks downwards at the seaside';
    const cli = startCli(renderArgs('killed', prompt, 8), env());
    await expect.poll(cli.said, { timeout: 30_000, interval: 20 }).toMatch(/^text /m);
    const [engine = 0] = await childrenOf(cli.child.pid ?? 0);
    process.kill(engine, 'SIGKILL');
    const end = await cli.end;
    expect(end.code).toBe(0);
    const { delivered, attempts } = await readReport(files('killed').report);
    expect(delivered.grade).toBe('repaired');
    expect(attempts.map(curedFaults)).toEqual([['engine-crashed'], []]);
    expect((await runCli(renderArgs('calm', prompt, 8), env())).code).toBe(0);
    expect(await hashFrames(files('killed').frames)).toBe(await hashFrames(files('calm').frames));
  });
});
