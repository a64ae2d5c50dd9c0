import { findTemporaryFolder } from '../base/temporary-folder.ts';
import { homeFolder } from '../store/home.ts';
import type { CommandContext } from './context.ts';
import { doctor } from './doctor.ts';
import { faults } from './faults.ts';
import { inspect } from './inspect.ts';
import { packs } from './packs.ts';
import { precheck } from './precheck.ts';
import { CommandProblem, exitCodes } from './problem.ts';
import { render } from './render.ts';
import { replay } from './replay.ts';

const commands: Readonly<Record<string, (args: readonly string[], context: CommandContext) => Promise<void>>> = {
  render,
  packs,
  precheck,
  doctor,
  faults,
  inspect,
  replay,
};

/** Entry of the command line: `cli.js COMMAND ARGUMENTS`. */
async function main(): Promise<void> {
  const [name = '', ...args] = process.argv.slice(2);
  const abort = new AbortController();
  // Whoever reads may leave early (`| head`): the work goes on without them.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => abort.abort());
  // A terminal that closes is a reader that leaves: a clip that was ordered comes all the same.
  process.on('SIGHUP', () => {
    if (name !== 'render') abort.abort();
  });
  // The soft limit of processor seconds (ulimit -S -t) warns, and only the hard one ends: what is left goes into a clip.
  if (process.platform !== 'win32') process.on('SIGXCPU', () => undefined);
  await findTemporaryFolder();
  const context: CommandContext = {
    root: process.env['STEADYFRAME_ROOT'] ?? process.cwd(),
    home: homeFolder(),
    write: (text) => void process.stdout.write(text),
    isTerminal: process.stdout.isTTY,
    signal: abort.signal,
  };
  try {
    const command = commands[name];
    if (!command)
      throw new CommandProblem(
        exitCodes.badRequest,
        `"${name}" is not a command; legal: ${Object.keys(commands).join(', ')}`,
      );
    await command(args, context);
  } catch (cause) {
    const problem =
      cause instanceof CommandProblem
        ? cause
        : new CommandProblem(exitCodes.unwritable, `internal error: ${String(cause)}`);
    process.stderr.write(`${problem.message}\n`);
    process.exitCode = problem.exitCode;
  }
}

await main();
