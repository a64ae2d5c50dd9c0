import type { Result } from '../../app/base/result.ts';
import type { RawFrames } from '../../app/contract/ledger.ts';
import type { JobRequest } from '../../app/contract/job.ts';
import type { ClipFault } from './clip-maker.ts';

/** Frames of the clip that a fault names, each once, in order. */
export type FrameNumbers = readonly number[];

/** A verified clip of an earlier run that may stand in for this one. */
export interface TemplateMatch {
  readonly frames: RawFrames;
  /** 1 for the same prompt, falling with the distance of the prompts' embeddings. */
  readonly likeness: number;
  readonly runId: string;
}

/**
 * The cures that work on pictures instead of on the plan. Each writes raw frames into the job's own folder; the loop has
 * them judged like any others. A port that is null is a cure that can't be had: the tree passes it over.
 */
export interface MaterialCures {
  /** Make up bad frames from the sound ones on either side; the others come out byte for byte. */
  readonly interpolate:
    | ((
        frames: RawFrames,
        bad: FrameNumbers,
        outPath: string,
        signal: AbortSignal,
      ) => Promise<Result<RawFrames, ClipFault>>)
    | null;
  /** A camera moves over one frame for as long as the clip was to be. */
  readonly stillMotion:
    | ((
        frames: RawFrames,
        frame: number,
        order: { readonly frameCount: number; readonly outPath: string },
        signal: AbortSignal,
      ) => Promise<Result<RawFrames, ClipFault>>)
    | null;
  /** The nearest verified clip in the store, if one is near enough; it is not copied. */
  readonly findTemplate: ((request: JobRequest, pooled: Float32Array | null) => Promise<TemplateMatch | null>) | null;
}

/** Nothing beyond what the plan itself can do. */
export const noMaterialCures: MaterialCures = {
  interpolate: null,
  stillMotion: null,
  findTemplate: null,
};
