import type { FaultReport } from '../contract/report.ts';

/** Frames in a row. */
export interface FrameRange {
  readonly firstFrame: number;
  readonly frameCount: number;
}

/** A range of bad frames and the sound ones beside it; null where the clip begins or ends. */
export interface Gap extends FrameRange {
  readonly before: number | null;
  readonly after: number | null;
}

/** The frames that faults name, in order, none twice; warnings name none. */
export function badFrames(faults: readonly FaultReport[], clipFrameCount: number): readonly FrameRange[] {
  const isBad = Array.from({ length: clipFrameCount }, () => false);
  for (const { severity, frame, frameCount } of faults)
    if (severity === 'fault' && frame !== null) isBad.fill(true, frame, frame + (frameCount ?? 1));
  const ranges: FrameRange[] = [];
  for (let at = 0; at < clipFrameCount; at += 1) {
    if (!isBad[at]) continue;
    const end = isBad.indexOf(false, at);
    const frameCount = (end < 0 ? clipFrameCount : end) - at;
    ranges.push({ firstFrame: at, frameCount });
    at += frameCount;
  }
  return ranges;
}

/** Each range with its sound neighbours; ranges that touch are one gap, and what lies outside of the clip is left out. */
export function gapsOf(bad: readonly FrameRange[], clipFrameCount: number): readonly Gap[] {
  const isBad = Array.from({ length: clipFrameCount }, () => false);
  for (const { firstFrame, frameCount } of bad)
    isBad.fill(true, Math.max(0, firstFrame), Math.max(0, firstFrame + frameCount));
  const gaps: Gap[] = [];
  for (let at = 0; at < clipFrameCount; at += 1) {
    if (!isBad[at]) continue;
    const next = isBad.indexOf(false, at);
    const end = next < 0 ? clipFrameCount : next;
    gaps.push({
      firstFrame: at,
      frameCount: end - at,
      before: at > 0 ? at - 1 : null,
      after: end < clipFrameCount ? end : null,
    });
    at = end;
  }
  return gaps;
}
