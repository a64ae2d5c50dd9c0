/** The colours of a picture, in mean differences from grey, of the range that they have: −0.5..0.5. */
export interface ColourFigures {
  /** Towards blue and away from it, towards red and away from it. */
  readonly blue: number;
  readonly red: number;
  /** Mean distance from grey. */
  readonly saturation: number;
}

/** As many points say what colours a picture has. */
const POINTS = 2_048;

/**
 * @param count   of points
 * @param blueAt  blue difference of a point, 0..255 around 128; `redAt` the red one
 */
export function measureColour(
  count: number,
  blueAt: (point: number) => number,
  redAt: (point: number) => number,
): ColourFigures {
  // An odd stride walks through all columns instead of staying in some.
  const stride = Math.max(1, Math.floor(count / POINTS)) | 1;
  let [blue, red, saturation, seen] = [0, 0, 0, 0];
  for (let point = 0; point < count; point += stride) {
    const [b, r] = [blueAt(point) - 128, redAt(point) - 128];
    blue += b;
    red += r;
    saturation += Math.hypot(b, r);
    seen += 1;
  }
  const scale = 1 / Math.max(1, seen) / 255;
  return { blue: blue * scale, red: red * scale, saturation: saturation * scale };
}

/** Of RGB frames [height, width, 3] (BT.601, full range). */
export const colourOfRgb = (rgb: Uint8Array): ColourFigures => {
  const at = (point: number, r: number, g: number, b: number): number =>
    128 + r * (rgb[point * 3] as number) + g * (rgb[point * 3 + 1] as number) + b * (rgb[point * 3 + 2] as number);
  return measureColour(
    rgb.length / 3,
    (point) => at(point, -0.1687, -0.3313, 0.5),
    (point) => at(point, 0.5, -0.4187, -0.0813),
  );
};
