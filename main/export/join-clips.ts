import { copyFile, link, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { err, ok, type Result } from '../../app/base/result.ts';
import type { ClipFacts } from '../../app/export/probe.ts';
import { fileUrl, LOCAL_ONLY, mp4Arguments, QUIET_ARGUMENTS } from '../../app/export/recipe.ts';
import { CLIP_TITLE } from '../../app/export/tags.ts';
import { publishFile } from '../store/atomic-file.ts';
import { createDraft, hashFile, removeDraft } from './draft.ts';
import { cancelled, fromFfmpeg, fromFileSystem, fromVerification, type ExportFault } from './fault.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { findTool } from './tools.ts';
import { probeClip, verifyClip } from './verify.ts';

export interface JoinedClip {
  readonly path: string;
  readonly sha256: string;
  readonly frameCount: number;
  readonly fps: number;
  readonly durationSeconds: number;
}

const STALL_LIMIT_MS = 120_000;

/**
 * Clips of one size and rate in a row, as one verified MP4 at `outPath`. The encoded pictures are copied as they are;
 * where that gives no sound file (one of them came from the safer recipe), they are encoded anew.
 */
export async function joinClips(
  paths: readonly string[],
  outPath: string,
  signal: AbortSignal,
): Promise<Result<JoinedClip, ExportFault>> {
  const facts: ClipFacts[] = [];
  for (const path of paths) {
    const fact = await probeClip(path, signal);
    if (signal.aborted) return err(cancelled([]));
    if (!fact.ok) return err({ kind: 'encoder-failed', detail: `"${path}": ${fact.error}`, tried: [] });
    facts.push(fact.value);
  }
  const folder = await mkdtemp(join(tmpdir(), 'steadyframe-join-'));
  try {
    await writeList(paths, folder);
    const copied = await joinOnce(folder, facts, outPath, ['-c', 'copy'], signal);
    if (copied.ok || copied.error.kind !== 'encoder-failed') return copied;
    return await joinOnce(folder, facts, outPath, mp4Arguments('best'), signal);
  } catch (cause) {
    return err(fromFileSystem(cause, folder, []));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Plain names in a folder of our own, so that no path has to be quoted in the list. */
async function writeList(paths: readonly string[], folder: string): Promise<void> {
  const names = paths.map((_, index) => `${String(index).padStart(5, '0')}.mp4`);
  for (const [index, path] of paths.entries()) {
    const target = join(folder, names[index] ?? '');
    await link(path, target).catch(() => copyFile(path, target));
  }
  await writeFile(join(folder, 'list.txt'), names.map((name) => `file ${name}\n`).join(''));
}

async function joinOnce(
  folder: string,
  facts: readonly ClipFacts[],
  outPath: string,
  codec: readonly string[],
  signal: AbortSignal,
): Promise<Result<JoinedClip, ExportFault>> {
  const ffmpeg = findTool('ffmpeg');
  const [first] = facts;
  if (!ffmpeg || !first)
    return err({
      kind: 'encoder-failed',
      detail: ffmpeg ? 'there is nothing to join' : 'there is no ffmpeg',
      tried: [],
    });
  let draft: string;
  try {
    draft = await createDraft(outPath);
  } catch (cause) {
    return err(fromFileSystem(cause, outPath, []));
  }
  try {
    const args = [
      ...QUIET_ARGUMENTS,
      ...LOCAL_ONLY,
      ...['-f', 'concat', '-safe', '1', '-i', 'list.txt', '-map', '0:v:0', ...codec],
      ...['-map_metadata', '-1', '-metadata', `title=${CLIP_TITLE}`, '-fflags', '+bitexact'],
      ...['-movflags', '+faststart', '-f', 'mp4', fileUrl(draft)],
    ];
    const end = await runFfmpeg({ program: ffmpeg.path, args, signal, stallLimitMs: STALL_LIMIT_MS, folder });
    if (end.kind !== 'done') return err(await fromFfmpeg(end, outPath, []));
    const frameCount = facts.reduce((sum, fact) => sum + fact.frameCount, 0);
    const { widthPx, heightPx, fps } = first;
    const checked = await verifyClip(draft, { widthPx, heightPx, fps, frameCount }, signal);
    if (signal.aborted) return err(cancelled([]));
    if (!checked.ok) return err(await fromVerification(checked.error, outPath, []));
    const { sha256 } = await hashFile(draft);
    await publishFile(draft, outPath);
    return ok({ path: outPath, sha256, frameCount, fps, durationSeconds: checked.value.durationSeconds });
  } catch (cause) {
    return err(fromFileSystem(cause, outPath, []));
  } finally {
    await removeDraft(draft);
  }
}
