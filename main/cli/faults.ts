import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { messageOf } from '../../app/base/message-of.ts';
import { matrixTotals, type MatrixRow } from '../../app/recovery/matrix.ts';
import { findScenarios, runScenario, scenarioNames } from '../faults/matrix.ts';
import type { Scenario } from '../faults/scenario.ts';
import { pairs, storm } from '../faults/several-faults.ts';
import { replaceFile } from '../store/atomic-file.ts';
import type { CommandContext } from './context.ts';
import { faultTable } from './fault-table.ts';
import { compareCommand, savingsCommand, soakCommand } from './fault-endurance.ts';
import { CommandProblem, exitCodes } from './problem.ts';

const TRIAL_LIMIT = 1_000;
const RUN_LIMIT = 100_000;

/** Put faults into real runs of this very program, one run a fault, and say what came of each. */
export async function faults(args: readonly string[], context: CommandContext): Promise<void> {
  const options = readOptions(args);
  if (options.soak !== null) return soakCommand(options, context);
  if (options.compare !== null) return compareCommand(options, context);
  if (options.savings !== null) return savingsCommand(options, context);
  const { json, seed } = options;
  const program = process.argv[1] ?? '';
  const rows: MatrixRow[] = [];
  const complaints: string[] = [];
  const skipped: string[] = [];
  for (const { scenario, trials } of scenariosOf(options)) {
    const done = await runScenario(scenario, { root: context.root, program, seed, trials, signal: context.signal });
    if (context.signal.aborted) throw new CommandProblem(exitCodes.unwritable, 'cancelled: no table was made');
    if (done.kind === 'skipped') {
      skipped.push(scenario.name);
      context.write(`- ${scenario.name.padEnd(30)} not here: ${done.why}\n`);
      continue;
    }
    rows.push(done.row);
    context.write(`${done.complaints.length === 0 ? '✓' : '✗'} ${scenario.name.padEnd(30)} ${describeRow(done.row)}\n`);
    for (const complaint of done.complaints) context.write(`    ${complaint}\n`);
    complaints.push(...done.complaints.map((complaint) => `${scenario.name}: ${complaint}`));
  }
  const totals = matrixTotals(rows);
  context.write(`\n${faultTable(rows, totals)}\n`);
  if (json !== null) {
    const machine = { platform: process.platform, cores: availableParallelism(), date: new Date().toISOString() };
    await replaceFile(json, `${JSON.stringify({ rows, totals, skipped, machine }, null, 2)}\n`);
  }
  if (complaints.length > 0)
    throw new CommandProblem(
      exitCodes.unwritable,
      `${complaints.length} of ${totals.injected}: ${complaints.join(' | ')}`,
    );
}

/** With `--pairs` or `--storm` those alone; else the matrix, or a part of it. */
function scenariosOf({ only, trials, pairCount, stormCount }: Options): readonly Asked[] {
  const several = [
    ...(pairCount === null ? [] : [{ scenario: pairs, trials: pairCount }]),
    ...(stormCount === null ? [] : [{ scenario: storm, trials: stormCount }]),
  ];
  if (several.length > 0 && only === null) return several;
  return [...findScenarios(only).map((scenario) => ({ scenario, trials })), ...several];
}

interface Asked {
  readonly scenario: Scenario;
  readonly trials: number;
}

function describeRow({ injected, detected, recovered, grade, detectMs, recoverMs }: MatrixRow): string {
  const ms = (value: number | null): string => (value === null ? '–' : `${value} ms`);
  return `seen ${detected}/${injected}, recovered ${recovered}/${injected}, ${grade ?? 'refused'}, seen after ${ms(detectMs.p50)}, recovered in ${ms(recoverMs.p50)}`;
}

interface Options {
  readonly only: readonly string[] | null;
  readonly json: string | null;
  readonly trials: number;
  readonly seed: number;
  /** So many runs with two faults each, with a whole storm of them; null for none. */
  readonly pairCount: number | null;
  readonly stormCount: number | null;
  /** So many runs in a row in one program; null for the matrix. */
  readonly soak: number | null;
  /** So many runs under both policies; null for the matrix. */
  readonly compare: number | null;
  /** So many trials of each way to save time; null for the matrix. */
  readonly savings: number | null;
}

function readOptions(args: readonly string[]): Options {
  const legal =
    'legal: --only NAME,… --json FILE --trials N --seed N --pairs N --storm N --soak N --compare N --savings N';
  const parsed = parse(args, legal);
  const only = parsed.only === undefined ? null : parsed.only.split(',').map((name) => name.trim());
  const unknown = only?.find(
    (name) => !scenarioNames().some((known) => known === name || known.startsWith(`${name}-`)),
  );
  if (unknown !== undefined)
    throw new CommandProblem(
      exitCodes.badRequest,
      `--only "${unknown}" is not a fault of the matrix; legal: ${scenarioNames().join(', ')}`,
    );
  return {
    only,
    json: parsed.json === undefined ? null : resolve(parsed.json),
    trials: wholeNumber('trials', parsed.trials, 1, TRIAL_LIMIT),
    seed: wholeNumber('seed', parsed.seed, 0, Number.MAX_SAFE_INTEGER),
    pairCount: parsed.pairs === undefined ? null : wholeNumber('pairs', parsed.pairs, 1, TRIAL_LIMIT),
    stormCount: parsed.storm === undefined ? null : wholeNumber('storm', parsed.storm, 1, TRIAL_LIMIT),
    soak: parsed.soak === undefined ? null : wholeNumber('soak', parsed.soak, 1, RUN_LIMIT),
    compare: parsed.compare === undefined ? null : wholeNumber('compare', parsed.compare, 1, RUN_LIMIT),
    savings: parsed.savings === undefined ? null : wholeNumber('savings', parsed.savings, 1, TRIAL_LIMIT),
  };
}

function parse(args: readonly string[], legal: string) {
  const options = {
    only: { type: 'string' },
    json: { type: 'string' },
    trials: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    pairs: { type: 'string' },
    storm: { type: 'string' },
    soak: { type: 'string' },
    compare: { type: 'string' },
    savings: { type: 'string' },
  } as const;
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    const [line = ''] = messageOf(cause).split('\n');
    throw new CommandProblem(exitCodes.badRequest, `${line}; ${legal}`);
  }
}

function wholeNumber(name: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new CommandProblem(
    exitCodes.badRequest,
    `--${name} "${text}" is not legal; legal: a whole number from ${from} to ${to}`,
  );
}
