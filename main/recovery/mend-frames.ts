import { constants } from 'node:fs';
import { copyFile, open, rm, type FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

import { err, ok, type Result } from '../../app/base/result.ts';
import type { Work } from '../../app/base/work.ts';
import type { RawFrames } from '../../app/contract/ledger.ts';
import {
  fadeBetween,
  motionResidual,
  pictureBetween,
  pictureBeyond,
  stillResidual,
  type Motion,
  type Pair,
} from '../../app/recovery/between.ts';
import { gapsOf, type FrameRange, type Gap } from '../../app/recovery/frame-range.ts';
import { BEYOND_LIMIT } from '../../app/recovery/frame-repair.ts';
import { estimateMotion, halve, scaleMotion, type MotionField, type Picture } from '../../app/recovery/motion.ts';
import { inTurns } from '../base/in-turns.ts';
import { outputFault, type OutputFault } from '../export/writable.ts';
import { readFrame, writeFrame } from './raw-frames.ts';

/** Motion from one picture to another; null where it can't be had, or not in time. */
export type MotionSource = (from: Picture, to: Picture) => Promise<MotionField | null>;

/** How frames were made up, honestly named. */
export type DrawnBy = 'motion' | 'continued-motion' | 'fade' | 'held';

export interface MendedGap extends FrameRange {
  readonly by: DrawnBy;
}

export interface Mended {
  readonly frames: RawFrames;
  readonly gaps: readonly MendedGap[];
}

export type MendFault = OutputFault | { readonly kind: 'nothing-sound' | 'cancelled'; readonly detail: string };

/** Motion is looked for in a picture of at most this width: beyond it costs more than it tells. */
const MOTION_WIDTH_PX = 480;
/** Levels by which two pictures must differ, motion allowed for, to be two different scenes. */
const SCENE_LEVELS = 18;
const SCENE_SHARE = 0.8;

/**
 * A copy of the clip at `outPath` in which each bad frame is drawn from the sound ones beside it. The frames it was made from
 * are left as they were. Frames are drawn one by one, with room for other work between them.
 *
 * @param flow  a flow model's motion, to be used beside that of the blocks; null where there is none
 */
export async function mendFrames(
  source: RawFrames,
  bad: readonly FrameRange[],
  outPath: string,
  signal: AbortSignal,
  flow: MotionSource | null = null,
): Promise<Result<Mended, MendFault>> {
  const gaps = gapsOf(bad, source.frameCount);
  if (gaps.some(({ before, after }) => before === null && after === null))
    return err({ kind: 'nothing-sound', detail: 'there is no sound frame to draw the others from' });
  try {
    await copyFile(source.framesPath, outPath, constants.COPYFILE_FICLONE);
    await using file = await open(outPath, 'r+');
    const mended: MendedGap[] = [];
    for (const gap of gaps) {
      const by = await mendGap(file, source, gap, flow, signal);
      if (by === null) {
        await rm(outPath, { force: true });
        return err({ kind: 'cancelled', detail: 'it was cancelled' });
      }
      mended.push({ firstFrame: gap.firstFrame, frameCount: gap.frameCount, by });
    }
    await file.sync();
    return ok({ frames: { ...source, framesPath: outPath }, gaps: mended });
  } catch (cause) {
    await rm(outPath, { force: true });
    return err(outputFault(cause, outPath));
  }
}

/** Null when it was cancelled. */
async function mendGap(
  file: FileHandle,
  source: RawFrames,
  gap: Gap,
  flow: MotionSource | null,
  signal: AbortSignal,
): Promise<DrawnBy | null> {
  const { by, draw } = await painter(file, source, gap, flow);
  for (let i = 0; i < gap.frameCount; i += 1) {
    await setImmediate();
    if (signal.aborted) return null;
    await writeFrame(file, gap.firstFrame + i, await draw(i));
  }
  return by;
}

interface Painter {
  readonly by: DrawnBy;
  /** The picture for the gap's i-th frame. */
  readonly draw: (i: number) => Picture | Promise<Picture>;
}

async function painter(file: FileHandle, source: RawFrames, gap: Gap, flow: MotionSource | null): Promise<Painter> {
  const { before, after, frameCount } = gap;
  if (before !== null && after !== null) {
    const pair = await pairOf(await readFrame(file, source, before), await readFrame(file, source, after), flow);
    const time = (i: number): number => (i + 1) / (frameCount + 1);
    return (await inTurns(isOtherScene(pair)))
      ? { by: 'fade', draw: async (i) => inTurns(fadeBetween(pair, time(i))) }
      : { by: 'motion', draw: async (i) => inTurns(pictureBetween(pair, time(i))) };
  }
  const near = before ?? after ?? 0;
  const far = before === null ? near + 1 : near - 1;
  const nearest = await readFrame(file, source, near);
  const isFarSound = far >= 0 && far < source.frameCount;
  if (!isFarSound || frameCount > BEYOND_LIMIT) return { by: 'held', draw: () => nearest };
  const pair = await pairOf(await readFrame(file, source, far), nearest, flow);
  if (await inTurns(isOtherScene(pair))) return { by: 'held', draw: () => nearest };
  return {
    by: 'continued-motion',
    draw: async (i) => inTurns(pictureBeyond(pair, before === null ? frameCount - i : i + 1)),
  };
}

/** By blocks always, and by the flow model where there is one: where both are known each pixel goes the way that fits it better. */
async function pairOf(before: Picture, after: Picture, flow: MotionSource | null): Promise<Pair> {
  const [blocks, learned] = [
    { forward: await blockMotion(before, after), backward: await blockMotion(after, before) },
    flow && (await bothWays(flow, before, after)),
  ];
  return { before, after, motions: learned ? [blocks, learned] : [blocks] };
}

async function bothWays(source: MotionSource, before: Picture, after: Picture): Promise<Motion | null> {
  const [forward, backward] = await Promise.all([source(before, after), source(after, before)]);
  return forward && backward && { forward, backward };
}

/** No motion explains the change, and it is large: a cut. */
function* isOtherScene(pair: Pair): Work<boolean> {
  const moved = yield* motionResidual(pair);
  return moved > SCENE_LEVELS && moved > SCENE_SHARE * (yield* stillResidual(pair));
}

async function blockMotion(from: Picture, to: Picture): Promise<MotionField> {
  let [a, b] = [from, to];
  while (a.widthPx > MOTION_WIDTH_PX) [a, b] = [halve(a), halve(b)];
  await setImmediate();
  return inTurns(scaleMotion(await inTurns(estimateMotion(a, b)), from.widthPx, from.heightPx));
}
