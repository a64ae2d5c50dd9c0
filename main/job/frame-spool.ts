import { open, type FileHandle } from 'node:fs/promises';

import { FrameMeter, type FrameFigures } from '../../app/monitor/frame.ts';

interface FrameSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Decoded frames on their way to the encoder: raw RGB on disk, measured one by one as they arrive, so that memory does
 * not grow with the length of the clip and an export can be repeated without the engine.
 */
export class FrameSpool implements AsyncDisposable {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #frameBytes: number;
  readonly #meter: FrameMeter;
  readonly #refusal: () => Error | null;
  #pending: Promise<void> = Promise.resolve();
  readonly figures: FrameFigures[] = [];
  /** Time spent measuring, for the report. */
  monitorMs = 0;

  private constructor(path: string, file: FileHandle, size: FrameSize, refusal: () => Error | null) {
    this.path = path;
    this.#file = file;
    this.#frameBytes = size.widthPx * size.heightPx * 3;
    this.#meter = new FrameMeter(size.widthPx);
    this.#refusal = refusal;
  }

  /** @param refusal  asked before each write: an error is taken for the file system's own */
  static async create(path: string, size: FrameSize, refusal: () => Error | null = () => null): Promise<FrameSpool> {
    return new FrameSpool(path, await open(path, 'w'), size, refusal);
  }

  /** @param rgb [frameCount, height, width, 3] */
  append(rgb: Uint8Array): void {
    const startedMs = performance.now();
    for (let from = 0; from < rgb.length; from += this.#frameBytes) {
      this.figures.push(this.#meter.measureRgb(rgb.subarray(from, from + this.#frameBytes)));
    }
    this.monitorMs += performance.now() - startedMs;
    this.#pending = this.#pending.then(async () => {
      const refusal = this.#refusal();
      if (refusal) throw refusal;
      await this.#file.writeFile(rgb);
    });
    // The failure is looked at in finish(); until then it must not count as unhandled.
    this.#pending.catch(() => undefined);
  }

  /** Everything on disk; rejects with the file system's error where it could not be written. */
  async finish(): Promise<void> {
    await this.#pending;
    await this.#file.sync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pending.catch(() => undefined);
    await this.#file.close();
  }
}
