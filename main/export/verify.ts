import { err, type Result } from '../../app/base/result.ts';
import {
  decodeArguments,
  differencesFrom,
  parseDecoded,
  parseProbe,
  probeArguments,
  type ClipExpectation,
  type ClipFacts,
} from '../../app/export/probe.ts';
import { fileUrl } from '../../app/export/recipe.ts';
import { describeEnd, runFfmpeg, type FfmpegEnd } from './ffmpeg.ts';
import { findTools } from './tools.ts';

const PROBE_LIMIT_MS = 10 * 60_000;

/**
 * Facts of a video file, every frame of it decoded: by ffprobe, or, where none starts, by ffmpeg itself; an error in words where
 * that can't be done.
 */
export async function probeClip(path: string, signal: AbortSignal): Promise<Result<ClipFacts, string>> {
  const run = async (program: string, args: readonly string[]): Promise<FfmpegEnd> =>
    runFfmpeg({ program, args, signal, stallLimitMs: PROBE_LIMIT_MS });
  for (const ffprobe of findTools('ffprobe')) {
    const end = await run(ffprobe.path, probeArguments(fileUrl(path)));
    if (end.kind === 'done') return parseProbe(end.output);
    if (!isAbrupt(end)) return err(`ffprobe: ${describeEnd(end)}`);
  }
  for (const ffmpeg of findTools('ffmpeg')) {
    const end = await run(ffmpeg.path, decodeArguments(fileUrl(path)));
    if (end.kind === 'done') return parseDecoded(end.output, end.said);
    if (!isAbrupt(end)) return err(`ffmpeg: ${describeEnd(end)}`);
  }
  return err('there is neither ffprobe nor ffmpeg; "npm run doctor" says what to do');
}

/** It was killed, or is no program that starts: nothing is said of the file. Those numbers are what a shell says of no program. */
const isAbrupt = (end: Exclude<FfmpegEnd, { kind: 'done' }>): boolean =>
  end.kind === 'failed' && (end.exitCode === null || end.exitCode === 126 || end.exitCode === 127);

/** The facts if the file is exactly what was ordered, else every difference in words. */
export async function verifyClip(
  path: string,
  expected: ClipExpectation,
  signal: AbortSignal,
): Promise<Result<ClipFacts, string>> {
  const facts = await probeClip(path, signal);
  if (!facts.ok) return facts;
  const differences = differencesFrom(expected, facts.value);
  return differences.length === 0 ? facts : err(`the file has ${differences.join(', ')}`);
}
