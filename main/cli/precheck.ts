import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { messageOf } from '../../app/base/message-of.ts';
import type { PrecheckReport } from '../../app/contract/report.ts';
import { parseLabelled, scorePrompts, type LabelledPrompt } from '../../app/precheck/evaluate.ts';
import { precheckPrompt } from '../../app/precheck/precheck.ts';
import { vocabularyOf } from '../precheck/lexicon.ts';
import { replaceFile } from '../store/atomic-file.ts';
import type { CommandContext } from './context.ts';
import { CommandProblem, exitCodes } from './problem.ts';

const LEGAL = '--prompt TEXT [--json FILE], or --evaluate [FILE …] [--json FILE]';
/** The labelled prompts of this repository; app/precheck/README.md says which of them were looked at before a rule was changed. */
const LABELLED = [
  'en-tuning',
  'zh-tuning',
  'en-held-out',
  'zh-held-out',
  'en-fresh',
  'zh-fresh',
  'en-blind',
  'zh-blind',
  'en-second',
  'zh-second',
  'en-third',
  'zh-third',
  'en-fourth',
  'zh-fourth',
];

/** The prompt findings alone; or how well they agree with labelled prompts. */
export async function precheck(args: readonly string[], context: CommandContext): Promise<void> {
  const { prompt, evaluate, json, files } = parse(args);
  if (evaluate) return evaluateAll(files, json, context);
  if (prompt === undefined || files.length > 0)
    throw new CommandProblem(exitCodes.badRequest, `precheck needs --prompt TEXT; legal: ${LEGAL}`);
  const report = precheckPrompt(prompt, vocabularyOf(context.root));
  context.write(describe(report, prompt));
  if (json !== undefined) await save(json, report);
}

/** One line for the verdict, then two for each finding: where and why, and what would stand there instead. */
function describe({ verdict, findings, safeMode }: PrecheckReport, prompt: string): string {
  const lines = findings.flatMap(({ kind, from, to, message, rewrite }) => [
    `${kind} ${from}-${to}: ${message}`,
    `  ${shown(prompt.slice(from, to))} → ${rewrite === '' ? '(nothing)' : shown(rewrite)}`,
  ]);
  const plan = safeMode ? [`safe mode renders ${shown(safeMode.prompt)}`] : [];
  return `${[verdict, ...lines, ...plan].join('\n')}\n`;
}

const SHOWN_CHARACTERS = 80;
const shown = (text: string): string =>
  JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);

async function evaluateAll(
  files: readonly string[],
  json: string | undefined,
  { root, write }: CommandContext,
): Promise<void> {
  const paths =
    files.length > 0
      ? files.map((file) => resolve(file))
      : LABELLED.map((name) => join(root, 'test', 'fixture', 'prompt', `${name}.txt`));
  const vocabulary = vocabularyOf(root);
  const results: object[] = [];
  for (const path of paths) {
    const labelled = await readLabelled(path);
    const startedMs = performance.now();
    const { scores, misses } = scorePrompts(labelled, (prompt) =>
      precheckPrompt(prompt, vocabulary).findings.map(({ kind }) => kind),
    );
    const meanMs = (performance.now() - startedMs) / Math.max(1, labelled.length);
    write(`${path}: ${labelled.length} prompts, ${meanMs.toFixed(1)} ms each\n`);
    write(`  ${'finding'.padEnd(18)} expected found right precision recall\n`);
    for (const { kind, expected, found, right, precision, recall } of scores)
      write(
        `  ${kind.padEnd(18)} ${String(expected).padStart(8)} ${String(found).padStart(5)} ${String(right).padStart(5)} ${percent(precision).padStart(9)} ${percent(recall).padStart(6)}\n`,
      );
    for (const { prompt, kinds, found } of misses)
      write(`  expected ${kinds.join(',') || 'nothing'}, found ${found.join(',') || 'nothing'}: ${shown(prompt)}\n`);
    results.push({ path, promptCount: labelled.length, meanMs, scores, misses });
  }
  if (json !== undefined) await save(json, results);
}

const percent = (ratio: number | null): string => (ratio === null ? '–' : `${(100 * ratio).toFixed(1)} %`);

async function readLabelled(path: string): Promise<readonly LabelledPrompt[]> {
  try {
    return parseLabelled(await readFile(path, 'utf8'));
  } catch (cause) {
    const detail = messageOf(cause);
    throw new CommandProblem(exitCodes.badRequest, `${path} can't be read: ${detail}`);
  }
}

async function save(file: string, value: unknown): Promise<void> {
  try {
    await replaceFile(resolve(file), `${JSON.stringify(value, null, 2)}\n`);
  } catch (cause) {
    const detail = messageOf(cause);
    throw new CommandProblem(exitCodes.unwritable, `${file} can't be written: ${detail}`);
  }
}

interface Options {
  readonly prompt: string | undefined;
  readonly evaluate: boolean;
  readonly json: string | undefined;
  readonly files: readonly string[];
}

/** A prompt may begin with a dash: the value of `--prompt` is taken as it stands. */
function parse(args: readonly string[]): Options {
  const tied: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const isValued = (arg === '--prompt' || arg === '--json') && i + 1 < args.length;
    tied.push(isValued ? `${arg}=${args[i + 1] ?? ''}` : arg);
    if (isValued) i += 1;
  }
  try {
    const { values, positionals } = parseArgs({
      args: tied,
      options: { prompt: { type: 'string' }, json: { type: 'string' }, evaluate: { type: 'boolean' } },
      allowPositionals: true,
      strict: true,
    });
    return { prompt: values.prompt, evaluate: values.evaluate === true, json: values.json, files: positionals };
  } catch (cause) {
    throw new CommandProblem(
      exitCodes.badRequest,
      `${cause instanceof Error ? cause.message.split('\n')[0] : String(cause)}; legal: ${LEGAL}`,
    );
  }
}
