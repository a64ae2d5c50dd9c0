import { open, rename, rm, stat } from 'node:fs/promises';

import { err, ok, type Result } from '../../app/base/result.ts';
import { defaultStandIn, type StandInSettings } from '../../app/contract/stand-in.ts';
import { captionScript } from '../../app/export/caption.ts';
import { logoBox, type Logo } from '../../app/export/moving-marks.ts';
import { fileUrl, LOCAL_ONLY, QUIET_ARGUMENTS, type RawSource } from '../../app/export/recipe.ts';
import { standInPainter } from '../../app/export/stand-in.ts';
import { inTurns } from '../base/in-turns.ts';
import { cancelled, fromFileSystem, type ExportFault } from './fault.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { readLogo } from './logo.ts';
import { findTool } from './tools.ts';
import { WORDS_FILTER, WordsFolder } from './words.ts';

const STALL_LIMIT_MS = 60_000;

/**
 * Raw frames of a stand-in clip at `frames.framesPath`, as the user chose it: a day over a landscape, a waiting clip with the
 * user's own brand, or a loading ring. Where ffmpeg can't set text (no libass, no font) it comes without words, and where a logo
 * can't be read without the logo, rather than not at all.
 */
export async function captionFrames(
  caption: string,
  frames: RawSource,
  signal: AbortSignal,
  standIn: StandInSettings = defaultStandIn,
): Promise<Result<RawSource, ExportFault>> {
  try {
    const logo = await logoOf(standIn, frames, signal);
    const paint = await inTurns(standInPainter(standIn, { ...frames, caption }, logo));
    await using file = await open(frames.framesPath, 'w');
    for (let frame = 0; frame < frames.frameCount && !signal.aborted; frame += 1)
      await file.writeFile(await inTurns(paint(frame)));
    if (signal.aborted) return err(cancelled([]));
    await setWords(captionScript({ ...standIn, caption }, frames), frames, signal);
    return signal.aborted ? err(cancelled([])) : ok(frames);
  } catch (cause) {
    return err(fromFileSystem(cause, frames.framesPath, []));
  }
}

async function logoOf(standIn: StandInSettings, frames: RawSource, signal: AbortSignal): Promise<Logo | null> {
  const { kind, logoPath } = standIn;
  if (kind !== 'waiting' || logoPath === null) return null;
  const logo = await readLogo(logoPath, logoBox(frames), signal);
  return logo.ok ? logo.value : null;
}

/** The painted frames are replaced only by as many frames with words on them. */
async function setWords(script: string, frames: RawSource, signal: AbortSignal): Promise<void> {
  const ffmpeg = findTool('ffmpeg');
  if (!ffmpeg) return;
  await using words = await WordsFolder.create(script);
  const worded = `${frames.framesPath}.words`;
  try {
    const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24'];
    const args = [
      ...QUIET_ARGUMENTS,
      ...LOCAL_ONLY,
      ...[...raw, '-video_size', `${frames.widthPx}x${frames.heightPx}`, '-framerate', String(frames.fps)],
      ...['-i', fileUrl(frames.framesPath), '-frames:v', String(frames.frameCount)],
      ...['-vf', WORDS_FILTER, ...raw, fileUrl(worded)],
    ];
    const end = await runFfmpeg({
      program: ffmpeg.path,
      args,
      signal,
      stallLimitMs: STALL_LIMIT_MS,
      folder: words.path,
    });
    if (end.kind === 'done' && (await hasAllFrames(worded, frames))) await rename(worded, frames.framesPath);
  } finally {
    await rm(worded, { force: true });
  }
}

async function hasAllFrames(path: string, { widthPx, heightPx, frameCount }: RawSource): Promise<boolean> {
  return (await stat(path)).size === widthPx * heightPx * 3 * frameCount;
}
