import { stat } from 'node:fs/promises';

import { err, ok, type Result } from '../../app/base/result.ts';
import type { InspectReport } from '../../app/contract/inspection.ts';
import { fileUrl } from '../../app/export/recipe.ts';
import { filmProbeArguments, parseFilmProbe, type FilmFacts } from '../../app/monitor/film.ts';
import { defaultFrameBands } from '../../app/monitor/frame-bands.ts';
import { frameHealth } from '../../app/monitor/frame-health.ts';
import { FrameMeter, type FrameFigures } from '../../app/monitor/frame.ts';
import { judgeFrames } from '../../app/monitor/judge-frames.ts';
import { describeEnd, runFfmpeg } from '../export/ffmpeg.ts';
import { findTool } from '../export/tools.ts';
import { readFilmFrames } from './film-frames.ts';

export interface InspectProblem {
  /** `missing`: there is no such file; `unreadable`: it can't be read as a video; `no-tool`: there is no ffmpeg; `cancelled`. */
  readonly kind: 'missing' | 'unreadable' | 'no-tool' | 'cancelled';
  readonly detail: string;
}

export interface InspectProgress {
  readonly framesDone: number;
  /** As the file claims; null where it doesn't. */
  readonly frameCount: number | null;
}

const PROBE_LIMIT_MS = 20_000;

/** Runs the frame monitors over any video that ffmpeg can read: what `inspect` and a video dropped into the studio share. */
export async function inspectVideo(
  path: string,
  signal: AbortSignal,
  onProgress: (progress: InspectProgress) => void = () => undefined,
): Promise<Result<InspectReport, InspectProblem>> {
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const facts = await filmFacts(path, signal);
  if (!facts.ok) return facts;
  const ffmpeg = findTool('ffmpeg');
  if (!ffmpeg) return err({ kind: 'no-tool', detail: 'there is no ffmpeg; "npm run doctor" says what to do' });

  const { widthPx, heightPx, fps } = facts.value;
  const meter = new FrameMeter(widthPx);
  const figures: FrameFigures[] = [];
  let monitorMs = 0;
  const read = await readFilmFrames(
    { path, facts: facts.value, ffmpeg: ffmpeg.path },
    (frame) => {
      const begunMs = performance.now();
      figures.push(meter.measure(frame.subarray(0, widthPx * heightPx)));
      monitorMs += performance.now() - begunMs;
      onProgress({ framesDone: figures.length, frameCount: facts.value.frameCount });
    },
    signal,
  );
  if (!read.ok) return err({ kind: signal.aborted ? 'cancelled' : 'unreadable', detail: read.error });

  const judgedMs = performance.now();
  const faults = judgeFrames(figures, { fps, prompt: null }, defaultFrameBands);
  monitorMs += performance.now() - judgedMs;
  const wallMs = performance.now() - startedMs;
  return ok({
    version: 1,
    startedAt,
    wallMs,
    clip: { path, widthPx, heightPx, frameCount: figures.length, fps },
    attempts: [{ index: 0, stageMs: { decode: Math.max(0, wallMs - monitorMs), monitor: monitorMs }, faults }],
    health: { frames: frameHealth(figures, []) },
    notes: [],
  });
}

async function filmFacts(path: string, signal: AbortSignal): Promise<Result<FilmFacts, InspectProblem>> {
  const entry = await stat(path).catch(() => null);
  if (!entry) return err({ kind: 'missing', detail: 'there is no such file' });
  if (!entry.isFile()) return err({ kind: 'unreadable', detail: 'it is no file' });
  if (entry.size === 0) return err({ kind: 'unreadable', detail: 'it is empty' });
  const ffprobe = findTool('ffprobe');
  if (!ffprobe) return err({ kind: 'no-tool', detail: 'there is no ffprobe; "npm run doctor" says what to do' });
  const args = filmProbeArguments(fileUrl(path));
  const end = await runFfmpeg({ program: ffprobe.path, args, signal, stallLimitMs: PROBE_LIMIT_MS });
  if (end.kind === 'cancelled') return err({ kind: 'cancelled', detail: 'it was cancelled' });
  if (end.kind !== 'done')
    return err({ kind: 'unreadable', detail: `it is no video that can be read: ${describeEnd(end)}` });
  const facts = parseFilmProbe(end.output);
  return facts.ok ? facts : err({ kind: 'unreadable', detail: facts.error });
}
