import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { runCli } from './run-cli.ts';
import { makeTinyProgram, readReport } from './tiny-program.ts';

/** Of a user that nobody is: the limit counts all processes of a user, and does not hold for root. */
const nobody = 100_000 + process.pid;
const asNobody = (limit: number): readonly string[] => [
  ...['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'],
  ...['prlimit', `--nproc=${limit}`],
];
const [command, ...args] = [...asNobody(100), process.execPath, '-e', '0'];
const canLimit = spawnSync(command, args, { cwd: import.meta.dirname }).status === 0;

it.runIf(canLimit)('says by which limit it is that the program can not even start', () => {
  // Catches a Node that waits for ever for a thread which was refused to it: a command without an end and without a word.
  const setup = join(import.meta.dirname, '..', '..', 'resources', 'setup', 'run.mjs');
  const [program, ...before] = asNobody(14);
  const line = [...before, process.execPath, setup, 'precheck', '--prompt', 'a red ball'];
  const end = spawnSync(program as string, line, { encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' });
  expect(end.stderr).toMatch(
    /^the system allows this user 14 processes and threads at a time \(left: \d+; needed to start: 11\)\. Next: .*ulimit -u.*\n$/,
  );
  expect(end.status).toBe(3);
});

/** Node takes eleven for itself. */
it.runIf(canLimit).each([
  // Catches a thread that is refused and taken for a damaged pack, and an engine that needs more of them than it uses.
  ['renders in full', 20, 'full'],
  // Catches limits of minutes one after the other.
  ['delivers a stand-in before long', 14, 'fallback'],
])(
  '%s with %i processes',
  async (_, limit, grade) => {
    await using program = await makeTinyProgram();
    chmodSync(program.at('.'), 0o777);
    const order = ['render', '--prompt', 'a red ball', '--seed', '1'];
    const startedMs = performance.now();
    const end = await runCli(
      [...order, '--out', program.at('out.mp4'), '--report', program.at('out.json')],
      { ...program.env, TMPDIR: program.at('.'), HOME: program.at('.') },
      undefined,
      asNobody(limit),
    );
    expect(end, end.stderr).toMatchObject({ code: 0 });
    expect((await readReport(program.at('out.json'))).delivered.grade).toBe(grade);
    expect(performance.now() - startedMs).toBeLessThan(120_000);
  },
  200_000,
);
