import { dirname } from 'node:path';

import type { RecipeName } from '../../app/export/recipe.ts';
import { describeEnd, type FfmpegEnd } from './ffmpeg.ts';
import { readFreeBytes } from '../device/host-readings.ts';
import { outputFault } from './writable.ts';

/** Why there is no clip, with what was seen; one of them is not a fault but the user's wish. */
export interface ExportFault {
  readonly kind: 'disk-full' | 'output-unwritable' | 'encoder-failed' | 'cancelled';
  readonly detail: string;
  /** The recipes that were tried, in this order. */
  readonly tried: readonly RecipeName[];
}

export const cancelled = (tried: readonly RecipeName[]): ExportFault => ({
  kind: 'cancelled',
  detail: 'it was cancelled',
  tried,
});

export function fromFileSystem(cause: unknown, path: string, tried: readonly RecipeName[]): ExportFault {
  const { kind, detail } = outputFault(cause, path);
  return { kind, detail, tried };
}

/** Less than this left on a disk means that the encoder failed for lack of room, whatever it said. */
const ROOM_LIMIT_BYTES = 256 * 1024;

/** ffmpeg tells a full disk only by text and by exit code (ENOSPC as one byte): this is the one place that reads them. */
export async function fromFfmpeg(
  end: Exclude<FfmpegEnd, { kind: 'done' }>,
  outPath: string,
  tried: readonly RecipeName[],
): Promise<ExportFault> {
  if (end.kind === 'cancelled') return cancelled(tried);
  const saysFull = end.kind === 'failed' && /No space left on device|Disk quota exceeded/.test(end.errorText);
  if (saysFull) return diskFull(outPath, tried);
  return unlessDiskFull({ kind: 'encoder-failed', detail: `ffmpeg: ${describeEnd(end)}`, tried }, outPath);
}

/** A file that is not what was ordered: ffmpeg ends with 0 where only the last bytes found no room. */
export async function fromVerification(
  detail: string,
  outPath: string,
  tried: readonly RecipeName[],
): Promise<ExportFault> {
  return unlessDiskFull({ kind: 'encoder-failed', detail, tried }, outPath);
}

async function unlessDiskFull(fault: ExportFault, outPath: string): Promise<ExportFault> {
  return ((await readFreeBytes(dirname(outPath))) ?? Infinity) < ROOM_LIMIT_BYTES
    ? diskFull(outPath, fault.tried)
    : fault;
}

const diskFull = (outPath: string, tried: readonly RecipeName[]): ExportFault => ({
  kind: 'disk-full',
  detail: `the disk that holds "${outPath}" is full`,
  tried,
});
