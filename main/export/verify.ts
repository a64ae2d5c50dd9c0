import { err, type Result } from '../../app/base/result.ts';
import {
  differencesFrom,
  parseProbe,
  probeArguments,
  type ClipExpectation,
  type ClipFacts,
} from '../../app/export/probe.ts';
import { fileUrl } from '../../app/export/recipe.ts';
import { describeEnd, runFfmpeg } from './ffmpeg.ts';
import { findTool } from './tools.ts';

const PROBE_LIMIT_MS = 10 * 60_000;

/** Facts of a video file, every frame of it decoded; an error in words where that can't be done. */
export async function probeClip(path: string, signal: AbortSignal): Promise<Result<ClipFacts, string>> {
  const ffprobe = findTool('ffprobe');
  if (!ffprobe) return err('there is no ffprobe; "npm run doctor" says what to do');
  const args = probeArguments(fileUrl(path));
  const end = await runFfmpeg({ program: ffprobe.path, args, signal, stallLimitMs: PROBE_LIMIT_MS });
  return end.kind === 'done' ? parseProbe(end.output) : err(`ffprobe: ${describeEnd(end)}`);
}

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
