import { z } from 'zod';

/** A place on the desktop, in the system's own units. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How the window stood when it was last closed. */
export const windowState = z.strictObject({
  version: z.literal(1),
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  isMaximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowState>;

export const MINIMUM_SIZE = { width: 1024, height: 640 } as const;
export const DEFAULT_SIZE = { width: 1280, height: 800 } as const;

/** This much of the window must be on a display, so that the user can take hold of it. */
const GRIP = { width: 200, height: 100 } as const;

/**
 * Where to open the window: as it stood, made to fit the display it is on; size only, centred by the system, when no
 * display shows enough of it any more.
 *
 * @param workAreas of the displays that are there now
 */
export function openingBounds(
  remembered: Bounds | null,
  workAreas: readonly Bounds[],
): Pick<Bounds, 'width' | 'height'> & Partial<Bounds> {
  if (!remembered) return DEFAULT_SIZE;
  const width = Math.max(MINIMUM_SIZE.width, remembered.width);
  const height = Math.max(MINIMUM_SIZE.height, remembered.height);
  const area = workAreas
    .filter((place) => isGripOn(remembered, place))
    .sort((a, b) => overlap(remembered, b) - overlap(remembered, a))[0];
  if (!area) return DEFAULT_SIZE;
  const fitted = {
    width: Math.max(MINIMUM_SIZE.width, Math.min(width, area.width)),
    height: Math.max(MINIMUM_SIZE.height, Math.min(height, area.height)),
  };
  // The title bar stays on the display, whatever else hangs over its edge.
  return { ...fitted, x: remembered.x, y: Math.max(area.y, remembered.y) };
}

const shared = (a: number, aLength: number, b: number, bLength: number): number =>
  Math.max(0, Math.min(a + aLength, b + bLength) - Math.max(a, b));
const overlapSize = (a: Bounds, b: Bounds) => ({
  width: shared(a.x, a.width, b.x, b.width),
  height: shared(a.y, a.height, b.y, b.height),
});

function overlap(a: Bounds, b: Bounds): number {
  const { width, height } = overlapSize(a, b);
  return width * height;
}

/** The top of the window is what one drags it by. */
function isGripOn(bounds: Bounds, area: Bounds): boolean {
  const top = { ...bounds, height: Math.min(bounds.height, GRIP.height) };
  const { width, height } = overlapSize(top, area);
  return width >= GRIP.width && height >= GRIP.height / 2;
}
