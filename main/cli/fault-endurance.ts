import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { formatBytes } from '../../app/base/figure.ts';
import { comparePolicies } from '../faults/compare.ts';
import { measureSavings } from '../faults/savings.ts';
import { soak, type SoakProgress } from '../faults/soak.ts';
import { replaceFile } from '../store/atomic-file.ts';
import type { CommandContext } from './context.ts';
import { markdownTable } from './markdown-table.ts';
import { CommandProblem, exitCodes } from './problem.ts';

export interface EnduranceOptions {
  readonly json: string | null;
  readonly seed: number;
  readonly soak: number | null;
  readonly compare: number | null;
  readonly savings: number | null;
}

/** What a run may leave behind at most: half a mebibyte, a hundredth of a handle. */
const BYTES_A_RUN = 512 * 1024;
const HANDLES_A_RUN = 0.01;

/** A home for the many runs, apart from the user's own and gone afterwards. */
async function inOwnHome<T>(work: (home: string) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'endurance-'));
  try {
    return await work(home);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

const heldWords = (held: SoakProgress, wanted: number): string => {
  const { run, clips, mainBytes, heapBytes, handles, children, files, nextSeed } = held;
  const memory = `memory ${formatBytes(mainBytes)}, heap ${formatBytes(heapBytes)}`;
  const rest = run < wanted ? `; from here: --soak ${wanted - run} --seed ${nextSeed}` : '';
  return `----- after ${run} runs: ${clips} clips, ${memory}, ${handles} handles, ${children} children, ${files} files${rest}`;
};

/** `--soak N`: N runs in a row with random faults; as many clips, and nothing left behind. */
export async function soakCommand(options: EnduranceOptions, { root, write, signal }: CommandContext): Promise<void> {
  const result = await inOwnHome(async (home) =>
    soak({
      ...{ root, home, signal, runs: options.soak ?? 1, seed: options.seed },
      onRun: (run, line) => write(`${String(run + 1).padStart(5)}  ${line}\n`),
      onProgress: (held) => write(`${heldWords(held, options.soak ?? 1)}\n`),
    }),
  );
  const { runs, clips, grades, mainBytesSlope, handlesSlope, filesSlope, orphanProcesses, orphanFiles } = result;
  const slope = (value: number | null, unit: string): string =>
    value === null ? 'too few runs to tell' : `${value.toFixed(3)} ${unit}`;
  const rows = [
    ['runs', runs],
    ['clips', clips],
    [
      'grades',
      Object.entries(grades)
        .map(([grade, count]) => `${grade} ${count}`)
        .join(', '),
    ],
    ['memory, floor a run', slope(mainBytesSlope === null ? null : mainBytesSlope / 1024, 'KiB')],
    ['open handles a run', slope(handlesSlope, '')],
    ['files in the home a run, clips apart', slope(filesSlope, '')],
    ['processes left', orphanProcesses],
    ['temporary files left', orphanFiles],
    ['seconds', result.seconds.toFixed(0)],
  ];
  write(`\n${markdownTable(['figure', 'value'], rows)}\n`);
  if (options.json !== null) await replaceFile(options.json, `${JSON.stringify(result, null, 2)}\n`);
  const complaints = [
    ...result.problems,
    ...(clips < runs && result.problems.length === 0 ? [`${runs - clips} clips are missing`] : []),
    ...((mainBytesSlope ?? 0) > BYTES_A_RUN ? ['memory grows'] : []),
    ...((handlesSlope ?? 0) > HANDLES_A_RUN ? ['handles are not given back'] : []),
    ...(orphanProcesses > 0 ? [`${orphanProcesses} processes were left`] : []),
    ...(orphanFiles > 0 ? [`${orphanFiles} temporary files were left`] : []),
  ];
  if (complaints.length > 0) throw new CommandProblem(exitCodes.unwritable, complaints.join(' | '));
}

/** `--compare N`: N faults under cure by cause, and under another seed and once more. */
export async function compareCommand(
  options: EnduranceOptions,
  { root, write, signal }: CommandContext,
): Promise<void> {
  const figures = await inOwnHome(async (home) =>
    comparePolicies({
      ...{ root, signal, runs: options.compare ?? 1, seed: options.seed },
      homes: { auto: join(home, 'auto'), retry: join(home, 'retry') },
      onRun: (line) => write(`${line}\n`),
    }),
  );
  const names = { auto: 'cure by cause', retry: 'another seed and once more', off: 'none' };
  const heads = [
    ...['policy', 'runs', 'full or repaired'],
    ...['mean seconds to a good clip, where both had one', 'attempts'],
  ];
  const rows = figures.map(({ mode, runs, good, meanGoodSeconds, meanAttempts }) => {
    const share = runs === 0 ? 0 : Math.round((good / runs) * 100);
    return [names[mode], runs, `${good} (${share} %)`, meanGoodSeconds?.toFixed(2) ?? '–', meanAttempts.toFixed(2)];
  });
  write(`\n${markdownTable(heads, rows)}\n`);
  if (options.json !== null) await replaceFile(options.json, `${JSON.stringify({ figures }, null, 2)}\n`);
}

/** `--savings N`: what early stops and saved latents are worth, N trials each. */
export async function savingsCommand(
  options: EnduranceOptions,
  { root, write, signal }: CommandContext,
): Promise<void> {
  const savings = await inOwnHome(async (home) =>
    measureSavings({
      ...{ root, home, signal, trials: options.savings ?? 1, seed: options.seed },
      onCase: (line) => write(`${line}\n`),
    }),
  );
  const heads = ['fault', 'trials', 'full or repaired', 'seconds', 'to the end, and over again', 'saved'];
  const rows = savings.map(({ name, trials, good, oursSeconds, rivalSeconds }) => {
    const saved = rivalSeconds - oursSeconds;
    const share = `${saved.toFixed(2)} (${Math.round((saved / rivalSeconds) * 100)} %)`;
    return [name, trials, good, oursSeconds.toFixed(2), rivalSeconds.toFixed(2), share];
  });
  write(`\n${markdownTable(heads, rows)}\n`);
  if (options.json !== null) await replaceFile(options.json, `${JSON.stringify({ savings }, null, 2)}\n`);
}
