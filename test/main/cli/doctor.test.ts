import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { doctor } from '../../../main/cli/doctor.ts';
import { CommandProblem } from '../../../main/cli/problem.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'steadyframe-doctor-'));
});
afterEach(async () => rm(home, { recursive: true, force: true }));

async function examine(change: { readonly root?: string; readonly home?: string }, args: readonly string[] = []) {
  let text = '';
  const context = {
    root: resolve(import.meta.dirname, '..', '..', '..'),
    home,
    write: (more: string): void => void (text += more),
    isTerminal: false,
    signal: new AbortController().signal,
    ...change,
  };
  const problem = await doctor(args, context).then(
    () => null,
    (cause: unknown) => cause,
  );
  return { lines: text.split('\n'), problem };
}

it('names every part of the machine, one aligned line each', async () => {
  const { lines } = await examine({});
  for (const subject of [
    'Node',
    'ONNX Runtime',
    'processor',
    'memory',
    'GPU',
    'home',
    'disk',
    'ffmpeg',
    'ffprobe',
    'lexicon',
    'flow model',
  ])
    expect(lines.filter((line) => line.startsWith(subject, 2) && line[16] === ' ')).toHaveLength(1);
});

it('finds nothing missing in the project as it is', async () => {
  const { lines, problem } = await examine({});
  expect(lines.filter((line) => line.startsWith('✗'))).toEqual([]);
  expect(problem).toBeNull();
});

it('says what to do about a gap, and ends as a failure', async () => {
  const { lines, problem } = await examine({ root: home });
  expect(lines.find((line) => line.startsWith('✗ packs'))).toContain('npm run packs -- add');
  expect(problem).toBeInstanceOf(CommandProblem);
  expect(lines.find((line) => line.startsWith('! lexicon'))).toContain('sensitive.txt');
});

it('names a home that can not be written', async () => {
  const { lines } = await examine({ home: '/dev/null/home' });
  expect(lines.find((line) => line.startsWith('✗ home'))).toContain('STEADYFRAME_HOME');
});

it('puts packs, tools, memory and disk into its bundle, and what it would have said of them', async () => {
  const path = join(home, 'bundle.zip');
  const { problem, lines } = await examine({}, ['--bundle', path]);
  expect(problem).toBeNull();
  expect(lines.some((line) => line.startsWith('holds    device.json'))).toBe(true);
  const device = unzipSync(await readFile(path))['device.json'];
  const facts = JSON.parse(strFromU8(device ?? new Uint8Array())) as {
    readonly checks: readonly { subject: string }[];
  };
  expect(facts).toMatchObject({
    memory: { totalBytes: expect.any(Number) as number, availableBytes: expect.any(Number) as number },
    disk: { homeFreeBytes: expect.any(Number) as number },
    packs: [
      {
        id: 'wan-mini',
        version: expect.any(String) as string,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    ],
    tools: { ffmpeg: { version: expect.any(String) as string }, ffprobe: { version: expect.any(String) as string } },
  });
  expect(facts.checks.map(({ subject }) => subject)).toEqual(
    expect.arrayContaining(['Node', 'ONNX Runtime', 'memory', 'disk', 'ffmpeg', 'ffprobe', 'lexicon']),
  );
});
