/** Ways in which decoders and converters spoil frames, beside those of `app/engine/spoil.ts`. */
export const decoderFaults = ['blank-part', 'tint', 'grey'] as const;
export type DecoderFault = (typeof decoderFaults)[number];

/**
 * One spoiled frame.
 *
 * @param frame  [height, width, 3]
 * @param seed   says which side and what colour
 */
export function spoiltByDecoder(
  frame: Uint8Array,
  widthPx: number,
  { kind, strength, seed }: { readonly kind: DecoderFault; readonly strength: number; readonly seed: number },
): Uint8Array {
  const heightPx = frame.length / 3 / widthPx;
  return frame.map((value, i) => {
    const px = Math.floor(i / 3);
    const colour = i % 3;
    switch (kind) {
      case 'blank-part': {
        const share = 0.5 * strength;
        const [x, y] = [(px % widthPx) / widthPx, Math.floor(px / widthPx) / heightPx];
        const isBlank = [y >= 1 - share, y < share, x >= 1 - share, x < share][seed % 4];
        // Black, the green of planes that hold nothing, or grey.
        return isBlank
          ? ([
              [0, 0, 0],
              [0, 135, 0],
              [128, 128, 128],
            ][seed % 3]?.[colour] ?? 0)
          : value;
      }
      case 'tint': {
        // Green or magenta, as where a colour plane is lost.
        const isKept = seed % 2 === 0 ? colour === 1 : colour !== 1;
        return isKept ? value : Math.round(value * (1 - 0.6 * strength));
      }
      case 'grey': {
        const at = px * 3;
        const luma = 0.299 * (frame[at] ?? 0) + 0.587 * (frame[at + 1] ?? 0) + 0.114 * (frame[at + 2] ?? 0);
        return Math.round(value + (luma - value) * strength);
      }
      default:
        return kind satisfies never;
    }
  });
}
