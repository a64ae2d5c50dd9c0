export type Rgb = readonly [number, number, number];

/** 4 × 4 ordered dither in -0.5 .. 0.5: without it a smooth gradient shows bands. */
const DITHER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5].map((rank) => (rank + 0.5) / 16 - 0.5);
/** What one row adds before its values are cut to whole levels: half a level and the dither, in a cycle of four. */
export const ditherOfRow = (row: number): readonly [number, number, number, number] => {
  const at = (row % 4) * 4;
  return [
    (DITHER[at] ?? 0) + 0.5,
    (DITHER[at + 1] ?? 0) + 0.5,
    (DITHER[at + 2] ?? 0) + 0.5,
    (DITHER[at + 3] ?? 0) + 0.5,
  ];
};

export const mix = (a: number, b: number, share: number): number => a + (b - a) * share;
export const mixRgb = (a: Rgb, b: Rgb, share: number): Rgb => [
  mix(a[0], b[0], share),
  mix(a[1], b[1], share),
  mix(a[2], b[2], share),
];
export const clamp01 = (value: number): number => Math.max(0, Math.min(1, value));
export const smooth = (value: number): number => {
  const ratio = clamp01(value);
  return ratio * ratio * (3 - 2 * ratio);
};

/** A Gaussian along one axis: in two dimensions it parts into a row and a column factor. */
export const bell = (length: number, centre: number, reach: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.exp(-0.5 * ((index - centre) / reach) ** 2));

/** #rrggbb as numbers. */
export function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Numbers 0..1 that look drawn by lot and are the same for the same seed. */
export function lots(seed: number): () => number {
  let state = (Math.imul(seed, 2_654_435_761) ^ 0x9e3779b9) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** A seed from text, so that each prompt has a picture of its own (FNV-1a). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
