import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

import { runCli, startCli } from './run-cli.ts';
import { makeTinyProgram, readReport, sha256Of } from './tiny-program.ts';

/** A step takes long enough for something to happen in it. */
const SLOW = { slowness: 20 };
const isLinux = process.platform === 'linux';
const POLL = { timeout: 30_000, interval: 20 };

/** A render, and what happens to it while it denoises. */
async function renderWhile(
  program: Awaited<ReturnType<typeof makeTinyProgram>>,
  happen: (cli: ReturnType<typeof startCli>) => Promise<unknown>,
) {
  const [out, report] = [program.at('clips', 'a.mp4'), program.at('reports', 'r.json')];
  const order = ['render', '--prompt', 'a red ball', '--seed', '5', '--out', out, '--report', report];
  const cli = startCli(order, program.env);
  await expect.poll(cli.said, POLL).toMatch(/^text /m);
  await happen(cli);
  return { ...(await cli.end), out, report };
}

it.runIf(isLinux)('delivers in full where the home is removed during the run', async () => {
  // Catches frames that nobody finds any more, though the open file holds all of them.
  await using program = await makeTinyProgram(SLOW);
  const end = await renderWhile(program, async () => rm(program.env.STEADYFRAME_HOME, { recursive: true }));
  expect(end).toMatchObject({ code: 0, stderr: '' });
  const { delivered } = await readReport(end.report);
  expect(delivered).toMatchObject({ grade: 'full', sha256: await sha256Of(end.out) });
});

it('makes the folder of the report again, and says what became of the clip where that can not be', async () => {
  await using program = await makeTinyProgram(SLOW);
  const removed = async () => rm(program.at('reports'), { recursive: true });
  const again = await renderWhile(program, removed);
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect((await readReport(again.report)).delivered.sha256).toBe(await sha256Of(again.out));

  const taken = await renderWhile(program, async () => {
    await removed();
    await writeFile(program.at('reports'), '');
  });
  expect(taken.stderr).toMatch(/^the clip is written \(.*a\.mp4\), and its report is not: --report .* is a file\n$/);
  expect(taken.code).toBe(3);
  expect(taken.stdout.trimEnd().split('\n').at(-1)).toBe(taken.out);
  expect(existsSync(taken.out)).toBe(true);
});

it.skipIf(process.platform === 'win32').each(['SIGHUP', 'SIGXCPU'] as const)(
  'brings the clip all the same after %s: a terminal that closed, a soft limit that was passed',
  async (signal) => {
    await using program = await makeTinyProgram(SLOW);
    const end = await renderWhile(program, async ({ child }) => Promise.resolve(child.kill(signal)));
    expect(end).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect((await readReport(end.report)).delivered.sha256).toBe(await sha256Of(end.out));
  },
);

it.skipIf(process.platform === 'win32').each([
  ['is not there', 'none/at/all'],
  ['is a file', 'file'],
])('renders where the named folder for temporary files %s', async (_, name) => {
  await using program = await makeTinyProgram();
  await writeFile(program.at('file'), '');
  const order = ['render', '--prompt', 'a red ball', '--seed', '5', '--out', program.at('a.mp4')];
  const end = await runCli(order, { ...program.env, TMPDIR: program.at(name) });
  expect(end).toMatchObject({ code: 0, stderr: '' });
});

it('is made without a history that can not be opened, and says so by its right name', async () => {
  await using program = await makeTinyProgram();
  await mkdir(program.at('home', 'runs.db'), { recursive: true });
  const report = program.at('r.json');
  const order = ['render', '--prompt', 'a red ball', '--seed', '5', '--out', program.at('a.mp4'), '--report', report];
  const end = await runCli(order, program.env);
  expect(end).toMatchObject({ code: 0, stderr: '' });
  expect(end.stdout).toMatch(/notice .*STEADYFRAME_HOME/);
  const { attempts, delivered } = await readReport(report);
  expect(delivered.grade).toBe('full');
  expect(attempts.flatMap(({ faults }) => faults)).toContainEqual(
    expect.objectContaining({ kind: 'output-unwritable', severity: 'warning' }),
  );
});

it.skipIf(process.platform === 'win32')('never puts a report in the place of a device', async () => {
  await using program = await makeTinyProgram();
  // A pipe of our own: as root a true device would be gone for everybody if this ever failed.
  execFileSync('mkfifo', [program.at('pipe')]);
  const order = ['render', '--prompt', 'a red ball', '--seed', '5', '--out', program.at('a.mp4')];
  const end = await runCli([...order, '--report', program.at('pipe')], program.env);
  expect(end.stderr).toMatch(/^--report .*pipe" is there and is not a plain file; legal: .*\n$/);
  expect(end.code).toBe(2);
});
