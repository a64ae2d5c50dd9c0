import { err, type Result } from '../../app/base/result.ts';
import type { RawFrames } from '../../app/contract/ledger.ts';
import type { GradeName } from '../../app/contract/name.ts';
import type { Delivery } from '../../app/contract/project.ts';
import type { TemplateOrigin } from '../../app/contract/report.ts';
import { isDiskFull } from '../store/disk-error.ts';
import type { InjectionCount } from './injection-count.ts';

/** What the file itself says about how it came to be. */
export interface Provenance {
  readonly runId: string;
  readonly grade: GradeName;
  readonly packId: string;
  readonly packVersion: string;
  readonly packSha256: string;
  readonly seed: number;
  readonly rung: string;
  /** Of a clip of grade template: what it was really rendered from. */
  readonly template?: TemplateOrigin;
}

export interface FinishedClip {
  readonly path: string;
  readonly sha256: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameCount: number;
  readonly fps: number;
  readonly durationSeconds: number;
  /** What went wrong with the encoder before it worked; absent when nothing did. */
  readonly setbacks?: readonly string[];
  /** What else is to be told, though nothing failed; absent when there is nothing. */
  readonly notes?: readonly string[];
  /** It was decoded to its last frame and is what was ordered; absent where nothing could decode it. */
  readonly isVerified?: boolean;
}

export interface ClipFault {
  readonly kind: 'disk-full' | 'output-unwritable' | 'encoder-failed' | 'cancelled';
  readonly detail: string;
}

export interface EncodeOrder {
  readonly outPath: string;
  readonly delivery: Delivery;
  readonly provenance: Provenance;
  /** Called with each encoder that has started; what it does with the process is a fault put in on purpose. */
  readonly onEncoder?: (kill: () => void) => void;
}

/** The port to ffmpeg: what the job loop needs of it. */
export interface ClipMaker {
  /** A calm clip with the prompt as caption, for when nothing else can be delivered. */
  captionFrames(caption: string, frames: RawFrames, signal: AbortSignal): Promise<Result<RawFrames, ClipFault>>;
  encode(
    frames: RawFrames,
    order: EncodeOrder,
    onProgress: (ratio: number) => void,
    signal: AbortSignal,
  ): Promise<Result<FinishedClip, ClipFault>>;
}

/** The same port with the export's faults in it that were asked for: a write that is refused, an encoder that is killed. */
export function spoiledClips(clips: ClipMaker, injections: InjectionCount, attempt: number): ClipMaker {
  return {
    captionFrames: async (...order) => clips.captionFrames(...order),
    encode: async (frames, order, ...rest) => {
      const refusal = injections.writeRefusal('export', attempt);
      if (refusal)
        return err({ kind: isDiskFull(refusal) ? 'disk-full' : 'output-unwritable', detail: refusal.message });
      const onEncoder = (kill: () => void): void => {
        if (injections.take('encoder-failed', 'export', attempt)) kill();
      };
      return clips.encode(frames, { ...order, onEncoder }, ...rest);
    },
  };
}
