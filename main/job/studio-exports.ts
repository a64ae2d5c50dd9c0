import { randomUUID } from 'node:crypto';
import { copyFile, stat } from 'node:fs/promises';

import type { DeliveredClip, JobId } from '../../app/contract/job.ts';
import type { RawFrames } from '../../app/contract/ledger.ts';
import type { RunReport } from '../../app/contract/report.ts';
import type { ExportOptions, FeedEvent } from '../../app/contract/route.ts';
import type { ClipTags } from '../../app/export/tags.ts';
import { createDraft, removeDraft } from '../export/draft.ts';
import { encodeClip } from '../export/encode.ts';
import { fromFileSystem } from '../export/fault.ts';
import { checkWritable } from '../export/writable.ts';
import { publishFile } from '../store/atomic-file.ts';

type ExportState = Extract<FeedEvent, { kind: 'export' }>['state'];
type ExportProblem = Extract<ExportState, { phase: 'failed' }>['problem'];

/** All that an export needs to know of a finished job. */
export interface ExportSource {
  readonly clip: DeliveredClip;
  /** Null when they made room for newer jobs. */
  readonly frames: RawFrames | null;
  readonly report: RunReport | null;
}

interface Order {
  readonly source: ExportSource;
  readonly path: string;
  readonly options: ExportOptions;
  readonly signal: AbortSignal;
  readonly tell: (state: ExportState) => void;
}

/** Paths of this many exports are remembered, for "show in folder". */
const REMEMBERED_EXPORTS = 200;

/** Exports that run beside the queue; how each one goes is told by the feed. */
export class StudioExports implements AsyncDisposable {
  readonly #version: string;
  readonly #onEvent: (event: FeedEvent) => void;
  readonly #paths = new Map<string, string>();
  readonly #running = new Map<string, { readonly abort: AbortController; readonly end: Promise<void> }>();

  constructor(version: string, onEvent: (event: FeedEvent) => void) {
    this.#version = version;
    this.#onEvent = onEvent;
  }

  start(jobId: JobId, source: ExportSource, path: string, options: ExportOptions): string {
    const exportId = randomUUID();
    const abort = new AbortController();
    const tell = (state: ExportState): void => this.#onEvent({ kind: 'export', exportId, jobId, state });
    this.#paths.set(exportId, path);
    for (const old of [...this.#paths.keys()].slice(0, -REMEMBERED_EXPORTS)) this.#paths.delete(old);
    const end = this.#run({ source, path, options, signal: abort.signal, tell })
      .then(tell, (cause: unknown) => tell(failed('encoder-failed', `internal error: ${String(cause)}`)))
      .finally(() => this.#running.delete(exportId));
    this.#running.set(exportId, { abort, end });
    return exportId;
  }

  cancel(exportId: string): void {
    this.#running.get(exportId)?.abort.abort();
  }

  pathOf(exportId: string): string | null {
    return this.#paths.get(exportId) ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const running = [...this.#running.values()];
    for (const { abort } of running) abort.abort();
    await Promise.all(running.map(({ end }) => end));
  }

  async #run(order: Order): Promise<ExportState> {
    const { source, path, options, signal, tell } = order;
    const place = await checkWritable(path);
    if (!place.ok)
      return failed(place.error.kind === 'disk-full' ? 'disk-full' : 'output-unwritable', place.error.detail);
    tell({ phase: 'running', ratio: 0, speed: null });
    if (!source.frames || !source.report) return copyDelivered(order);
    const clip = await encodeClip(
      source.frames,
      { ...options, outPath: path, tags: tagsOf(source.report, source.frames, this.#version) },
      ({ ratio, speed }) => tell({ phase: 'running', ratio, speed }),
      signal,
    );
    if (clip.ok) return { phase: 'done', path, bytes: clip.value.bytes };
    const { kind, detail } = clip.error;
    return kind === 'cancelled' ? { phase: 'cancelled' } : failed(kind, detail);
  }
}

/** Without the frames only the clip as it was delivered can be had: encoding it again would lose quality. */
async function copyDelivered({ source, path, options, signal }: Order): Promise<ExportState> {
  const { clip } = source;
  const { widthPx, heightPx, fps } = options;
  if (clip.widthPx !== widthPx || clip.heightPx !== heightPx || clip.fps !== fps)
    return failed(
      'encoder-failed',
      `the rendered frames of this clip are gone; legal: ${clip.widthPx}x${clip.heightPx} at ${clip.fps} frames a second, as it was delivered`,
    );
  let draft: string | null = null;
  try {
    draft = await createDraft(path);
    await copyFile(clip.path, draft);
    if (signal.aborted) return { phase: 'cancelled' };
    const { size: bytes } = await stat(draft);
    await publishFile(draft, path);
    return { phase: 'done', path, bytes };
  } catch (cause) {
    const isSourceGone = await stat(clip.path).then(
      () => false,
      () => true,
    );
    if (isSourceGone) return failed('encoder-failed', `the clip is not at "${clip.path}" any more`);
    const fault = fromFileSystem(cause, path, []);
    return failed(fault.kind === 'disk-full' ? 'disk-full' : 'output-unwritable', fault.detail);
  } finally {
    if (draft !== null) await removeDraft(draft);
  }
}

const failed = (problem: ExportProblem, detail: string): ExportState => ({ phase: 'failed', problem, detail });

/** The seed and rung that made the delivered frames are those of the last attempt, not those first asked for. */
function tagsOf(report: RunReport, frames: RawFrames, programVersion: string): ClipTags {
  const { packId, packVersion, packSha256 } = report.request;
  const { seed, rung } = report.attempts.at(-1) ?? report.request;
  return {
    runId: report.runId,
    grade: report.delivered.grade,
    packId,
    packVersion,
    packSha256,
    seed,
    rung,
    renderedWidthPx: frames.widthPx,
    renderedHeightPx: frames.heightPx,
    programVersion,
    prompt: null,
  };
}
