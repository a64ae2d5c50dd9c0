import { open, rm, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

/** A few renames take milliseconds: a lock of this age belongs to a program that was killed. */
const STALE_MS = 10_000;
const LONGEST_WAIT_MS = 2_000;
const LOOK_EVERY_MS = 5;

/** A file that only one program can make. */
export class FolderLock implements AsyncDisposable {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Null where another program has it for longer than such work takes, or none can be made. */
  static async take(path: string): Promise<FolderLock | null> {
    const untilMs = performance.now() + LONGEST_WAIT_MS;
    for (;;) {
      try {
        await (await open(path, 'wx', 0o600)).close();
        return new FolderLock(path);
      } catch (cause) {
        if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) return null;
      }
      const madeMs = (await stat(path).catch(() => null))?.mtimeMs ?? Date.now();
      if (Date.now() - madeMs > STALE_MS) await rm(path, { force: true });
      else if (performance.now() > untilMs) return null;
      else await setTimeout(LOOK_EVERY_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#path, { force: true });
  }
}
