import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

import { messageOf } from '../../app/base/message-of.ts';
import { err, ok, type Result } from '../../app/base/result.ts';
import { blockiness, BLOCKY_RATIO } from '../../app/export/blockiness.ts';
import { deliveredFrameCount, type SizePx } from '../../app/export/framing.ts';
import { markScript } from '../../app/export/caption.ts';
import {
  barMark,
  encodeArguments,
  finishArguments,
  type EncoderRecipe,
  type MarkFilter,
  type RawSource,
  type RecipeName,
} from '../../app/export/recipe.ts';
import type { ClipTags } from '../../app/export/tags.ts';
import { publishFile } from '../store/atomic-file.ts';
import { createDraft, hashFile, removeDraft } from './draft.ts';
import { cancelled, fromFfmpeg, fromFileSystem, fromVerification, type ExportFault } from './fault.ts';
import { runFfmpeg, type FfmpegEnd } from './ffmpeg.ts';
import { clearLeftovers } from './leftovers.ts';
import { writePlainClip } from './plain-clip.ts';
import { findTools } from './tools.ts';
import { verifyClip } from './verify.ts';
import { WORDS_FILTER, WordsFolder } from './words.ts';

export interface EncodeOptions extends SizePx {
  readonly outPath: string;
  readonly fps: number;
  readonly tags: ClipTags;
  readonly stallLimitMs?: number;
  /** Called with each encoder that has started, so that a fault can be put in on purpose. */
  readonly onEncoder?: (kill: () => void) => void;
}

export interface EncodedClip extends SizePx {
  readonly path: string;
  readonly sha256: string;
  readonly frameCount: number;
  readonly fps: number;
  readonly durationSeconds: number;
  readonly bytes: number;
  readonly recipe: RecipeName;
  /** Why earlier tries failed; absent when the first one worked. */
  readonly setbacks?: readonly string[];
  /** What else is to be told of the export, though nothing failed; absent when there is nothing. */
  readonly notes?: readonly string[];
}

export interface EncodeReport {
  /** 0..1 of the frames. */
  readonly ratio: number;
  /** Times real time; null while it is not known. */
  readonly speed: number | null;
}

/** Without a new frame for so long an encoder hangs; larger pictures may take longer. */
const STALL_LIMIT_MS = 20_000;
const STALL_PIXELS = 1280 * 720;

/** One way to get the clip made; the next is tried when it failed. */
interface Way {
  readonly recipe: EncoderRecipe;
  readonly mark: 'words' | 'bar';
}
const WAYS: readonly Way[] = [
  { recipe: 'best', mark: 'words' },
  { recipe: 'safe', mark: 'words' },
];
/** Only for clips that carry a mark: where words can't be set, a bar says it. */
const BAR_WAY: Way = { recipe: 'safe', mark: 'bar' };

interface Failure {
  readonly fault: ExportFault;
  /** It was killed, hung or did not start: what was asked of it may have been right. */
  readonly isAbrupt: boolean;
  readonly hasStarted: boolean;
}

/**
 * Raw frames to a verified MP4 at `outPath`. A file that stands there is replaced only by one that has been decoded to its last frame;
 * whatever else happens it stays as it was, and no draft is left, not even one of an earlier export. An encoder that was killed or hung is started once more, by
 * another ffmpeg if it did not start at all; one that failed by itself is tried again with the safer recipe. Where none of that
 * gives a clip it is written without an encoder, at the rate of rendering.
 */
export async function encodeClip(
  source: RawSource,
  options: EncodeOptions,
  onProgress: (report: EncodeReport) => void,
  signal: AbortSignal,
): Promise<Result<EncodedClip, ExportFault>> {
  const leftovers = await clearLeftovers(dirname(options.outPath), options.tags.runId, signal);
  const clip = await encodeByAnyWay(source, options, onProgress, signal);
  const notes = [...leftovers, ...(clip.ok ? (clip.value.notes ?? []) : [])];
  return clip.ok && notes.length > 0 ? ok({ ...clip.value, notes }) : clip;
}

async function encodeByAnyWay(
  source: RawSource,
  options: EncodeOptions,
  onProgress: (report: EncodeReport) => void,
  signal: AbortSignal,
): Promise<Result<EncodedClip, ExportFault>> {
  const tried: RecipeName[] = [];
  const reasons: string[] = [];
  const ffmpegs = findTools('ffmpeg').map(({ path }) => path);
  const script = markScript(options.tags.grade, options);
  for (const way of script === null ? WAYS : [...WAYS, BAR_WAY])
    for (let isSecond = false; ; isSecond = true) {
      const [program] = ffmpegs;
      if (program === undefined) break;
      tried.push(way.recipe);
      const made = await encodeMarked(program, source, options, { way, script }, [...tried], onProgress, signal);
      if (made.ok) return reasons.length > 0 ? ok({ ...made.value, setbacks: reasons }) : made;
      const { fault, isAbrupt, hasStarted } = made.error;
      if (fault.kind !== 'encoder-failed') return err(fault);
      reasons.push(`${way.recipe} recipe: ${fault.detail}`);
      if (!hasStarted) ffmpegs.shift();
      if (!isAbrupt || isSecond) break;
    }
  const plain = await writePlainClip(source, options, onProgress, signal);
  if (ffmpegs.length === 0 && reasons.length === 0)
    reasons.push('there is no ffmpeg that starts: the clip is written without one');
  if (plain.ok) return ok({ ...plain.value, setbacks: reasons });
  const detail = [...reasons, `without an encoder: ${plain.error.detail}`].join('; ');
  return err(plain.error.kind === 'encoder-failed' ? { kind: 'encoder-failed', detail, tried } : plain.error);
}

