import { err, ok, type Result } from '../../app/base/result.ts';
import { deliveredFrameCount, type SizePx } from '../../app/export/framing.ts';
import { encodeArguments, type RawSource, type RecipeName } from '../../app/export/recipe.ts';
import type { ClipTags } from '../../app/export/tags.ts';
import { publishFile } from '../store/atomic-file.ts';
import { createDraft, hashFile, removeDraft } from './draft.ts';
import { cancelled, fromFfmpeg, fromFileSystem, fromVerification, type ExportFault } from './fault.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { findTool } from './tools.ts';
import { verifyClip } from './verify.ts';

export interface EncodeOptions extends SizePx {
  readonly outPath: string;
  readonly fps: number;
  readonly tags: ClipTags;
  readonly stallLimitMs?: number;
}

export interface EncodedClip extends SizePx {
  readonly path: string;
  readonly sha256: string;
  readonly frameCount: number;
  readonly fps: number;
  readonly durationSeconds: number;
  readonly bytes: number;
  readonly recipe: RecipeName;
}

export interface EncodeReport {
  /** 0..1 of the frames. */
  readonly ratio: number;
  /** Times real time; null while it is not known. */
  readonly speed: number | null;
}

const STALL_LIMIT_MS = 60_000;
const RECIPES: readonly RecipeName[] = ['best', 'safe'];

/**
 * Raw frames to a verified MP4 at `outPath`. A file that stands there is replaced only by one that ffprobe has checked;
 * whatever else happens it stays as it was, and no draft is left. An encoder that fails is tried once more with the
 * safer recipe.
 */
export async function encodeClip(
  source: RawSource,
  options: EncodeOptions,
  onProgress: (report: EncodeReport) => void,
  signal: AbortSignal,
): Promise<Result<EncodedClip, ExportFault>> {
  const tried: RecipeName[] = [];
  const reasons: string[] = [];
  for (const recipe of RECIPES) {
    tried.push(recipe);
    const clip = await encodeOnce(source, options, recipe, [...tried], onProgress, signal);
    if (clip.ok || clip.error.kind !== 'encoder-failed') return clip;
    reasons.push(`${recipe} recipe: ${clip.error.detail}`);
  }
  return err({ kind: 'encoder-failed', detail: reasons.join('; '), tried });
}

async function encodeOnce(
  source: RawSource,
  options: EncodeOptions,
  recipe: RecipeName,
  tried: readonly RecipeName[],
  onProgress: (report: EncodeReport) => void,
  signal: AbortSignal,
): Promise<Result<EncodedClip, ExportFault>> {
  const { outPath, widthPx, heightPx, fps, tags } = options;
  const ffmpeg = findTool('ffmpeg');
  if (!ffmpeg)
    return err({ kind: 'encoder-failed', detail: 'there is no ffmpeg; "npm run doctor" says what to do', tried });
  if (signal.aborted) return err(cancelled(tried));

  let draft: string;
  try {
    draft = await createDraft(outPath);
  } catch (cause) {
    return err(fromFileSystem(cause, outPath, tried));
  }
  try {
    const frameCount = deliveredFrameCount(source.frameCount, source.fps, fps);
    const end = await runFfmpeg({
      program: ffmpeg.path,
      args: encodeArguments(source, { path: draft, widthPx, heightPx, fps, tags }, recipe),
      signal,
      stallLimitMs: options.stallLimitMs ?? STALL_LIMIT_MS,
      onProgress: ({ frame, speed }) => onProgress({ ratio: Math.min(1, frame / frameCount), speed }),
    });
    if (end.kind !== 'done') return err(await fromFfmpeg(end, outPath, tried));

    const facts = await verifyClip(draft, { widthPx, heightPx, fps, frameCount }, signal);
    if (signal.aborted) return err(cancelled(tried));
    if (!facts.ok) return err(await fromVerification(facts.error, outPath, tried));
    const { durationSeconds } = facts.value;
    const { sha256, bytes } = await hashFile(draft);
    await publishFile(draft, outPath);
    return ok({ path: outPath, sha256, widthPx, heightPx, frameCount, fps, durationSeconds, bytes, recipe });
  } catch (cause) {
    return err(fromFileSystem(cause, outPath, tried));
  } finally {
    await removeDraft(draft);
  }
}
