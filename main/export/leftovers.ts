import { open, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { messageOf } from '../../app/base/message-of.ts';
import { recoverArguments } from '../../app/export/recipe.ts';
import { publishFile } from '../store/atomic-file.ts';
import { createDraft, deadDrafts, removeDraft } from './draft.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { findTool } from './tools.ts';
import { probeClip } from './verify.ts';

/** A copy of what is there takes far less. */
const RECOVER_LIMIT_MS = 60_000;
/** The tags come before the first picture. */
const HEAD_BYTES = 64 * 1024;
const RUN_ID = /"runId":"([0-9a-f-]{36})"/;
/** A single picture is no clip. */
const FEWEST_FRAMES = 2;

/**
 * Unfinished files beside a clip, left by an export whose program died. Where pictures of it can be played they become a clip of its own,
 * `recovered-….mp4`; what belongs to the run that is exported now is not needed, and what holds no pictures is no use: those are
 * removed. Nothing is touched that another program is still writing.
 *
 * @param runId  of the export that is about to begin
 * @returns what was done, one sentence each
 */
export async function clearLeftovers(folder: string, runId: string, signal: AbortSignal): Promise<readonly string[]> {
  const said: string[] = [];
  for (const draft of await deadDrafts(folder))
    try {
      said.push(await clear(draft, runId, signal));
    } catch (cause) {
      said.push(`the unfinished file ${basename(draft)} of an earlier export could not be read: ${messageOf(cause)}`);
    }
  return said;
}

async function clear(draft: string, runId: string, signal: AbortSignal): Promise<string> {
  const writer = await runOf(draft);
  const recovered = writer === runId ? null : await recover(draft, writer, signal);
  // Stopped in the middle of it: it is looked at again next time.
  if (signal.aborted) return 'looking at unfinished files was cancelled';
  const { size } = await stat(draft);
  await removeDraft(draft);
  const whose = writer === null ? 'an earlier export' : `the run ${writer.slice(0, 8)}`;
  return recovered === null
    ? `an unfinished file of ${whose} was removed (${size} bytes, ${writer === runId ? 'exported anew now' : 'no pictures that can be played'})`
    : `${recovered.frameCount} frames of an unfinished file of ${whose} were kept as ${basename(recovered.path)}`;
}

async function runOf(draft: string): Promise<string | null> {
  await using file = await open(draft, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return RUN_ID.exec(buffer.toString('latin1', 0, bytesRead))?.[1] ?? null;
}

/** What can be played of it as a whole file; null where that is nothing. */
async function recover(
  draft: string,
  writer: string | null,
  signal: AbortSignal,
): Promise<{ readonly path: string; readonly frameCount: number } | null> {
  const ffmpeg = findTool('ffmpeg');
  if (!ffmpeg) throw new Error('there is no ffmpeg');
  const name = writer?.slice(0, 8) ?? basename(draft, '.part').split('-').at(-1);
  const path = join(dirname(draft), `recovered-${name}.mp4`);
  const copy = await createDraft(path);
  try {
    const end = await runFfmpeg({
      program: ffmpeg.path,
      args: recoverArguments(draft, copy),
      signal,
      stallLimitMs: RECOVER_LIMIT_MS,
    });
    const facts = end.kind === 'done' ? await probeClip(copy, signal) : null;
    if (!facts?.ok || facts.value.frameCount < FEWEST_FRAMES) return null;
    await publishFile(copy, path);
    return { path, frameCount: facts.value.frameCount };
  } finally {
    await removeDraft(copy);
  }
}
