/** How one frame became the next, as the optical flow tells it. Pixels are those of the clip. */
export interface FlowFigures {
  /** Mean length of the flow. */
  readonly magnitudePx: number;
  /** Entropy of the directions, 36 bins weighted by length: 0 where all goes one way, log2(36) = 5.17 where nothing agrees. */
  readonly entropyBits: number;
  /** Mean change, 0..1, that is left when the later frame is moved back along the flow. */
  readonly warpError: number;
  /** Mean flow of what moves, right and down; null where nothing does. */
  readonly mean: { readonly xPx: number; readonly yPx: number } | null;
}
