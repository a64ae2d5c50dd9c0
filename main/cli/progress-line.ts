import type { JobEvent, Progress } from '../../app/contract/job.ts';
import type { EngineStatus } from '../../app/contract/route.ts';
import { describeFault } from '../../app/monitor/diagnosis.ts';

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** One line for each stage, with its progress: redrawn in a terminal, at its end only in a pipe. */
export class ProgressLine {
  readonly #write: (text: string) => void;
  readonly #isTerminal: boolean;
  #open: Progress | null = null;

  constructor(write: (text: string) => void, isTerminal: boolean) {
    this.#write = write;
    this.#isTerminal = isTerminal;
  }

  say(line: string): void {
    this.#close();
    this.#write(`${line}\n`);
  }

  engine(status: EngineStatus): void {
    if (status.phase === 'starting')
      this.say(status.restarts > 0 ? `engine   starting again (restart ${status.restarts})` : 'engine   starting');
    if (status.phase === 'ready')
      this.say(`engine   ready on ${status.deviceName}, warmed up in ${seconds(status.warmupMs)}`);
  }

  job(event: JobEvent): void {
    switch (event.kind) {
      case 'attempt-started':
        return this.say(
          `attempt  ${event.attempt + 1}: rung ${event.rung}, ${event.frameCount} frames, ${event.steps} steps, seed ${event.seed}`,
        );
      case 'progressed':
        return this.#progress(event.progress);
      case 'fault-found':
        return this.say(
          `${event.fault.severity === 'warning' ? 'warning ' : 'fault   '} ${describeFault(event.fault, null, 'en')}`,
        );
      case 'decided':
        return this.say(`recovery ${event.decision.action}: ${event.decision.reason}`);
      default:
        return;
    }
  }

  #progress(progress: Progress): void {
    if (this.#open && this.#open.stage !== progress.stage) this.#close();
    this.#open = progress;
    if (this.#isTerminal) this.#write(`\r\u001b[2K${describe(progress)}`);
  }

  #close(): void {
    if (!this.#open) return;
    this.#write(this.#isTerminal ? '\n' : `${describe(this.#open)}\n`);
    this.#open = null;
  }
}

function describe({ stage, unitsDone, unitCount, elapsedMs, remainingMs }: Progress): string {
  const left =
    remainingMs && remainingMs.high > 0 ? `, ${seconds(remainingMs.low)} to ${seconds(remainingMs.high)} left` : '';
  const units = stage === 'export' ? '' : ` ${unitsDone}/${unitCount}`;
  return `${stage.padEnd(8)}${units} after ${seconds(elapsedMs)}${left}`;
}
