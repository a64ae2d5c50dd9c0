import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { fileUrl, LOCAL_ONLY, QUIET_ARGUMENTS, type RawSource } from '../../app/export/recipe.ts';
import { makeFolder } from '../base/make-folder.ts';
import { describeEnd, runFfmpeg } from './ffmpeg.ts';
import { findTool } from './tools.ts';

const STALL_LIMIT_MS = 60_000;
const FRAME_NAME = /^frame-\d{4,}\.png$/;

/** Make room for frames: those of an earlier call go, nothing else in the folder is touched. */
export async function openFrameFolder(folder: string): Promise<void> {
  await makeFolder(folder);
  for (const name of await readdir(folder)) if (FRAME_NAME.test(name)) await rm(join(folder, name));
}

/**
 * Frames as they were rendered, one PNG each: frame-0000.png, frame-0001.png, …
 *
 * @param first  number of the first frame, so that several shots can go on counting
 * @returns the number after the last frame
 * @throws  the folder can't be written, or ffmpeg failed: the message is one line for the user
 */
export async function writeFramesPng(
  { framesPath, widthPx, heightPx, frameCount, fps }: RawSource,
  folder: string,
  first: number,
  signal: AbortSignal = new AbortController().signal,
): Promise<number> {
  const ffmpeg = findTool('ffmpeg');
  if (!ffmpeg) throw new Error('there is no ffmpeg; "npm run doctor" says what to do');
  const args = [
    ...QUIET_ARGUMENTS,
    ...LOCAL_ONLY,
    ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-video_size', `${widthPx}x${heightPx}`, '-framerate', String(fps)],
    ...['-i', fileUrl(framesPath), '-frames:v', String(frameCount), '-fps_mode', 'passthrough'],
    ...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-start_number', String(first)],
    // The name pattern is relative to the folder: a % in the folder's own name would be read as part of it.
    ...['-f', 'image2', '-c:v', 'png', 'frame-%04d.png'],
  ];
  const end = await runFfmpeg({ program: ffmpeg.path, args, signal, stallLimitMs: STALL_LIMIT_MS, folder });
  if (end.kind !== 'done') throw new Error(`frames could not be written to "${folder}": ${describeEnd(end)}`);
  return first + frameCount;
}
