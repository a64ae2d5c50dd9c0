import type { GpuSample, ResourceSample } from '../../app/contract/resource.ts';
import { AmdReader } from './amd.ts';
import { CardNumbers } from './card-numbers.ts';
import type { GpuReader } from './gpu-reader.ts';
import {
  ProcessorReader,
  readFreeBytes,
  readMemory,
  readResident,
  systemPaths,
  type HostPaths,
} from './host-readings.ts';
import { NvidiaReader } from './nvidia.ts';
import { WindowsReader } from './windows.ts';

export interface SamplerOptions {
  readonly home: string;
  readonly intervalMs?: number;
  readonly enginePid: () => number | undefined;
  readonly onSample: (sample: ResourceSample) => void;
  readonly openReaders?: (intervalMs: number) => readonly GpuReader[];
  readonly paths?: HostPaths;
}

interface Watch {
  readonly readers: readonly GpuReader[];
  readonly processor: ProcessorReader;
  readonly numbers: CardNumbers;
  timer: NodeJS.Timeout | undefined;
}

export const DEFAULT_INTERVAL_MS = 1_000;

/** The readers that make sense on this system; each finds out by itself whether its cards are there. */
export function systemReaders(intervalMs: number): readonly GpuReader[] {
  const nvidia = new NvidiaReader({ intervalMs });
  if (process.platform === 'win32') return [nvidia, new WindowsReader({ intervalMs })];
  return process.platform === 'linux' ? [nvidia, new AmdReader({ intervalMs })] : [];
}

/**
 * Looks at the machine once an interval, for as long as somebody holds it. A reading that fails is null in its sample; a
 * look that takes longer than the interval delays the next one.
 */
export class ResourceSampler implements Disposable {
  readonly #options: SamplerOptions;
  readonly #intervalMs: number;
  readonly #paths: HostPaths;
  /** For the sampler's whole life: a card keeps its number. */
  readonly #numbers = new CardNumbers();
  #holderCount = 0;
  #watch: Watch | null = null;
  #outputPath: string | null = null;
  #latest: ResourceSample | null = null;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#intervalMs = options.intervalMs ?? DEFAULT_INTERVAL_MS;
    this.#paths = options.paths ?? systemPaths;
  }

  get latest(): ResourceSample | null {
    return this.#latest;
  }

  /** Where the clip of the running job goes. */
  setOutput(path: string | null): void {
    this.#outputPath = path;
  }

  /** Sample until the answer is disposed of. */
  hold(): Disposable {
    this.#holderCount += 1;
    if (this.#holderCount === 1) this.#begin();
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (!isHeld) return;
        isHeld = false;
        this.#holderCount -= 1;
        if (this.#holderCount === 0) this.#end();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#end();
  }

  #begin(): void {
    const open = this.#options.openReaders ?? systemReaders;
    const watch: Watch = {
      readers: open(this.#intervalMs),
      processor: new ProcessorReader(this.#paths),
      numbers: this.#numbers,
      timer: undefined,
    };
    this.#watch = watch;
    void this.#repeat(watch);
  }

  #end(): void {
    if (!this.#watch) return;
    clearTimeout(this.#watch.timer);
    for (const reader of this.#watch.readers) reader[Symbol.dispose]();
    this.#watch = null;
  }

  async #repeat(watch: Watch): Promise<void> {
    const startedMs = performance.now();
    const sample = await this.#sample(watch);
    if (this.#watch !== watch) return;
    this.#latest = sample;
    this.#options.onSample(sample);
    const waitMs = Math.max(0, this.#intervalMs - (performance.now() - startedMs));
    watch.timer = setTimeout(() => void this.#repeat(watch), waitMs);
    watch.timer.unref();
  }

  async #sample({ readers, processor, numbers }: Watch): Promise<ResourceSample> {
    const { home, enginePid } = this.#options;
    const pid = enginePid();
    const [memory, processorShares, engineResidentBytes, homeFreeBytes, outputFreeBytes] = await Promise.all([
      readMemory(this.#paths),
      processor.read(pid),
      readResident(pid, this.#paths),
      readFreeBytes(home),
      this.#outputPath === null ? null : readFreeBytes(this.#outputPath),
    ]);
    return {
      atMs: Date.now(),
      gpus: mergeCards(numbers.give(readers.map((reader) => reader.read(pid)))),
      processor: processorShares,
      memory: { ...memory, engineResidentBytes, mainResidentBytes: process.memoryUsage.rss() },
      disk: { homeFreeBytes, outputFreeBytes },
    };
  }
}

/** Null only if nobody answered. A card that its maker's own tool tells of is not told of twice. */
export function mergeCards(answers: readonly (readonly GpuSample[] | null)[]): readonly GpuSample[] | null {
  const known = answers.filter((answer) => answer !== null);
  if (known.length === 0) return null;
  const cards = known.flat();
  return cards.some(({ vendor }) => vendor !== 'other') ? cards.filter(({ vendor }) => vendor !== 'other') : cards;
}
