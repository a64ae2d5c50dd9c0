import { readFileSync } from 'node:fs';

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
