import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { makeFolder } from '../base/make-folder.ts';
import { FolderLock } from './folder-lock.ts';

export interface LogSinkOptions {
  readonly folder: string;
  /** A file that has grown to this is put aside. */
  readonly fileLimitBytes?: number;
  /** So many files are kept, the one being written included. */
  readonly fileCount?: number;
}

export const LOG_NAME = 'steadyframe.jsonl';
/** Names of a log's files, the newest first. */
export const logFiles = (fileCount = FILE_COUNT): readonly string[] =>
  Array.from({ length: fileCount }, (_, number) =>
    number === 0 ? LOG_NAME : LOG_NAME.replace('.jsonl', `.${number}.jsonl`),
  );

const FILE_LIMIT_BYTES = 5 * 1024 * 1024;
const FILE_COUNT = 5;
/** Lines that wait while the disk is busy; beyond it the oldest are dropped, and counted. */
const WAITING_LIMIT = 10_000;

/**
 * JSON lines in files that are bounded in size and number. It never throws and never makes anybody wait: what can't be
 * written is dropped, and the next line that can be says how many.
 */
export class LogSink implements AsyncDisposable {
  readonly #folder: string;
  readonly #fileLimitBytes: number;
  readonly #fileCount: number;
  #waiting: string[] = [];
  #droppedCount = 0;
  #draining: Promise<void> | null = null;

  constructor(options: LogSinkOptions) {
    this.#folder = options.folder;
    this.#fileLimitBytes = options.fileLimitBytes ?? FILE_LIMIT_BYTES;
    this.#fileCount = options.fileCount ?? FILE_COUNT;
  }

  get droppedCount(): number {
    return this.#droppedCount;
  }

  write(record: Readonly<Record<string, unknown>>): void {
    this.#waiting.push(JSON.stringify(record));
    if (this.#waiting.length > WAITING_LIMIT) {
      this.#waiting.shift();
      this.#droppedCount += 1;
    }
    // After this turn: lines of one moment go out together.
    this.#draining ??= Promise.resolve()
      .then(async () => this.#drain())
      .finally(() => {
        this.#draining = null;
      });
  }

  /** Resolves when all that was written so far is on disk or given up. */
  async flush(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      try {
        await this.#append(lines);
      } catch {
        // A full disk, a folder that is gone: the job matters more than its log.
        this.#droppedCount += lines.length;
      }
    }
  }

  /** Opened for each batch: another program may have put the file aside in the meantime. */
  async #append(lines: readonly string[]): Promise<void> {
    await makeFolder(this.#folder);
    const noted = this.#droppedCount;
    const told =
      noted > 0
        ? [
            `{"@timestamp":"${new Date().toISOString()}","log.level":"warn","message":"${noted} log lines could not be written","event.action":"log.dropped","service.name":"steadyframe","steadyframe.log.dropped":${noted}}`,
          ]
        : [];
    let file = await this.#openFile();
    try {
      let { size } = await file.stat();
      let batch = '';
      for (const line of [...told, ...lines]) {
        const bytes = Buffer.byteLength(line) + 1;
        if (size > 0 && size + bytes > this.#fileLimitBytes) {
          await file.writeFile(batch);
          batch = '';
          const { ino } = await file.stat();
          await file.close();
          await this.#putAside(ino);
          file = await this.#openFile();
          ({ size } = await file.stat());
        }
        batch += `${line}\n`;
        size += bytes;
      }
      await file.writeFile(batch);
      this.#droppedCount -= noted;
    } finally {
      await file.close();
    }
  }

  async #openFile(): Promise<FileHandle> {
    return open(this.#pathOf(0), 'a', 0o600);
  }

  /**
   * The oldest makes room, the others move on by one; one program at a time, as two that move at once lose a file.
   *
   * @param full  the file that has grown to its limit
   */
  async #putAside(full: number): Promise<void> {
    await using lock = await FolderLock.take(join(this.#folder, `${LOG_NAME}.lock`));
    // Somebody else moves them and doesn't end: a file that grows over its limit loses nothing.
    if (!lock) return;
    // Another program was faster: the file under this name is not the full one any more.
    if ((await stat(this.#pathOf(0)).catch(() => null))?.ino !== full) return;
    await rm(this.#pathOf(this.#fileCount - 1), { force: true });
    for (let number = this.#fileCount - 2; number >= 0; number -= 1)
      await rename(this.#pathOf(number), this.#pathOf(number + 1)).catch(() => undefined);
  }

  #pathOf(number: number): string {
    return join(this.#folder, logFiles(this.#fileCount)[number] ?? LOG_NAME);
  }
}
