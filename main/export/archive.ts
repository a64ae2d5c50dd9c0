import { rm, stat } from 'node:fs/promises';

import { err, ok, type Result } from '../../app/base/result.ts';
import { archiveArguments, unarchiveArguments, type RawSource } from '../../app/export/recipe.ts';
import { cancelled, fromFfmpeg, fromFileSystem, type ExportFault } from './fault.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { findTool } from './tools.ts';

const STALL_LIMIT_MS = 60_000;

/** Frames to a file that gives back the very same frames, at a fraction of their size (FFV1). */
export async function videoFromFrames(
  frames: RawSource,
  path: string,
  signal: AbortSignal,
): Promise<Result<null, ExportFault>> {
  return run(archiveArguments(frames, path), path, signal);
}

/** The frames of such a file, as they were. */
export async function framesFromVideo(
  path: string,
  frames: RawSource,
  signal: AbortSignal,
): Promise<Result<RawSource, ExportFault>> {
  const { framesPath, widthPx, heightPx, frameCount } = frames;
  const done = await run(unarchiveArguments(path, frames), framesPath, signal);
  if (!done.ok) return done;
  try {
    const { size } = await stat(framesPath);
    if (size === widthPx * heightPx * 3 * frameCount) return ok(frames);
    return err({ kind: 'encoder-failed', detail: `"${path}" does not hold ${frameCount} frames`, tried: [] });
  } catch (cause) {
    return err(fromFileSystem(cause, framesPath, []));
  }
}

async function run(args: readonly string[], outPath: string, signal: AbortSignal): Promise<Result<null, ExportFault>> {
  const ffmpeg = findTool('ffmpeg');
  if (!ffmpeg) return err({ kind: 'encoder-failed', detail: 'there is no ffmpeg', tried: [] });
  const end = await runFfmpeg({ program: ffmpeg.path, args, signal, stallLimitMs: STALL_LIMIT_MS });
  if (end.kind === 'done') return ok(null);
  await rm(outPath, { force: true });
  return err(end.kind === 'cancelled' ? cancelled([]) : await fromFfmpeg(end, outPath, []));
}
