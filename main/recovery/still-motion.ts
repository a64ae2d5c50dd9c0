import { open, rm } from 'node:fs/promises';

import { err, ok, type Result } from '../../app/base/result.ts';
import type { RawFrames } from '../../app/contract/ledger.ts';
import { shoot, subjectOf, viewAt } from '../../app/recovery/camera.ts';
import { inTurns } from '../base/in-turns.ts';
import { cancelled, fromFileSystem, type ExportFault } from '../export/fault.ts';
import { readFrame, writeFrame } from './raw-frames.ts';

/** A camera moves over one frame of a clip, in towards its subject, for as long as the clip was to be. */
export async function stillMotion(
  source: RawFrames,
  frame: number,
  { frameCount, outPath }: { readonly frameCount: number; readonly outPath: string },
  signal: AbortSignal,
): Promise<Result<RawFrames, ExportFault>> {
  try {
    await using from = await open(source.framesPath, 'r');
    const picture = await readFrame(from, source, frame);
    const subject = await inTurns(subjectOf(picture));
    await using to = await open(outPath, 'w');
    for (let i = 0; i < frameCount; i += 1) {
      if (signal.aborted) {
        await rm(outPath, { force: true });
        return err(cancelled([]));
      }
      await writeFrame(to, i, await inTurns(shoot(picture, viewAt(i, frameCount, subject))));
    }
    await to.sync();
    return ok({ ...source, framesPath: outPath, frameCount });
  } catch (cause) {
    await rm(outPath, { force: true });
    return err(fromFileSystem(cause, outPath, []));
  }
}
