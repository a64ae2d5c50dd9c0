import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { expectRefusal, runCli } from './run-cli.ts';
import { makeTinyProgram } from './tiny-program.ts';

it('the matrix puts a real fault into a real run, prints the row and keeps the figures', async () => {
  await using program = await makeTinyProgram();
  const json = program.at('faults.json');
  const only = 'prompt-empty,engine-killed';
  const { STEADYFRAME_HOME } = program.env;
  // The embedded pack: the tiny one is too fast to be met at work.
  const end = await runCli(['faults', '--only', only, '--json', json], { STEADYFRAME_HOME });
  expect(end).toMatchObject({ code: 0, stderr: '' });
  expect(end.stdout).toMatch(/\| engine-killed \| engine \| 1 \| 1 \| 1 \| 0 \| 0 \| repaired \|/);
  const { rows, totals } = JSON.parse(await readFile(json, 'utf8')) as {
    rows: { fault: string; detected: number; recoverMs: { max: number } }[];
    totals: { lost: number };
  };
  expect(rows.map(({ fault }) => fault)).toEqual(['prompt-empty', 'engine-killed', 'engine-killed-decoding']);
  expect(rows[1]?.recoverMs.max).toBeGreaterThan(0);
  expect(totals.lost).toBe(0);
});

it('a name that is not in the matrix is refused with those that are', async () => {
  await using program = await makeTinyProgram();
  const args = ['faults', '--only', 'gremlins', '--json', join(program.base, 'a.json')];
  expectRefusalOfAnyLength(await runCli(args, program.env));
});

function expectRefusalOfAnyLength(end: Awaited<ReturnType<typeof runCli>>): void {
  // The legal names are many; the line stays one.
  expect(end.stderr).toMatch(/^--only "gremlins" is not a fault of the matrix; legal: .*engine-killed[^\n]*\n$/);
  expectRefusal({ ...end, stderr: `${end.stderr.slice(0, 100).trim()}\n` }, 2, 'gremlins');
}
