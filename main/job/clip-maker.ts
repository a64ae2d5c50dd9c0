import type { Result } from '../../app/base/result.ts';
import type { RawFrames } from '../../app/contract/ledger.ts';
import type { GradeName } from '../../app/contract/name.ts';
import type { Delivery } from '../../app/contract/project.ts';

/** What the file itself says about how it came to be. */
export interface Provenance {
  readonly runId: string;
  readonly grade: GradeName;
  readonly packId: string;
  readonly packVersion: string;
  readonly packSha256: string;
  readonly seed: number;
  readonly rung: string;
}

export interface FinishedClip {
  readonly path: string;
  readonly sha256: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameCount: number;
  readonly fps: number;
  readonly durationSeconds: number;
}

export interface ClipFault {
  readonly kind: 'disk-full' | 'output-unwritable' | 'encoder-failed' | 'cancelled';
  readonly detail: string;
}

/** The port to ffmpeg: what the job loop needs of it. */
export interface ClipMaker {
  /** A calm clip with the prompt as caption, for when nothing else can be delivered. */
  captionFrames(caption: string, frames: RawFrames, signal: AbortSignal): Promise<Result<RawFrames, ClipFault>>;
  encode(
    frames: RawFrames,
    order: { readonly outPath: string; readonly delivery: Delivery; readonly provenance: Provenance },
    onProgress: (ratio: number) => void,
    signal: AbortSignal,
  ): Promise<Result<FinishedClip, ClipFault>>;
}