async function encodeMarked(
  program: string,
  source: RawSource,
  options: EncodeOptions,
  { way, script }: { readonly way: Way; readonly script: string | null },
  tried: readonly RecipeName[],
  onProgress: (report: EncodeReport) => void,
  signal: AbortSignal,
): Promise<Result<EncodedClip, Failure>> {
  const once = async (mark: MarkFilter | null, folder?: string): Promise<Result<EncodedClip, Failure>> =>
    encodeOnce({ program, source, options, recipe: way.recipe, mark, folder, tried, onProgress, signal });
  if (script === null) return once(null);
  if (way.mark === 'bar') return once(barMark(options));
  try {
    await using words = await WordsFolder.create(script);
    return await once(WORDS_FILTER, words.path);
  } catch (cause) {
    const detail = `no words can be set: ${messageOf(cause)}`;
    return failed({ kind: 'encoder-failed', detail, tried });
  }
}

interface Once {
  readonly program: string;
  readonly source: RawSource;
  readonly options: EncodeOptions;
  readonly recipe: EncoderRecipe;
  readonly mark: MarkFilter | null;
  readonly folder: string | undefined;
  readonly tried: readonly RecipeName[];
  readonly onProgress: (report: EncodeReport) => void;
  readonly signal: AbortSignal;
}

async function encodeOnce(job: Once): Promise<Result<EncodedClip, Failure>> {
  const { source, options, recipe, tried, signal } = job;
  const { outPath, widthPx, heightPx, fps } = options;
  if (signal.aborted) return failed(cancelled(tried));
  const drafts: string[] = [];
  try {
    const draft = await createDraft(outPath);
    drafts.push(draft);
    const written = await writeDraft(job, draft);
    if (!written.ok) return written;
    const finished = await createDraft(outPath);
    drafts.push(finished);
    const end = await runFfmpeg({
      program: job.program,
      args: finishArguments(draft, finished, options.tags),
      signal,
      stallLimitMs: stallLimitMs(options),
    });
    if (end.kind !== 'done') return endFailure(end, outPath, tried);

    const frameCount = deliveredFrameCount(source.frameCount, source.fps, fps);
    const facts = await verifyClip(finished, { widthPx, heightPx, fps, frameCount }, signal);
    if (signal.aborted) return failed(cancelled(tried));
    if (!facts.ok) return failed(await fromVerification(facts.error, outPath, tried));
    const { durationSeconds, readBy } = facts.value;
    const notes =
      readBy === 'ffmpeg' ? { notes: [`there is no ffprobe: ffmpeg itself decoded all ${frameCount} frames`] } : {};
    const { sha256, bytes } = await hashFile(finished);
    await publishFile(finished, outPath);
    return ok({ path: outPath, sha256, widthPx, heightPx, frameCount, fps, durationSeconds, bytes, recipe, ...notes });
  } catch (cause) {
    return failed(fromFileSystem(cause, outPath, tried));
  } finally {
    for (const draft of drafts) await removeDraft(draft);
  }
}

/** Written in fragments: what a crash leaves behind can be played. */
async function writeDraft(job: Once, draft: string): Promise<Result<null, Failure>> {
  const { source, options, recipe, mark, folder, tried, signal } = job;
  const { outPath, widthPx, heightPx, fps, tags } = options;
  const frameCount = deliveredFrameCount(source.frameCount, source.fps, fps);
  const isBlocky = widthPx > source.widthPx && (await showsSquares(source));
  const end = await runFfmpeg({
    program: job.program,
    args: encodeArguments(source, { path: draft, widthPx, heightPx, fps, tags }, recipe, { mark, isBlocky }),
    signal,
    stallLimitMs: stallLimitMs(options),
    ...(folder === undefined ? {} : { folder }),
    ...(options.onEncoder ? { onStart: options.onEncoder } : {}),
    onProgress: ({ frame, speed }) => job.onProgress({ ratio: Math.min(1, frame / frameCount), speed }),
  });
  return end.kind === 'done' ? ok(null) : endFailure(end, outPath, tried);
}

/** By the frame in the middle: how a decoder paints does not change within a clip. */
async function showsSquares({ framesPath, widthPx, heightPx, frameCount }: RawSource): Promise<boolean> {
  await using file = await open(framesPath, 'r');
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  await file.read(rgb, 0, rgb.length, Math.floor(frameCount / 2) * rgb.length);
  return blockiness(rgb, widthPx) > BLOCKY_RATIO;
}

const stallLimitMs = (options: EncodeOptions): number =>
  options.stallLimitMs ?? STALL_LIMIT_MS * Math.max(1, (options.widthPx * options.heightPx) / STALL_PIXELS);

async function endFailure(
  end: Exclude<FfmpegEnd, { kind: 'done' }>,
  outPath: string,
  tried: readonly RecipeName[],
): Promise<Result<never, Failure>> {
  // A file that is no program is handed to a shell, which says so by one of these.
  const isNoProgram = end.kind === 'failed' && (end.exitCode === 126 || end.exitCode === 127);
  const hasStarted = !isNoProgram && (end.kind !== 'failed' || end.exitCode !== null || end.killedBy !== null);
  const isAbrupt = !hasStarted || end.kind === 'stalled' || (end.kind === 'failed' && end.exitCode === null);
  return err({ fault: await fromFfmpeg(end, outPath, tried), isAbrupt, hasStarted });
}

const failed = (fault: ExportFault): Result<never, Failure> => err({ fault, isAbrupt: false, hasStarted: true });
