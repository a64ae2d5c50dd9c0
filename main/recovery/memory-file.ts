import { readFile, rename } from 'node:fs/promises';

import { emptyMemory, recoveryMemory, type RecoveryMemory } from '../../app/contract/recovery-memory.ts';
import { nameAside } from '../store/aside.ts';
import { replaceFile } from '../store/atomic-file.ts';

/**
 * What recovery has learned beyond single jobs, in a file that is replaced as a whole. Nothing that goes wrong with the file costs a
 * job anything: what can't be kept is known for as long as the program runs.
 */
export class MemoryFile {
  readonly #path: string;
  /** Told where a file that could not be read was put. */
  readonly #onPutAside: (path: string) => void;
  #known: RecoveryMemory = emptyMemory;
  /** One change at a time: it is read, changed and written as a whole. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string, onPutAside: (path: string) => void) {
    this.#path = path;
    this.#onPutAside = onPutAside;
  }

  /** As another program on the same home may have left it a moment ago. */
  async read(): Promise<RecoveryMemory> {
    return this.#inTurn(async () => this.#read());
  }

  /** @returns what holds from here on, whether or not it could be written */
  async change(by: (memory: RecoveryMemory) => RecoveryMemory): Promise<RecoveryMemory> {
    return this.#inTurn(async () => {
      const before = await this.#read();
      this.#known = by(before);
      if (this.#known !== before)
        await replaceFile(this.#path, `${JSON.stringify(this.#known, null, 1)}\n`).catch(() => undefined);
      return this.#known;
    });
  }

  async #read(): Promise<RecoveryMemory> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch {
      // None yet, or none that can be had: what this program knows itself still holds.
      return this.#known;
    }
    const parsed = parse(text);
    if (parsed) this.#known = parsed;
    else await this.#putAside();
    return this.#known;
  }

  async #putAside(): Promise<void> {
    const aside = nameAside(this.#path);
    try {
      await rename(this.#path, aside);
      this.#onPutAside(aside);
    } catch {
      // It stays where it is and is written over by the next change.
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function parse(text: string): RecoveryMemory | null {
  try {
    return recoveryMemory.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
