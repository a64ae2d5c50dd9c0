import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { precheckPrompt } from '../../app/precheck/precheck.ts';
import { replaceFile } from '../store/atomic-file.ts';
import type { CommandContext } from './context.ts';
import { CommandProblem, exitCodes } from './problem.ts';

/** The prompt findings alone. */
export async function precheck(args: readonly string[], { write }: CommandContext): Promise<void> {
  const { prompt, json } = parse(args);
  if (prompt === undefined) throw new CommandProblem(exitCodes.badRequest, 'precheck needs --prompt TEXT');
  const report = precheckPrompt(prompt);
  write(`${report.verdict}\n`);
  for (const { kind, from, to, message } of report.findings) write(`${kind} ${from}-${to}: ${message}\n`);
  if (json !== undefined) await replaceFile(resolve(json), `${JSON.stringify(report, null, 2)}\n`);
}

function parse(args: readonly string[]): { readonly prompt?: string | undefined; readonly json?: string | undefined } {
  try {
    return parseArgs({
      args: [...args],
      options: { prompt: { type: 'string' }, json: { type: 'string' } },
      strict: true,
    }).values;
  } catch (cause) {
    throw new CommandProblem(
      exitCodes.badRequest,
      `${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}; legal: --prompt --json`,
    );
  }
}
