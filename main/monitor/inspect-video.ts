import { stat } from 'node:fs/promises';

import { err, ok, type Result } from '../../app/base/result.ts';
import type { InspectReport } from '../../app/contract/inspection.ts';
import { fileUrl } from '../../app/export/recipe.ts';
import { measureColour, type ColourFigures } from '../../app/monitor/colour.ts';
import { filmProbeArguments, parseFilmProbe, type FilmFacts } from '../../app/monitor/film.ts';
import { flowSize, shrinkPicture, type FlowFigures, type FlowPicture } from '../../app/monitor/flow.ts';
import { defaultFrameBands } from '../../app/monitor/frame-bands.ts';
import { frameHealth } from '../../app/monitor/frame-health.ts';
import { FrameMeter, type FrameFigures } from '../../app/monitor/frame.ts';
import { judgeFrames } from '../../app/monitor/judge-frames.ts';
import { describeEnd, runFfmpeg } from '../export/ffmpeg.ts';
import { findTool } from '../export/tools.ts';
import type { FlowMeter } from './flow-meter.ts';
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
/** raft-mini is made for pictures of this size, however large the film is. */
const FLOW_PIXELS = 160 * 96;

/** What a film may mean to be so, such a clip may not. */
const ONE_SHOT = 'judged as one shot: it says that it was rendered here from one prompt';
const DITHERED = 'noise is not looked for: a palette of few colours is mixed by dots, which look the same';

/** Runs the frame monitors over any video that ffmpeg can read: what `inspect` and a video dropped into the studio share. */
export async function inspectVideo(
  path: string,
  signal: AbortSignal,
  onProgress: (progress: InspectProgress) => void = () => undefined,
  flow: FlowMeter | null = null,
): Promise<Result<InspectReport, InspectProblem>> {
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const facts = await filmFacts(path, signal);
  if (!facts.ok) return facts;
  const ffmpeg = findTool('ffmpeg');
  if (!ffmpeg) return err({ kind: 'no-tool', detail: 'there is no ffmpeg; "npm run doctor" says what to do' });

  const { widthPx, heightPx, fps, isDithered, isOneShot } = facts.value;
  const meter = new FrameMeter(widthPx);
  const figures: FrameFigures[] = [];
  let monitorMs = 0;
  const flowSteps: (FlowFigures | null)[] = [];
  let before: FlowPicture | null = null;
  const small = flow && flowSize(facts.value, FLOW_PIXELS, flow.multiplePx);
  const followFlow = async (frame: Uint8Array): Promise<void> => {
    if (!flow || !small) return;
    const picture = smallPicture(frame, facts.value, small);
    const scale = { x: widthPx / small.widthPx, y: heightPx / small.heightPx };
    if (before) flowSteps.push(await flow.measure(before, picture, scale));
    before = picture;
  };
  const read = await readFilmFrames(
    { path, facts: facts.value, ffmpeg: ffmpeg.path },
    async (frame) => {
      const begunMs = performance.now();
      figures.push(meter.measure(frame.subarray(0, widthPx * heightPx), colourOf(frame, facts.value)));
      await followFlow(frame);
      monitorMs += performance.now() - begunMs;
      onProgress({ framesDone: figures.length, frameCount: facts.value.frameCount });
    },
    signal,
  );
  if (!read.ok) return err({ kind: signal.aborted ? 'cancelled' : 'unreadable', detail: read.error });

  const judgedMs = performance.now();
  const faults = judgeFrames(
    figures,
    { fps, prompt: null, widthPx, heightPx, isOneShot, isDithered },
    defaultFrameBands,
    flowSteps,
  );
  monitorMs += performance.now() - judgedMs;
  const wallMs = performance.now() - startedMs;
  return ok({
    version: 1,
    startedAt,
    wallMs,
    clip: { path, widthPx, heightPx, frameCount: figures.length, fps },
    attempts: [{ index: 0, stageMs: { decode: Math.max(0, wallMs - monitorMs), monitor: monitorMs }, faults }],
    health: { frames: frameHealth(figures, flowSteps) },
    notes: [...(flow?.note ? [flow.note] : []), ...(isDithered ? [DITHERED] : []), ...(isOneShot ? [ONE_SHOT] : [])],
  });
}

/** Of yuv420p, whose colour planes follow its luma. */
function colourOf(frame: Uint8Array, { widthPx, heightPx }: FilmFacts): ColourFigures {
  const blueAt = widthPx * heightPx;
  const count = Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2);
  return measureColour(
    count,
    (point) => frame[blueAt + point] as number,
    (point) => frame[blueAt + count + point] as number,
  );
}

/** Of yuv420p in limited range (BT.601, as the flow model's own pictures were made): the three colours of some pixels. */
function smallPicture(
  frame: Uint8Array,
  film: FilmFacts,
  small: { readonly widthPx: number; readonly heightPx: number },
): FlowPicture {
  const { widthPx, heightPx } = film;
  const chromaWidthPx = Math.ceil(widthPx / 2);
  const blueAt = widthPx * heightPx;
  const redAt = blueAt + chromaWidthPx * Math.ceil(heightPx / 2);
  return shrinkPicture(film, small, (x, y, colour) => {
    const luma = 1.164 * ((frame[y * widthPx + x] ?? 16) - 16);
    const at = (y >> 1) * chromaWidthPx + (x >> 1);
    const blue = (frame[blueAt + at] ?? 128) - 128;
    const red = (frame[redAt + at] ?? 128) - 128;
    const value =
      colour === 0 ? luma + 1.596 * red : colour === 1 ? luma - 0.392 * blue - 0.813 * red : luma + 2.017 * blue;
    return Math.max(0, Math.min(255, value));
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
