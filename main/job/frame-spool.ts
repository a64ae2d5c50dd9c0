import { open, rm, stat, type FileHandle } from 'node:fs/promises';

import { FrameMeter, type FrameFigures } from '../../app/monitor/frame.ts';
import { FlowTrail, type FlowOrder } from '../monitor/flow-order.ts';

interface FrameSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

interface SpoolOptions {
  /** Asked before each write: an error is taken for the file system's own. */
  readonly refusal?: () => Error | null;
  /** Asked where a write was refused: the path to go on at, with all frames so far; null where there is none. */
  readonly elsewhere?: (cause: unknown) => Promise<string | null>;
  /** Absent or null: the flow of the frames is not measured. */
  readonly flow?: FlowOrder | null;
}

/**
 * Decoded frames on their way to the encoder: raw RGB on disk, measured one by one as they arrive, so that memory does
 * not grow with the length of the clip and an export can be repeated without the engine.
 */
export class FrameSpool implements AsyncDisposable {
  #path: string;
  #file: FileHandle;
  #writtenBytes = 0;
  readonly #frameBytes: number;
  readonly #meter: FrameMeter;
  readonly #refusal: () => Error | null;
  readonly #elsewhere: (cause: unknown) => Promise<string | null>;
  #pending: Promise<void> = Promise.resolve();
  readonly figures: FrameFigures[] = [];
  /** Null where the flow of the frames is not measured. */
  readonly flow: FlowTrail | null;
  /** Time spent measuring, for the report. */
  monitorMs = 0;

  private constructor(path: string, file: FileHandle, size: FrameSize, { refusal, elsewhere, flow }: SpoolOptions) {
    this.#path = path;
    this.#file = file;
    this.#frameBytes = size.widthPx * size.heightPx * 3;
    this.#meter = new FrameMeter(size.widthPx);
    this.flow = flow ? new FlowTrail(flow, size) : null;
    this.#refusal = refusal ?? (() => null);
    this.#elsewhere = elsewhere ?? (() => Promise.resolve(null));
  }

  static async create(path: string, size: FrameSize, options: SpoolOptions = {}): Promise<FrameSpool> {
    return new FrameSpool(path, await open(path, 'w+'), size, options);
  }

  get path(): string {
    return this.#path;
  }

  /** @param rgb [frameCount, height, width, 3] */
  append(rgb: Uint8Array): void {
    const startedMs = performance.now();
    for (let from = 0; from < rgb.length; from += this.#frameBytes) {
      const frame = rgb.subarray(from, from + this.#frameBytes);
      this.figures.push(this.#meter.measureRgb(frame));
      this.flow?.follow(frame);
    }
    this.monitorMs += performance.now() - startedMs;
    this.#pending = this.#pending.then(async () => {
      await this.#keep(rgb, this.#refusal());
    });
    // The failure is looked at in finish(); until then it must not count as unhandled.
    this.#pending.catch(() => undefined);
  }

  async #keep(rgb: Uint8Array, refusal: Error | null): Promise<void> {
    try {
      if (refusal) throw refusal;
      // A write that was refused may have left a part of itself behind: the place is always said.
      for (let done = 0; done < rgb.length;) {
        const { bytesWritten } = await this.#file.write(rgb, done, rgb.length - done, this.#writtenBytes + done);
        done += bytesWritten;
      }
      this.#writtenBytes += rgb.length;
    } catch (cause) {
      const path = await this.#elsewhere(cause);
      if (path === null) throw cause;
      await this.#goOnAt(path);
      await this.#keep(rgb, null);
    }
  }

  async #goOnAt(path: string): Promise<void> {
    const former = { path: this.#path, file: this.#file };
    const file = await open(path, 'w+');
    const frame = new Uint8Array(this.#frameBytes);
    for (let at = 0; at < this.#writtenBytes; at += frame.length) {
      const { bytesRead } = await former.file.read(frame, 0, frame.length, at);
      await file.writeFile(frame.subarray(0, bytesRead));
    }
    [this.#path, this.#file] = [path, file];
    await former.file.close();
    await rm(former.path, { force: true });
  }

  /** Everything on disk and to be found at `path`; rejects with the file system's error where it could not be written. */
  async finish(): Promise<void> {
    await this.#pending;
    if (!(await this.#isFound())) {
      // Its folder was cleared away under the open file, which still holds every frame.
      const gone = Object.assign(new Error(`"${this.#path}" was removed during the run`), { code: 'ENOENT' });
      const path = await this.#elsewhere(gone);
      if (path === null) throw gone;
      await this.#goOnAt(path);
    }
    await this.#file.sync();
  }

  async #isFound(): Promise<boolean> {
    const [own, there] = await Promise.all([this.#file.stat(), stat(this.#path).catch(() => null)]);
    return there !== null && there.ino === own.ino && there.dev === own.dev;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pending.catch(() => undefined);
    await this.#file.close();
  }
}
