import { heal, isOpen, opensUntilMs, trip, type BreakerName } from '../../app/recovery/breaker.ts';
import type { MemoryFile } from './memory-file.ts';

/** What failed for good and is left alone for a while: kept across restarts. */
export class Breakers {
  readonly #file: MemoryFile;
  readonly #nowMs: () => number;

  constructor(file: MemoryFile, nowMs: () => number) {
    this.#file = file;
    this.#nowMs = nowMs;
  }

  async isOpen(name: BreakerName): Promise<boolean> {
    return isOpen((await this.#file.read()).breakers, name, this.#nowMs());
  }

  /** When it may be tried again; null where it may be tried now. */
  async untilMs(name: BreakerName): Promise<number | null> {
    return opensUntilMs((await this.#file.read()).breakers, name, this.#nowMs());
  }

  async trip(name: BreakerName): Promise<void> {
    await this.#file.change((memory) => ({ ...memory, breakers: trip(memory.breakers, name, this.#nowMs()) }));
  }

  async heal(name: BreakerName): Promise<void> {
    await this.#file.change((memory) => {
      const breakers = heal(memory.breakers, name);
      return breakers === memory.breakers ? memory : { ...memory, breakers };
    });
  }
}
