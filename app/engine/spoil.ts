/** Ways in which frames go wrong, made on purpose: for the fault lab, and to measure what the monitors see. */
export const frameSpoilers = ['black', 'noise', 'frozen', 'torn', 'flicker', 'swapped', 'jump'] as const;
export type FrameSpoiler = (typeof frameSpoilers)[number];

export interface Spoiling {
  readonly kind: FrameSpoiler;
  /** First frame that is spoiled. */
  readonly frame: number;
  readonly frameCount: number;
  /** 0..1 of what is usual for this kind; each kind says in its own way what 1 means. */
  readonly strength: number;
  readonly seed: number;
}

/**
 * Spoiled copies of frames; the ones that stay sound are returned as they are.
 *
 * @param frames  each [height, width, 3]
 */
export function spoilFrames(frames: readonly Uint8Array[], widthPx: number, how: Spoiling): readonly Uint8Array[] {
  const end = Math.min(frames.length, how.frame + how.frameCount);
  const isSpoiled = (i: number): boolean => i >= how.frame && i < end;
  switch (how.kind) {
    case 'black':
      return frames.map((frame, i) => (isSpoiled(i) ? new Uint8Array(frame.length) : frame));
    case 'noise':
      return frames.map((frame, i) => (isSpoiled(i) ? withNoise(frame, how.strength * 64, how.seed + i) : frame));
    case 'frozen':
      return frames.map((frame, i) => (isSpoiled(i) ? (frames[Math.max(0, how.frame - 1)] ?? frame) : frame));
    case 'torn':
      return frames.map((frame, i) => (isSpoiled(i) ? torn(frame, widthPx, how, i) : frame));
    case 'flicker':
      return frames.map((frame, i) =>
        isSpoiled(i) ? gained(frame, 1 + how.strength * 0.2 * (i % 2 === 0 ? 1 : -1)) : frame,
      );
    case 'swapped': {
      const swapped = [...frames];
      const [a, b] = [frames[how.frame], frames[how.frame + 1]];
      if (a && b) [swapped[how.frame], swapped[how.frame + 1]] = [b, a];
      return swapped;
    }
    case 'jump':
      return frames.map((frame, i) => (isSpoiled(i) ? displaced(frame, widthPx, how.strength / 2) : frame));
    default:
      return how.kind satisfies never;
  }
}

/** Uniform noise of at most ± `levels` around each value; the same for the same seed. */
function withNoise(frame: Uint8Array, levels: number, seed: number): Uint8Array {
  let state = (Math.imul(seed + 1, 2_654_435_761) | 1) >>> 0;
  return frame.map((value) => {
    // xorshift32: noise to look at, not to generate from.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return clamp(value + ((state >>> 0) / 2 ** 31 - 1) * levels);
  });
}

/** Everything below a row slips to the side, by up to a third of the width, and comes in again at the other edge. */
function torn(frame: Uint8Array, widthPx: number, { strength, seed }: Spoiling, i: number): Uint8Array {
  const heightPx = frame.length / 3 / widthPx;
  const row = Math.round(heightPx * (0.25 + 0.5 * (((seed + i) * 0.618) % 1)));
  const shiftPx = Math.max(2, Math.round((widthPx / 3) * strength));
  const out = frame.slice();
  for (let y = row; y < heightPx; y += 1)
    for (let x = 0; x < widthPx; x += 1)
      for (let colour = 0; colour < 3; colour += 1)
        out[(y * widthPx + ((x + shiftPx) % widthPx)) * 3 + colour] = frame[(y * widthPx + x) * 3 + colour] ?? 0;
  return out;
}

const gained = (frame: Uint8Array, gain: number): Uint8Array => frame.map((value) => clamp(value * gain));

/** The whole picture is suddenly elsewhere, by this share of its width; what comes in is the mirror of what is at the edge. */
function displaced(frame: Uint8Array, widthPx: number, share: number): Uint8Array {
  const shiftPx = Math.max(2, Math.round(widthPx * share));
  const out = new Uint8Array(frame.length);
  for (let px = 0; px < frame.length / 3; px += 1) {
    const x = px % widthPx;
    const from = px - x + (x >= shiftPx ? x - shiftPx : shiftPx - 1 - x);
    for (let colour = 0; colour < 3; colour += 1) out[px * 3 + colour] = frame[from * 3 + colour] ?? 0;
  }
  return out;
}

const clamp = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));
