import type { GpuSample } from '../../app/contract/resource.ts';
import { parseWindowsCards, windowsScript } from '../../app/monitor/resource-windows.ts';
import type { GpuReader } from './gpu-reader.ts';
import { LineChild } from './line-child.ts';

/** A round of the counters takes Windows a second or two by itself. */
const FRESH_MS = 15_000;

/** Cards of any maker through Windows' own counters, by one PowerShell that stays. */
export class WindowsReader implements GpuReader {
  readonly #child: LineChild;
  #newest: { readonly line: string; readonly atMs: number } | null = null;
  #isMissing = false;

  constructor(options: { readonly intervalMs: number; readonly program?: string }) {
    this.#child = new LineChild({
      program: options.program ?? 'powershell.exe',
      args: () => ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', windowsScript(options.intervalMs)],
      onLine: (line) => {
        if (line.startsWith('{')) this.#newest = { line, atMs: performance.now() };
      },
      onMissing: () => {
        this.#isMissing = true;
      },
    });
  }

  read(enginePid: number | undefined): readonly GpuSample[] | null {
    if (this.#isMissing) return [];
    if (this.#newest === null || performance.now() - this.#newest.atMs > FRESH_MS) return null;
    return parseWindowsCards(this.#newest.line, enginePid ?? null);
  }

  [Symbol.dispose](): void {
    this.#child[Symbol.dispose]();
  }
}
