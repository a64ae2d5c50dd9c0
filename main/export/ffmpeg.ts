import { spawn } from 'node:child_process';

import { parseProgress, type EncodeProgress } from '../../app/export/progress.ts';
import { makeExpendable } from '../base/make-expendable.ts';

export interface FfmpegJob {
  readonly program: string;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  /** No progress for this long means that it hangs: it is killed. */
  readonly stallLimitMs: number;
  readonly onProgress?: (progress: EncodeProgress) => void;
  readonly folder?: string;
  /** It has started; `kill` ends it as a crash would. */
  readonly onStart?: (kill: () => void) => void;
}

export type FfmpegEnd =
  | { readonly kind: 'done'; readonly output: string; readonly said: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'stalled'; readonly silentMs: number }
  | {
      readonly kind: 'failed';
      /** Null when it never started or was killed. */
      readonly exitCode: number | null;
      readonly killedBy: string | null;
      readonly errorText: string;
    };

const KEPT_ERROR_CHARACTERS = 4_000;
const KEPT_OUTPUT_CHARACTERS = 1_000_000;

/** Run ffmpeg or ffprobe to its end; every way in which that can go is a value. No shell, no inherited terminal. */
export function runFfmpeg(job: FfmpegJob): Promise<FfmpegEnd> {
  if (job.signal.aborted) return Promise.resolve({ kind: 'cancelled' });
  return new Promise((resolve) => {
    const child = spawn(job.program, [...job.args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...(job.folder === undefined ? {} : { cwd: job.folder }),
    });
    makeExpendable(child.pid);
    let rest = '';
    let output = '';
    let errorText = '';
    let isStalled = false;
    const kill = (): void => {
      child.kill('SIGKILL');
      // Where it is a script, what it started may live on and hold these: nobody waits for that.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const onStall = (): void => {
      isStalled = true;
      kill();
    };
    job.onStart?.(kill);
    let stall = setTimeout(onStall, job.stallLimitMs);
    let lastFrame = -1;

    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT_OUTPUT_CHARACTERS);
      const parsed = parseProgress(rest + text);
      rest = parsed.rest;
      for (const progress of parsed.reports) {
        job.onProgress?.(progress);
        // ffmpeg reports twice a second even when nothing moves: only a new frame is a sign of life.
        if (progress.frame === lastFrame && !progress.isEnd) continue;
        lastFrame = progress.frame;
        clearTimeout(stall);
        stall = setTimeout(onStall, job.stallLimitMs);
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errorText = (errorText + text).slice(-KEPT_ERROR_CHARACTERS);
    });
    job.signal.addEventListener('abort', kill, { once: true });

    const finish = (end: FfmpegEnd): void => {
      clearTimeout(stall);
      job.signal.removeEventListener('abort', kill);
      resolve(end);
    };
    child.on('error', (cause) =>
      finish({ kind: 'failed', exitCode: null, killedBy: null, errorText: `it does not start: ${cause.message}` }),
    );
    child.on('close', (exitCode, killedBy) => {
      if (exitCode === 0) return finish({ kind: 'done', output, said: errorText });
      if (job.signal.aborted) return finish({ kind: 'cancelled' });
      if (isStalled) return finish({ kind: 'stalled', silentMs: job.stallLimitMs });
      return finish({ kind: 'failed', exitCode, killedBy, errorText: errorText.trim() });
    });
  });
}

export interface BytesJob {
  readonly program: string;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  readonly limitMs: number;
  /** More than this is not read. */
  readonly byteLimit: number;
}

/** Run ffmpeg for what it writes to its standard output, at most so many bytes. */
export async function runFfmpegForBytes(
  job: BytesJob,
): Promise<{ readonly kind: 'done'; readonly bytes: Uint8Array } | Exclude<FfmpegEnd, { kind: 'done' }>> {
  const limit = AbortSignal.timeout(job.limitMs);
  const child = spawn(job.program, [...job.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    signal: AbortSignal.any([job.signal, limit]),
    killSignal: 'SIGKILL',
  });
  const chunks: Buffer[] = [];
  let byteCount = 0;
  let errorText = '';
  child.stdout.on('data', (chunk: Buffer) => {
    byteCount += chunk.length;
    if (byteCount <= job.byteLimit) chunks.push(chunk);
    else child.kill('SIGKILL');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errorText = (errorText + text).slice(-KEPT_ERROR_CHARACTERS);
  });
  return new Promise((resolve) => {
    child.on('error', (cause) => {
      if (job.signal.aborted) resolve({ kind: 'cancelled' });
      else if (limit.aborted) resolve({ kind: 'stalled', silentMs: job.limitMs });
      else
        resolve({ kind: 'failed', exitCode: null, killedBy: null, errorText: `it does not start: ${cause.message}` });
    });
    child.on('close', (exitCode, killedBy) => {
      if (exitCode === 0) resolve({ kind: 'done', bytes: Buffer.concat(chunks) });
      else resolve({ kind: 'failed', exitCode, killedBy, errorText: errorText.trim() });
    });
  });
}

/** In words, for a report or a message: the last thing it said, or what ended it. */
export function describeEnd(end: Exclude<FfmpegEnd, { kind: 'done' }>): string {
  switch (end.kind) {
    case 'cancelled':
      return 'it was cancelled';
    case 'stalled':
      return `it wrote no frame for ${end.silentMs / 1_000} s`;
    case 'failed': {
      const said = end.errorText.split('\n').at(-1) ?? '';
      const how = end.killedBy === null ? `exit code ${end.exitCode ?? 'none'}` : `killed by ${end.killedBy}`;
      return said ? `${how}: ${said}` : how;
    }
  }
}
