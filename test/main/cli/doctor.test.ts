import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { doctor } from '../../../main/cli/doctor.ts';
import { CommandProblem } from '../../../main/cli/problem.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'steadyframe-doctor-'));
});
afterEach(async () => rm(home, { recursive: true, force: true }));

async function examine(change: { readonly root?: string; readonly home?: string }) {
  let text = '';
  const context = {
    root: resolve(import.meta.dirname, '..', '..', '..'),
    home,
    write: (more: string): void => void (text += more),
    isTerminal: false,
    signal: new AbortController().signal,
    ...change,
  };
  const problem = await doctor([], context).then(
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
  ])
    expect(lines.filter((line) => line.startsWith(subject, 2) && line[16] === ' ')).toHaveLength(1);
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
