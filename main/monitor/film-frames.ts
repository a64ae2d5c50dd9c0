import { spawn } from 'node:child_process';

import { err, ok, type Result } from '../../app/base/result.ts';
import { filmFrameArguments, filmFrameBytes, type FilmFacts } from '../../app/monitor/film.ts';
import { fileUrl } from '../../app/export/recipe.ts';

/** No bytes for this long means that ffmpeg hangs on a file: it is killed. */
const STALL_LIMIT_MS = 30_000;
const KEPT_ERROR_CHARACTERS = 2_000;

/**
 * Reads a video frame by frame, never more than one of them at a time beside what the pipe holds, so that memory stays flat
 * whatever its length. The reader is waited for.
 *
 * @param onFrame  gets yuv420p [luma, then the two colour planes]; its own copy
 * @returns        the number of frames, or why they could not be read, in words
 */
export async function readFilmFrames(
  film: { readonly path: string; readonly facts: FilmFacts; readonly ffmpeg: string },
  onFrame: (frame: Uint8Array) => void | Promise<void>,
  signal: AbortSignal,
): Promise<Result<number, string>> {
  if (signal.aborted) return err('it was cancelled');
  const { widthPx, heightPx, frameCount: promised } = film.facts;
  const child = spawn(film.ffmpeg, [...filmFrameArguments(fileUrl(film.path))], {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let errorText = '';
  let isStalled = false;
  const kill = (): void => void child.kill('SIGKILL');
  const stall = setTimeout(() => {
    isStalled = true;
    kill();
  }, STALL_LIMIT_MS);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errorText = (errorText + text).slice(-KEPT_ERROR_CHARACTERS);
  });
  signal.addEventListener('abort', kill, { once: true });
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (cause) => {
      errorText = cause.message;
      resolve(null);
    });
    child.once('close', (code) => resolve(code));
  });

  let frameCount = 0;
  let isRead = false;
  try {
    const frameBytes = filmFrameBytes(widthPx, heightPx);
    let frame = new Uint8Array(frameBytes);
    let filled = 0;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      stall.refresh();
      for (let at = 0; at < chunk.length;) {
        const taken = Math.min(chunk.length - at, frameBytes - filled);
        frame.set(chunk.subarray(at, at + taken), filled);
        at += taken;
        filled += taken;
        if (filled < frameBytes) continue;
        await onFrame(frame);
        frameCount += 1;
        filled = 0;
        frame = new Uint8Array(frameBytes);
      }
    }
    isRead = true;
  } finally {
    clearTimeout(stall);
    // The reader threw: nobody is left to read what it writes.
    if (!isRead) kill();
  }
  const code = await ended;
  signal.removeEventListener('abort', kill);
  if (signal.aborted) return err('it was cancelled');
  if (isStalled) return err(`ffmpeg read nothing for ${STALL_LIMIT_MS / 1_000} s`);
  const said = errorText.trim().split('\n').at(-1) ?? '';
  if (frameCount === 0) return err(said === '' ? 'it holds no frame' : `ffmpeg: ${said}`);
  // A container counts frames as well that its edit list leaves out: fewer are a break only where ffmpeg complains.
  if (code !== 0 || (said !== '' && promised !== null && frameCount < promised - 1))
    return err(
      `it breaks off after ${frameCount}${promised === null ? '' : ` of ${promised}`} frames${said === '' ? '' : `: ${said}`}`,
    );
  return ok(frameCount);
}
