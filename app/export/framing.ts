export interface SizePx {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** How rendered pixels fill the delivered picture: scale to `scaled`, then cut or pad to `delivered`. */
export interface Framing {
  readonly mode: 'same' | 'scale' | 'crop' | 'pad';
  readonly scaled: SizePx;
  readonly delivered: SizePx;
}

/**
 * Up to this difference in shape the edges are cut off; beyond it nothing is lost and black bars fill the rest. As much as 5:3 in 16:9, where
 * one row in sixteen goes: sides of latents are multiples of eight, so small packs can't be 16:9 to the pixel.
 */
export const CROP_LIMIT_RATIO = 0.07;

const evenUp = (px: number): number => 2 * Math.ceil((px - 1e-6) / 2);
const evenDown = (px: number): number => Math.max(2, 2 * Math.floor((px + 1e-6) / 2));

/**
 * Fit a rendered picture into the delivered one, whose sides must be even (4:2:0 colour).
 *
 * @throws RangeError  a size that is no size, or an odd delivered side: a bug in the caller
 */
export function framePicture(rendered: SizePx, delivered: SizePx): Framing {
  for (const px of [rendered.widthPx, rendered.heightPx, delivered.widthPx, delivered.heightPx])
    if (!Number.isInteger(px) || px < 1) throw new RangeError(`bug: ${px} is no size in pixels`);
  if (delivered.widthPx % 2 !== 0 || delivered.heightPx % 2 !== 0)
    throw new RangeError('bug: a delivered picture has even sides');

  const across = delivered.widthPx / rendered.widthPx;
  const down = delivered.heightPx / rendered.heightPx;
  if (across === 1 && down === 1) return { mode: 'same', scaled: delivered, delivered };
  if (across === down) return { mode: 'scale', scaled: delivered, delivered };
  if (Math.abs(across / down - 1) <= CROP_LIMIT_RATIO) {
    const factor = Math.max(across, down);
    return { mode: 'crop', scaled: scaledBy(rendered, factor, evenUp), delivered };
  }
  return { mode: 'pad', scaled: scaledBy(rendered, Math.min(across, down), evenDown), delivered };
}

const scaledBy = ({ widthPx, heightPx }: SizePx, factor: number, even: (px: number) => number): SizePx => ({
  widthPx: even(widthPx * factor),
  heightPx: even(heightPx * factor),
});

/** Frames that a clip has after its rate was changed by repeating or dropping frames. */
export const deliveredFrameCount = (frameCount: number, fps: number, deliveredFps: number): number =>
  fps === deliveredFps ? frameCount : Math.max(1, Math.round((frameCount * deliveredFps) / fps));
