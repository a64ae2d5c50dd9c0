import type { AttentionMap } from '../../../app/contract/health.ts';

/** Dark to bright, as heat is read: nothing, teal, amber, near white. Each [red, green, blue, opacity], 0..255. */
const STOPS = [
  [20, 60, 70, 0],
  [40, 150, 140, 90],
  [250, 190, 80, 165],
  [255, 246, 222, 215],
] as const;

/** The latent frame that a frame of the clip was decoded from: a causal decoder makes one of the first and equally many of each other. */
export function latentFrameOf(frame: number, frameCount: number, latentCount: number): number {
  if (frame <= 0 || latentCount < 2 || frameCount < 2) return 0;
  const perLatent = (frameCount - 1) / (latentCount - 1);
  return Math.min(latentCount - 1, 1 + Math.floor((frame - 1) / perLatent));
}

/**
 * Heat of a word in one latent frame as pixels, [rows, columns, 4]: of its pieces the strongest counts. The strongest cell of the
 * whole clip is the brightest, so that heat can be compared over time.
 */
export function heatPixels(
  map: AttentionMap,
  tokens: readonly number[],
  latentFrame: number,
): Uint8ClampedArray<ArrayBuffer> {
  const cells = map.rows * map.columns;
  const whole = cells * map.frameCount;
  const pixels = new Uint8ClampedArray(cells * 4);
  const scale = 255 / Math.max(1, strongest(map, tokens));
  for (let cell = 0; cell < cells; cell += 1) {
    let level = 0;
    for (const token of tokens) level = Math.max(level, map.levels[token * whole + latentFrame * cells + cell] ?? 0);
    paint(pixels, cell * 4, Math.min(255, level * scale));
  }
  return pixels;
}

function strongest({ levels, frameCount, rows, columns }: AttentionMap, tokens: readonly number[]): number {
  const whole = frameCount * rows * columns;
  let most = 0;
  for (const token of tokens)
    for (let i = token * whole; i < (token + 1) * whole; i += 1) most = Math.max(most, levels[i] ?? 0);
  return most;
}

function paint(pixels: Uint8ClampedArray, at: number, level: number): void {
  const position = (level / 255) * (STOPS.length - 1);
  const index = Math.min(STOPS.length - 2, Math.floor(position));
  const [from, to] = [STOPS[index], STOPS[index + 1]];
  if (!from || !to) return;
  for (let channel = 0; channel < 4; channel += 1)
    pixels[at + channel] = (from[channel] ?? 0) + ((to[channel] ?? 0) - (from[channel] ?? 0)) * (position - index);
}
