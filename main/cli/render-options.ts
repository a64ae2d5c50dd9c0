import { parseArgs } from 'node:util';

import type { Injection } from '../../app/contract/injection.ts';
import { parseInjection } from '../../app/contract/injection-text.ts';
import { providerNames, type ProviderName } from '../../app/plan/provider-order.ts';
import { CommandProblem, exitCodes } from './problem.ts';

export interface RenderOptions {
  readonly prompt: string | null;
  readonly project: string | null;
  /** The studio's project that the runs belong to; null: that of the project file's name, or the first. */
  readonly namespace: string | null;
  readonly negative: string;
  readonly pack: string | null;
  readonly rung: string | null;
  readonly frames: number | null;
  readonly steps: number | null;
  readonly seed: number | null;
  readonly out: string | null;
  readonly report: string | null;
  readonly framesFolder: string | null;
  readonly policy: 'auto' | 'off';
  readonly deadlineSeconds: number | null;
  /** Devices to compute on, in the order in which they are tried; none: the processor. */
  readonly providers: readonly ProviderName[];
  /** Port of the metrics endpoint while it renders; null: what the settings say. */
  readonly metricsPort: number | null;
  /** Faults to be put into every shot on purpose. */
  readonly injections: readonly Injection[];
  /** Finish the jobs that a killed program left behind, instead of beginning one. */
  readonly isResume: boolean;
}

const options = {
  prompt: { type: 'string' },
  project: { type: 'string' },
  namespace: { type: 'string' },
  negative: { type: 'string' },
  pack: { type: 'string' },
  rung: { type: 'string' },
  frames: { type: 'string' },
  steps: { type: 'string' },
  seed: { type: 'string' },
  out: { type: 'string' },
  report: { type: 'string' },
  'frames-dir': { type: 'string' },
  policy: { type: 'string' },
  deadline: { type: 'string' },
  metrics: { type: 'string' },
  provider: { type: 'string' },
  fault: { type: 'string', multiple: true },
  resume: { type: 'boolean' },
} as const;

/** @throws CommandProblem  with the option's name and its legal values */
export function parseRenderOptions(args: readonly string[]): RenderOptions {
  const values = parseStrictly(args);
  if (values.prompt !== undefined && values.project !== undefined)
    throw new CommandProblem(
      exitCodes.badRequest,
      '--prompt and --project exclude each other; legal: one of them, or neither for the sample project',
    );
  const policy = values.policy ?? 'auto';
  if (policy !== 'auto' && policy !== 'off')
    throw new CommandProblem(exitCodes.badRequest, `--policy "${policy}" is not a policy; legal: auto, off`);
  return {
    prompt: values.prompt ?? null,
    project: values.project ?? null,
    namespace: values.namespace ?? null,
    negative: values.negative ?? '',
    pack: values.pack ?? null,
    rung: values.rung ?? null,
    frames: wholeNumber('frames', values.frames),
    steps: wholeNumber('steps', values.steps),
    seed: wholeNumber('seed', values.seed),
    out: values.out ?? null,
    report: values.report ?? null,
    framesFolder: values['frames-dir'] ?? null,
    policy,
    deadlineSeconds: seconds('deadline', values.deadline),
    metricsPort: port(values.metrics),
    providers: (values.provider ?? '').split(',').filter(Boolean).map(provider),
    injections: (values.fault ?? []).map(injectionOf),
    isResume: values.resume ?? false,
  };
}

function parseStrictly(args: readonly string[]) {
  try {
    return parseArgs({ args: joinValues(args), options, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    const detail =
      cause instanceof Error
        ? (cause.message.split('\n')[0] ?? '').replace(/\. To specify a positional.*$/, '')
        : String(cause);
    const legal = Object.keys(options).map((name) => `--${name}`);
    throw new CommandProblem(exitCodes.badRequest, `${detail}; legal: ${legal.join(' ')}`);
  }
}

/** `--seed -1` and `--prompt "-x"` are values to the user, but parseArgs would take them for options. */
function joinValues(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const name = arg.slice(2);
    const takesValue = arg.startsWith('--') && name in options && name !== 'resume';
    const value = args[i + 1];
    if (takesValue && value !== undefined && value.startsWith('-') && !(value.slice(2) in options)) {
      joined.push(`${arg}=${value}`);
      i += 1;
    } else joined.push(arg);
  }
  return joined;
}

function injectionOf(text: string): Injection {
  const parsed = parseInjection(text);
  if (parsed.ok) return parsed.value;
  const { value, legal } = parsed.error;
  throw new CommandProblem(exitCodes.badRequest, `--fault "${value}" can't be injected; legal: ${legal}`);
}

function wholeNumber(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^-?\d+$/.test(text.trim()))
    throw new CommandProblem(exitCodes.badRequest, `--${name} "${text}" is not a whole number; legal: digits only`);
  return Number(text);
}

function provider(text: string): ProviderName {
  const name = providerNames.find((one) => one === text.trim());
  if (name) return name;
  throw new CommandProblem(
    exitCodes.badRequest,
    `--provider "${text}" is not a compute device; legal: one or more of ${providerNames.join(', ')}, with commas between`,
  );
}

function port(text: string | undefined): number | null {
  const value = wholeNumber('metrics', text);
  if (value !== null && (value < 1 || value > 65_535))
    throw new CommandProblem(exitCodes.badRequest, `--metrics "${value}" is not a port; legal: 1 to 65535`);
  return value;
}

function seconds(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new CommandProblem(
      exitCodes.badRequest,
      `--${name} "${text}" is not a number of seconds; legal: a number above 0`,
    );
  return value;
}
