import { constants } from 'node:fs';
import { copyFile, mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { err, ok, type Result } from '../../app/base/result.ts';
import { paintBackdrop } from '../../app/export/backdrop.ts';
import { captionScript } from '../../app/export/caption.ts';
import { fileUrl, LOCAL_ONLY, QUIET_ARGUMENTS, type RawSource } from '../../app/export/recipe.ts';
import { cancelled, fromFileSystem, type ExportFault } from './fault.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { findTool, resourcesPath } from './tools.ts';

const STALL_LIMIT_MS = 60_000;
const FONT_FOLDER = join('node_modules', '@expo-google-fonts', 'noto-sans-sc', '500Medium');
const FONT_NAME = 'NotoSansSC_500Medium.ttf';

/**
 * Raw frames of the fallback card at `frames.framesPath`: a calm moving backdrop, a mark that says what it is, and the
 * prompt as caption. Where ffmpeg can't set text (no libass, no font), the card comes without words rather than not at all.
 */
export async function captionFrames(
  caption: string,
  frames: RawSource,
  signal: AbortSignal,
): Promise<Result<RawSource, ExportFault>> {
  try {
    await paintFrames(frames, signal);
    if (signal.aborted) return err(cancelled([]));
    await setWords(caption, frames, signal);
    return signal.aborted ? err(cancelled([])) : ok(frames);
  } catch (cause) {
    return err(fromFileSystem(cause, frames.framesPath, []));
  }
}

async function paintFrames(frames: RawSource, signal: AbortSignal): Promise<void> {
  const file = await open(frames.framesPath, 'w');
  try {
    for (let frame = 0; frame < frames.frameCount && !signal.aborted; frame += 1)
      await file.writeFile(paintBackdrop(frame, frames.frameCount, frames));
  } finally {
    await file.close();
  }
}

/** The painted frames are replaced only by as many frames with words on them. */
async function setWords(caption: string, frames: RawSource, signal: AbortSignal): Promise<void> {
  const ffmpeg = findTool('ffmpeg');
  if (!ffmpeg) return;
  const folder = await mkdtemp(join(tmpdir(), 'steadyframe-caption-'));
  const worded = `${frames.framesPath}.words`;
  try {
    await writeFile(join(folder, 'card.ass'), captionScript(caption, frames));
    await bringFont(join(folder, 'fonts'));
    const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24'];
    const args = [
      ...QUIET_ARGUMENTS,
      ...LOCAL_ONLY,
      ...[...raw, '-video_size', `${frames.widthPx}x${frames.heightPx}`, '-framerate', String(frames.fps)],
      ...['-i', fileUrl(frames.framesPath), '-frames:v', String(frames.frameCount)],
      // Plain names in a folder of our own: nothing of a path has to be quoted for the filter.
      ...['-vf', 'ass=filename=card.ass:fontsdir=fonts', ...raw, fileUrl(worded)],
    ];
    const end = await runFfmpeg({ program: ffmpeg.path, args, signal, stallLimitMs: STALL_LIMIT_MS, folder });
    if (end.kind === 'done' && (await hasAllFrames(worded, frames))) await rename(worded, frames.framesPath);
  } finally {
    await rm(worded, { force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

async function hasAllFrames(path: string, { widthPx, heightPx, frameCount }: RawSource): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    return (await file.stat()).size === widthPx * heightPx * 3 * frameCount;
  } finally {
    await file.close();
  }
}

/** The bundled font where it can be found; without it libass takes what the system has. */
async function bringFont(folder: string): Promise<void> {
  await mkdir(folder);
  const places = [
    ...(process.env['STEADYFRAME_ROOT'] === undefined ? [] : [join(process.env['STEADYFRAME_ROOT'], FONT_FOLDER)]),
    ...(resourcesPath === null ? [] : [join(resourcesPath, 'fonts')]),
  ];
  for (const place of places) {
    const isCopied = await copyFile(join(place, FONT_NAME), join(folder, FONT_NAME), constants.COPYFILE_FICLONE).then(
      () => true,
      () => false,
    );
    if (isCopied) return;
  }
}
