import type { Injection, Strike } from '../../app/contract/injection.ts';
import type { InjectionName } from '../../app/contract/injection-text.ts';
import { injectionFacts } from '../../app/contract/injection-text.ts';
import type { LedgerLine } from '../../app/contract/ledger.ts';
import type { StageName } from '../../app/contract/name.ts';
import type { ResourceSample } from '../../app/contract/resource.ts';
import { meterFaults, spoilSample } from '../../app/monitor/spoil-sample.ts';

/**
 * Counts which of a job's injections have still to strike. Main counts, in the ledger: neither a replaced engine nor a program that
 * was killed strikes again what has struck.
 */
export class InjectionCount {
  readonly #injections: readonly Injection[];
  readonly #left: number[];
  readonly #ledger: (line: LedgerLine) => void;

  /** @param injected  places in the list, once for each attempt that was struck before */
  constructor(injections: readonly Injection[], injected: readonly number[], ledger: (line: LedgerLine) => void) {
    this.#injections = injections;
    this.#left = injections.map(({ times }, i) => times - injected.filter((index) => index === i).length);
    this.#ledger = ledger;
  }

  /** What the engine is to suffer in the next attempt. */
  forEngine(): readonly Strike[] {
    return this.#injections.flatMap(({ name, stage, at }, index) =>
      injectionFacts[name].by === 'engine' && this.#isLeft(index) ? [{ index, name, stage, at }] : [],
    );
  }

  /** Whether main itself is to let this fault happen here and now; if so it is counted. */
  take(name: InjectionName, stage: StageName, attempt: number): boolean {
    const index = this.#injections.findIndex((one, i) => one.name === name && one.stage === stage && this.#isLeft(i));
    if (index >= 0) this.struck(attempt, index);
    return index >= 0;
  }

  /** What the precheck is to read: the prompt, or no sentence at all where that was asked for. */
  readPrompt(typedPrompt: string): string {
    return this.take('prompt-invalid', 'precheck', 0) ? NO_SENTENCE : typedPrompt;
  }

  /** What the resource meter is to read during this job. */
  readMeter(): (sample: ResourceSample) => ResourceSample {
    const asked = meterFaults.filter((name) => this.take(name, 'monitor', 0));
    return (sample) => asked.reduce(spoilSample, sample);
  }

  /** The file system's refusal of a write in this stage, where one was asked for. */
  writeRefusal(stage: StageName, attempt: number): Error | null {
    if (this.take('disk-full', stage, attempt)) return refusal('ENOSPC', 'no space left on device');
    if (this.take('output-unwritable', stage, attempt)) return refusal('EACCES', 'permission denied');
    return null;
  }

  struck(attempt: number, index: number): void {
    if (!this.#isLeft(index)) return;
    this.#left[index] = (this.#left[index] ?? 0) - 1;
    this.#ledger({ kind: 'injected', attempt, index });
  }

  #isLeft(index: number): boolean {
    return (this.#left[index] ?? 0) > 0;
  }
}

/** Neither a thing nor a deed, in any language. */
const NO_SENTENCE = 'the of (and with';

const refusal = (code: string, text: string): Error => Object.assign(new Error(`${code}: ${text}, write`), { code });
