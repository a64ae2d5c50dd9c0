import { readFileSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';

/** The peak over a stretch of work, whatever number of processes did it. */
export class PeakMeter {
  #peakBytes: number | null = null;

  /** Null where the system doesn't tell, and before the first look. */
  get peakBytes(): number | null {
    return this.#peakBytes;
  }

  look(pid: number | undefined): void {
    const bytes = peakResidentBytes(pid);
    if (bytes !== null) this.#peakBytes = Math.max(bytes, this.#peakBytes ?? 0);
  }

  /** From here on the peak is that of what is done next. */
  forget(pid: number | undefined): void {
    this.#peakBytes = null;
    forgetPeak(pid);
  }
}

/** What a process can have at most: the machine's memory, or less where a container is held to less. */
export function memoryLimitBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** Peak resident memory of a running process in bytes; null where the system doesn't tell. */
export function peakResidentBytes(pid: number | undefined): number | null {
  if (pid === undefined || process.platform !== 'linux') return null;
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line?.[1] ? Number(line[1]) * 1024 : null;
  } catch {
    return null;
  }
}

/**
 * Begin the peak anew, so that the next one is that of one run and not of the process's whole life. Where the system does
 * not offer that, the peak stays what it was.
 */
export function forgetPeak(pid: number | undefined): void {
  if (pid === undefined || process.platform !== 'linux') return;
  try {
    // 5: the high-water mark is set to what is resident now (proc(5), clear_refs).
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Gone, or another user's.
  }
}
