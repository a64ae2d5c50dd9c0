import { readdir, writeFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runCli } from './run-cli.ts';
import { hashFrames, makeTinyProgram, readReport } from './tiny-program.ts';

let program: Awaited<ReturnType<typeof makeTinyProgram>>;
let count = 0;
beforeAll(async () => {
  program = await makeTinyProgram();
});
afterAll(async () => program[Symbol.asyncDispose]());

/** Render in processes of their own, and hash the frames as they were rendered. */
async function framesOf(...args: readonly string[]) {
  count += 1;
  const [folder, report] = [program.at(`frames-${count}`), program.at(`report-${count}.json`)];
  const places = ['--out', program.at(`${count}.mp4`), '--frames-dir', folder, '--report', report];
  const end = await runCli(['render', ...places, ...args], program.env);
  expect(end).toMatchObject({ code: 0, stderr: '' });
  return { hash: await hashFrames(folder), report: await readReport(report) };
}

describe('a render', () => {
  const red = ['--prompt', 'a red ball'];

  it('with the same seed gives the same frames in another process', async () => {
    const one = await framesOf(...red, '--seed', '3');
    const other = await framesOf(...red, '--seed', '3');
    expect(other.hash).toBe(one.hash);
    expect(one.report.delivered.grade).toBe('full');
    expect(one.report.request.seed).toBe(3);
  });

  it.each<[string, readonly string[]]>([
    ['another seed', [...red, '--seed', '4']],
    ['another prompt', ['--prompt', 'a blue cat walks', '--seed', '3']],
    ['another negative prompt', [...red, '--negative', 'cat walks', '--seed', '3']],
    ['other steps', [...red, '--seed', '3', '--steps', '5']],
  ])('with %s gives others', async (_, args) => {
    // Catches an input that is taken and never reaches the model.
    const plain = await framesOf(...red, '--seed', '3');
    expect((await framesOf(...args)).hash).not.toBe(plain.hash);
  });

  it('draws a seed where none is given, and tells it, so that the clip can be made again', async () => {
    const one = await framesOf(...red);
    const other = await framesOf(...red, '--seed', String(one.report.request.seed));
    expect(other.hash).toBe(one.hash);
  });

  it('reports what was delivered and what it took', async () => {
    const { report } = await framesOf(...red, '--seed', '3', '--rung', 'quick', '--frames', '5');
    expect(report).toMatchObject({
      request: { prompt: 'a red ball', language: 'en', packId: 'tiny', rung: 'quick', frameCount: 5, steps: 8 },
      device: { provider: 'cpu', vramBytes: null },
      attempts: [{ index: 0, experts: ['high', 'low'], stepsRun: 8, stepsPlanned: 8, faults: [] }],
      decisions: [],
      delivered: { grade: 'full', renderedWidthPx: 64, renderedHeightPx: 32, frameCount: 5 },
    });
    expect(report.health.frames).toHaveLength(5);
    expect(report.health.attention.map(({ token }) => token)).toEqual(['a', 'red', 'ball']);
    expect(report.health.resources.rssPeakBytes).toBeGreaterThan(1e6);
  });
});

it('of a long project gives the frames of every shot, though only those of the latest jobs are kept', async () => {
  // Catches frames that are collected at the end: by then the first shots' are gone.
  const SHOTS = 52;
  const shot = { prompt: 'a red ball', durationSeconds: 0.1 };
  const path = program.at('long.steady.json');
  const delivery = { widthPx: 32, heightPx: 32, fps: 16, codec: 'h264' };
  const shots = Array.from({ length: SHOTS }, (_, i) => ({ ...shot, id: `shot ${i}`, seed: i }));
  await writeFile(path, JSON.stringify({ version: 1, name: 'long', delivery, shots }));
  const { report } = await framesOf('--project', path);
  const frames = await readdir(program.at(`frames-${count}`));
  expect(report.attempts).toHaveLength(SHOTS);
  expect(frames).toHaveLength(report.request.frameCount);
});
