import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { z } from 'zod';

import { childEnvironment } from '../../main/host/node-child.ts';

const answer = z.object({ tookMs: z.number().positive(), peakBytes: z.number().positive().nullable() });
export type Run = z.infer<typeof answer>;

/** A program that does the work once for each line it is sent, and says how long it took. */
export interface Rival extends AsyncDisposable {
  run(): Promise<Run>;
}

/** The same few variables as the engine gets. What the program says on standard error is for the reader. */
export function startRival(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Rival {
  const child = spawn(command, args, { env: { ...childEnvironment(), ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = new Promise<void>((settle) => {
    child.once('close', () => settle());
    child.once('error', () => settle());
  });
  // A program that died is seen by its missing answer.
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run() {
      child.stdin.write('run\n');
      const line = await lines.next();
      if (line.done) throw new Error(`${command} ended without an answer`);
      return answer.parse(JSON.parse(line.value));
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
