import { open } from 'node:fs/promises';

import { err, ok, type Result } from '../../app/base/result.ts';
import type { Work } from '../../app/base/work.ts';
import { markScript } from '../../app/export/caption.ts';
import { framePicture } from '../../app/export/framing.ts';
import { pictureParameters, pictureUnit, sequenceParameters } from '../../app/export/h264-pcm.ts';
import { mp4Head } from '../../app/export/mp4-box.ts';
import { deliveredPlanes } from '../../app/export/planes.ts';
import type { RawSource } from '../../app/export/recipe.ts';
import { CLIP_TITLE, provenanceOf } from '../../app/export/tags.ts';
import { inTurns } from '../base/in-turns.ts';
import { publishFile } from '../store/atomic-file.ts';
import { createDraft, hashFile, removeDraft } from './draft.ts';
import type { EncodedClip, EncodeOptions, EncodeReport } from './encode.ts';
import { cancelled, fromFileSystem, type ExportFault } from './fault.ts';

/** An MP4 of this kind holds its places in 32 bits. */
const BYTE_LIMIT = 2 ** 32 - 2 ** 24;

/** The rendered frames themselves lack something: no other place and no other encoder would help. */
class FrameCut extends Error {}

/**
 * An MP4 without any ffmpeg: every sample as it is, at the rate of rendering. Large, but a clip: for when there is no program
 * that could make a smaller one. A file at `outPath` is replaced only by a whole one.
 */
export async function writePlainClip(
  source: RawSource,
  options: EncodeOptions,
  onProgress: (report: EncodeReport) => void,
  signal: AbortSignal,
): Promise<Result<EncodedClip, ExportFault>> {
  const { outPath, widthPx, heightPx, tags } = options;
  const { frameCount, fps } = source;
  const framing = framePicture(source, options);
  const isMarked = markScript(tags.grade, options) !== null;
  const sequence = sequenceParameters(options, fps);
  const picture = pictureParameters();
  const rgb = new Uint8Array(source.widthPx * source.heightPx * 3);
  let draft: string | null = null;
  try {
    draft = await createDraft(outPath);
    await using input = await open(source.framesPath, 'r');
    const pictureOf = function* (frame: number): Work<Uint8Array> {
      return yield* pictureUnit(yield* deliveredPlanes(rgb, source, framing, isMarked), options, frame);
    };
    const unitOf = async (frame: number): Promise<Uint8Array> => {
      const { bytesRead } = await input.read(rgb, 0, rgb.length, frame * rgb.length);
      if (bytesRead !== rgb.length) throw new FrameCut(`frame ${frame} is not whole`);
      return inTurns(pictureOf(frame));
    };
    // Samples in limited range never need an escape, so every picture is as long as the first but for its number.
    const lengths: number[] = [];
    const [even, odd] = [await unitOf(0), await inTurns(pictureOf(1))];
    for (let frame = 0; frame < frameCount; frame += 1) lengths.push((frame % 2 === 0 ? even : odd).length + 4);
    if (lengths.reduce((sum, bytes) => sum + bytes, 0) > BYTE_LIMIT)
      return err({
        kind: 'encoder-failed',
        detail: 'there is no ffmpeg, and without one the clip is too long',
        tried: [],
      });
    const facts = { widthPx, heightPx, fps, sequence, picture, frameBytes: lengths };
    {
      await using output = await open(draft, 'r+');
      await output.writeFile(mp4Head({ ...facts, title: CLIP_TITLE, comment: provenanceOf(tags) }));
      for (let frame = 0; frame < frameCount; frame += 1) {
        if (signal.aborted) return err(cancelled([]));
        const unit = await unitOf(frame);
        if (unit.length + 4 !== lengths[frame]) throw new Error('bug: a picture is not as long as it was said to be');
        const length = Buffer.alloc(4);
        length.writeUInt32BE(unit.length);
        await output.writeFile(length);
        await output.writeFile(unit);
        onProgress({ ratio: (frame + 1) / frameCount, speed: null });
      }
    }
    const { sha256, bytes } = await hashFile(draft);
    await publishFile(draft, outPath);
    const durationSeconds = frameCount / fps;
    return ok({ path: outPath, sha256, widthPx, heightPx, frameCount, fps, durationSeconds, bytes, recipe: 'plain' });
  } catch (cause) {
    if (cause instanceof FrameCut) return err({ kind: 'encoder-failed', detail: cause.message, tried: [] });
    return err(fromFileSystem(cause, outPath, []));
  } finally {
    if (draft !== null) await removeDraft(draft);
  }
}
