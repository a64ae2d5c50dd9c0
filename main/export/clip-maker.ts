import { err, ok } from '../../app/base/result.ts';
import { defaultStandIn, type StandInSettings } from '../../app/contract/stand-in.ts';
import type { ClipMaker } from '../job/clip-maker.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { captionFrames } from './caption-clip.ts';
import { encodeClip } from './encode.ts';

/**
 * The job loop's port to ffmpeg.
 *
 * @param standIn  what the user wants to be shown where no clip could be made; asked each time
 */
export const clipMaker = (standIn: () => StandInSettings): ClipMaker => ({
  captionFrames: async (caption, frames, signal) => captionFrames(caption, frames, signal, standIn()),

  async encode(frames, { outPath, delivery, provenance, onEncoder }, onProgress, signal) {
    const { widthPx, heightPx, fps } = delivery;
    const tags = {
      ...provenance,
      renderedWidthPx: frames.widthPx,
      renderedHeightPx: frames.heightPx,
      programVersion: packageFile.version,
      prompt: null,
    };
    const clip = await encodeClip(
      frames,
      { outPath, widthPx, heightPx, fps, tags, ...(onEncoder ? { onEncoder } : {}) },
      ({ ratio }) => onProgress(ratio),
      signal,
    );
    return clip.ok ? ok({ ...clip.value, isVerified: clip.value.recipe !== 'plain' }) : err(clip.error);
  },
});

export const ffmpegClips: ClipMaker = clipMaker(() => defaultStandIn);
