import type { Work } from '../base/work.ts';
import type { StandInSettings } from '../contract/stand-in.ts';
import { HOUSE_PALETTE, paintBackdrop, paletteOf } from './backdrop.ts';
import type { SizePx } from './framing.ts';
import { Landscape } from './landscape.ts';
import { paintLogo, paintRing, paintSweep, type Logo } from './moving-marks.ts';
import { mixRgb, rgbOf, seedOf } from './paint.ts';

export interface StandInOrder extends SizePx {
  readonly frameCount: number;
  readonly fps: number;
  readonly caption: string;
}

/**
 * Paints a stand-in clip frame by frame, without its words: a picture of full size takes a good part of a tenth of a second.
 *
 * @returns  a painter that gives [heightPx, widthPx, 3], full-range RGB, for each frame
 */
export function* standInPainter(
  { kind, brand }: StandInSettings,
  order: StandInOrder,
  logo: Logo | null,
): Work<(frame: number) => Work<Uint8Array>> {
  const { frameCount, fps, caption } = order;
  switch (kind) {
    case 'time-lapse': {
      const landscape = yield* Landscape.of(order, seedOf(caption));
      return (frame) => landscape.paint(frame, frameCount);
    }
    case 'loading':
      return function* (frame) {
        const rgb = yield* paintBackdrop(frame, frameCount, order, HOUSE_PALETTE);
        paintRing(rgb, order, { frame, frameCount, fps }, [108, 172, 255]);
        return rgb;
      };
    case 'waiting': {
      const colour = rgbOf(brand.colour);
      const palette = paletteOf(colour);
      const light = mixRgb(colour, [255, 255, 255], 0.35);
      return function* (frame) {
        const rgb = yield* paintBackdrop(frame, frameCount, order, palette);
        if (logo) paintLogo(rgb, order, logo);
        paintSweep(rgb, order, { frame, frameCount, fps }, light);
        return rgb;
      };
    }
    default:
      return kind satisfies never;
  }
}
