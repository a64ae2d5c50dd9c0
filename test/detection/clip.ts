/** A clip that is known to be sound, and where it comes from. */
export interface Clip {
  readonly name: string;
  /** `pack`: rendered by the embedded pack; `drawn`: composed here; the others are sources of ffmpeg. */
  readonly kind: string;
  readonly prompt: string | null;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
  /** Each [height, width, 3], full range. */
  readonly frames: readonly Uint8Array[];
}
