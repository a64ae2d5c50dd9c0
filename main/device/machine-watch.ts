import { setTimeout } from 'node:timers/promises';

import type { FaultReport } from '../../app/contract/report.ts';
import type { ResourceLimits, ResourcePeaks, ResourceSample } from '../../app/contract/resource.ts';
import { defaultResourceLimits } from '../../app/contract/default.ts';
import { judgeResources, noPeaks, raisePeaks } from '../../app/monitor/resource.ts';
import { ResourceSampler, type SamplerOptions } from './resource-sampler.ts';

/** Samples that are looked back at: a minute, enough for a mean and a deviation. */
const WINDOW_SAMPLES = 60;

/** What one run saw of the machine. */
export interface RunMachine extends Disposable {
  readonly peaks: ResourcePeaks;
  /** Memory of a card that our engine held at most; null where no card tells. */
  readonly ownVramPeakBytes: number | null;
  /** The machine as it is now; waits for the run's first look, and no longer than this. */
  look(limitMs: number): Promise<ResourceSample | null>;
  /** Facts since the last call, each once; whether they explain a failure is for the caller to say. */
  takeFaults(): readonly FaultReport[];
  /** Told of each new fact as it is seen. Returns the undo. */
  onFault(listener: (fault: FaultReport) => void): () => void;
}

/** Looks at the machine while jobs run or somebody watches, and judges what it sees. */
export class MachineWatch implements Disposable {
  readonly #sampler: ResourceSampler;
  readonly #runs = new Set<RunSamples>();
  #limits: ResourceLimits = defaultResourceLimits;
  #viewer: Disposable | null = null;

  constructor({ onSample, ...options }: SamplerOptions) {
    this.#sampler = new ResourceSampler({
      ...options,
      onSample: (sample) => {
        for (const run of this.#runs) run.take(sample, this.#limits);
        onSample(sample);
      },
    });
  }

  get latest(): ResourceSample | null {
    return this.#sampler.latest;
  }

  setLimits(limits: ResourceLimits): void {
    this.#limits = limits;
  }

  /** Sample for a viewer although no job runs. */
  setViewed(isViewed: boolean): void {
    if (isViewed) this.#viewer ??= this.#sampler.hold();
    else {
      this.#viewer?.[Symbol.dispose]();
      this.#viewer = null;
    }
  }

  /**
   * Sample for a run, until the answer is disposed of.
   *
   * @param read  what the run gets to see of each sample: a fault may be put in here on purpose
   */
  begin(outPath: string, read: (sample: ResourceSample) => ResourceSample = (sample) => sample): RunMachine {
    const held = this.#sampler.hold();
    const run = new RunSamples(read, () => {
      this.#runs.delete(run);
      this.#sampler.setOutput(null);
      held[Symbol.dispose]();
    });
    this.#runs.add(run);
    this.#sampler.setOutput(outPath);
    return run;
  }

  [Symbol.dispose](): void {
    this.setViewed(false);
    this.#sampler[Symbol.dispose]();
  }
}

class RunSamples implements RunMachine {
  readonly #window: ResourceSample[] = [];
  readonly #known = new Set<string>();
  readonly #read: (sample: ResourceSample) => ResourceSample;
  readonly #listeners = new Set<(fault: FaultReport) => void>();
  readonly #end: () => void;
  #faults: FaultReport[] = [];
  readonly #first = Promise.withResolvers<ResourceSample>();
  #newest: ResourceSample | null = null;
  #ownVramPeakBytes: number | null = null;
  #peaks: ResourcePeaks = noPeaks;

  constructor(read: (sample: ResourceSample) => ResourceSample, end: () => void) {
    this.#read = read;
    this.#end = end;
  }

  get peaks(): ResourcePeaks {
    return this.#peaks;
  }

  get ownVramPeakBytes(): number | null {
    return this.#ownVramPeakBytes;
  }

  async look(limitMs: number): Promise<ResourceSample | null> {
    const late = setTimeout(limitMs, null, { ref: false });
    return this.#newest ?? Promise.race([this.#first.promise, late]);
  }

  take(seen: ResourceSample, limits: ResourceLimits): void {
    this.#newest = seen;
    this.#first.resolve(seen);
    const own = (seen.gpus ?? []).flatMap(({ ownMemoryBytes }) => ownMemoryBytes ?? []);
    if (own.length > 0) this.#ownVramPeakBytes = Math.max(this.#ownVramPeakBytes ?? 0, ...own);
    const sample = this.#read(seen);
    this.#window.push(sample);
    if (this.#window.length > WINDOW_SAMPLES) this.#window.shift();
    this.#peaks = raisePeaks(this.#peaks, sample);
    for (const fault of judgeResources(this.#window, limits)) {
      // It holds for many samples; it is one fact.
      const { gpu = null, memory = null, place = null } = fault.evidence;
      const key = JSON.stringify([fault.kind, gpu, memory, place]);
      if (this.#known.has(key)) continue;
      this.#faults.push(fault);
      this.#known.add(key);
      for (const listener of this.#listeners) listener(fault);
    }
  }

  takeFaults(): readonly FaultReport[] {
    const faults = this.#faults;
    this.#faults = [];
    return faults;
  }

  onFault(listener: (fault: FaultReport) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  [Symbol.dispose](): void {
    this.#end();
  }
}
