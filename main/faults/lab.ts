import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, link, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runReport, type RunReport } from '../../app/contract/report.ts';
import type { Observation } from '../../app/recovery/matrix.ts';
import { probeClip } from '../export/verify.ts';
import { decisionTimes, type Line } from './decision-times.ts';
import { childrenOf, signalTo, wait, processorWaitMs } from './processes.ts';

/** Long enough for a render with every cure in it, short enough to tell a hang. */
const RUN_LIMIT_MS = 180_000;
const POLL_MS = 5;

export interface LabOptions {
  /** The program's own folder. */
  readonly root: string;
  /** The command line that is put to the test: this very program. */
  readonly program: string;
  readonly seed: number;
  readonly signal: AbortSignal;
}

export interface RunEnd {
  readonly exitCode: number | null;
  readonly killedBy: NodeJS.Signals | null;
  readonly stderr: string;
}

/** One trial's surroundings: a home, a place for what is rendered, and real processes that end with it. */
export class Lab implements AsyncDisposable {
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly #options: LabOptions;
  readonly #folder: string;
  readonly #runs: Run[] = [];
  readonly #undo: (() => Promise<void>)[] = [];
  /** When the fault was put in, by the clock of `performance.now`. */
  injectedAtMs: number | null = null;
  root: string;

  private constructor(options: LabOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.seed = options.seed;
    this.signal = options.signal;
    this.root = options.root;
  }

  static async open(options: LabOptions): Promise<Lab> {
    return new Lab(options, await mkdtemp(join(tmpdir(), 'steadyframe-faults-')));
  }

  at(...parts: readonly string[]): string {
    return join(this.#folder, ...parts);
  }

  get outPath(): string {
    return this.at('clip.mp4');
  }

  /** Mark the moment of the injection; where there is none, detection is not timed. */
  injected(): void {
    this.injectedAtMs ??= performance.now();
  }

  onEnd(undo: () => Promise<void>): void {
    this.#undo.push(undo);
  }

  /** `render` with the usual short clip; what is given comes last and wins. */
  render(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Run {
    const usual = ['--rung', 'quick', '--steps', '24', '--seed', String(this.seed), '--report', this.at('report.json')];
    const prompt = args.includes('--prompt') || args.includes('--project') ? [] : ['--prompt', PROMPT];
    const out = args.includes('--out') ? [] : ['--out', this.outPath];
    return this.command('render', [...prompt, ...out, ...withoutRepeats(usual, args), ...args], env);
  }

  command(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
    const child = spawn(process.execPath, [this.#options.program, name, ...args], {
      env: { ...process.env, STEADYFRAME_ROOT: this.root, STEADYFRAME_HOME: this.at('home'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const run = new Run(child, this.signal);
    this.#runs.push(run);
    return run;
  }

  /** A copy of the program's packs that can be spoiled; files are linked until they are written to. */
  async ownPacks(): Promise<string> {
    const root = this.at('program');
    const from = join(this.#options.root, 'models');
    for (const id of await readdir(from)) {
      const pack = join(from, id, 'pack');
      if (existsSync(pack)) await linkFolder(pack, join(root, 'models', id, 'pack'));
    }
    await cp(join(this.#options.root, 'resources'), join(root, 'resources'), { recursive: true }).catch(
      () => undefined,
    );
    this.root = root;
    return join(root, 'models', 'wan-mini', 'pack');
  }

  /** What came of a run, for the judge. */
  async observe(run: Run): Promise<Observation> {
    const end = await run.end;
    const report = await this.#report();
    const fault = run.lines.find(({ text }) => text.startsWith('fault '));
    return {
      exitCode: end.exitCode,
      stderr: end.stderr,
      report,
      clipFault: report ? await this.#clipFault(report) : 'no report was written',
      detectMs: fault && this.injectedAtMs !== null ? Math.max(0, fault.atMs - this.injectedAtMs) : null,
      decideMs: decisionTimes(run.lines),
      seed: this.seed,
    };
  }

  async #report(): Promise<RunReport | null> {
    const text = await readFile(this.at('report.json'), 'utf8').catch(() => null);
    if (text === null) return null;
    const parsed = runReport.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  }

  async #clipFault({ delivered }: RunReport): Promise<string | null> {
    const bytes = await readFile(delivered.path).catch(() => null);
    if (!bytes) return `${delivered.path} is not there`;
    if (createHash('sha256').update(bytes).digest('hex') !== delivered.sha256)
      return 'it is not the file of the report';
    const facts = await probeClip(delivered.path, this.signal);
    if (!facts.ok) return facts.error;
    const { frameCount } = facts.value;
    return frameCount === delivered.frameCount ? null : `${frameCount} frames instead of ${delivered.frameCount}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const run of this.#runs) await run[Symbol.asyncDispose]();
    for (const undo of this.#undo.toReversed()) await undo();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const PROMPT = 'A penguin walks to the right in the snow';

function withoutRepeats(usual: readonly string[], given: readonly string[]): string[] {
  return usual.filter((_, i) => !given.includes(usual[i - (i % 2)] ?? ''));
}

async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkFolder(source, target);
    // Another file system has no links; then it is a copy.
    else await link(source, target).catch(async () => cp(source, target));
  }
}

/** One command under way: what it says, when, and which processes it has. */
export class Run implements AsyncDisposable {
  readonly lines: Line[] = [];
  readonly end: Promise<RunEnd>;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, signal: AbortSignal) {
    this.#child = child;
    let rest = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      const [atMs, waitedMs] = [performance.now(), processorWaitMs(this.pid)];
      for (const part of parts) this.lines.push({ text: part, atMs, waitedMs });
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const stop = (): void => void this.#killAll();
    const timer = setTimeout(stop, RUN_LIMIT_MS);
    signal.addEventListener('abort', stop, { once: true });
    this.end = new Promise((resolve) => {
      child.on('close', (exitCode, killedBy) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        resolve({ exitCode, killedBy, stderr });
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The first line that matches; null when the command ended without one. */
  async until(pattern: RegExp): Promise<Line | null> {
    for (;;) {
      const line = this.lines.find(({ text }) => pattern.test(text));
      if (line) return line;
      if (this.isOver) return null;
      await wait(POLL_MS);
    }
  }

  /** The child that computes, by the name that it gives itself; null when the command ended before there was one. */
  async engine(): Promise<number | null> {
    return this.#childThat((name) => name.startsWith('steadyframe eng'));
  }

  async encoder(): Promise<number | null> {
    return this.#childThat((name) => name.startsWith('ffmpeg'));
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async #childThat(fits: (name: string) => boolean): Promise<number | null> {
    while (!this.isOver) {
      for (const pid of await childrenOf(this.pid)) if (fits(await nameOf(pid))) return pid;
      await wait(1);
    }
    return null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isOver) await this.#killAll();
    await this.end;
  }

  /** With its children: one that was stopped would never see that it is alone. */
  async #killAll(): Promise<void> {
    const children = await childrenOf(this.pid);
    this.#child.kill('SIGKILL');
    for (const child of children) signalTo(child, 'SIGKILL');
  }
}

const nameOf = async (pid: number): Promise<string> => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'ffmpeg gone');
