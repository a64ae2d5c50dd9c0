import type { Result } from '../../app/base/result.ts';
import type { RawFrames } from '../../app/contract/ledger.ts';
import type { JobRequest } from '../../app/contract/job.ts';
import type { TemplateOrigin } from '../../app/contract/report.ts';
import type { ClipFault } from './clip-maker.ts';

/** The cures that work on pictures instead of on the plan. Each writes raw frames into the job's own folder. */
export interface MaterialCures {
  /** A camera moves over one frame for as long as the clip was to be. */
  readonly stillMotion: (
    frames: RawFrames,
    frame: number,
    order: { readonly frameCount: number; readonly outPath: string },
    signal: AbortSignal,
  ) => Promise<Result<RawFrames, ClipFault>>;
  /** Whether the store has a verified clip of the same scene. */
  readonly hasTemplate: (request: JobRequest) => Promise<boolean>;
  /** Frames of the nearest one; null where there is none any more. */
  readonly template: (
    request: JobRequest,
    outPath: string,
    signal: AbortSignal,
  ) => Promise<{ readonly frames: RawFrames; readonly origin: TemplateOrigin } | null>;
  /** What the engine made of the words of a request: templates are found by it. */
  readonly noteMeaning: (request: JobRequest, pooled: Float32Array) => void;
}
