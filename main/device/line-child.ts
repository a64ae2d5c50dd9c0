import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** How long to wait before the next start of a child that ended by itself. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** A child that lived so long is sound: its end begins a new series. */
const SOUND_AFTER_MS = 60_000;

export interface LineChildOptions {
  readonly program: string;
  /** Asked again before each start, so that what the last one refused can be left out. */
  readonly args: () => readonly string[];
  readonly onLine: (line: string) => void;
  /** It ended by itself and will be started again. */
  readonly onEnd?: (code: number | null) => void;
  /** The program is not on this machine: it will not be started again. */
  readonly onMissing?: () => void;
  readonly firstWaitMs?: number;
}

/**
 * A tool that prints lines for as long as it runs. It is started again with a growing wait when it ends; both its
 * outputs are read, as tools print their complaints on either.
 */
export class LineChild implements Disposable {
  readonly #options: LineChildOptions;
  #child: ReturnType<typeof spawn> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #waitMs: number;
  #isStopped = false;

  constructor(options: LineChildOptions) {
    this.#options = options;
    this.#waitMs = options.firstWaitMs ?? FIRST_WAIT_MS;
    this.#start();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  [Symbol.dispose](): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  #start(): void {
    const { program, args, onLine, onEnd, onMissing } = this.#options;
    const startedMs = performance.now();
    const child = spawn(program, args(), { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    this.#child = child;
    // A monitor keeps nobody alive.
    child.unref();
    for (const stream of [child.stdout, child.stderr]) {
      if (stream instanceof Socket) stream.unref();
      createInterface(stream).on('line', (line) => {
        if (!this.#isStopped) onLine(line);
      });
    }
    child.once('error', (cause) => {
      // Not executable is as good as not there.
      if ('code' in cause && (cause.code === 'ENOENT' || cause.code === 'EACCES')) {
        this.#isStopped = true;
        onMissing?.();
      }
    });
    child.once('close', (code) => {
      this.#child = null;
      if (this.#isStopped) return;
      onEnd?.(code);
      if (performance.now() - startedMs >= SOUND_AFTER_MS) this.#waitMs = this.#options.firstWaitMs ?? FIRST_WAIT_MS;
      this.#timer = setTimeout(() => this.#start(), this.#waitMs);
      this.#timer.unref();
      this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
    });
  }
}
