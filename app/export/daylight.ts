import { mix, mixRgb, smooth, type Rgb } from './paint.ts';

/** The light of one moment between dawn and night. */
export interface Light {
  readonly zenith: Rgb;
  readonly middle: Rgb;
  readonly horizon: Rgb;
  readonly cloud: Rgb;
  /** Of what the light falls on: hills, banks. */
  readonly ground: Rgb;
  readonly stars: number;
}

interface Moment extends Light {
  readonly at: number;
}

const DAY: readonly Moment[] = [
  {
    at: 0,
    zenith: [40, 52, 104],
    middle: [142, 108, 146],
    horizon: [252, 176, 128],
    cloud: [255, 178, 164],
    ground: [84, 66, 92],
    stars: 0.25,
  },
  {
    at: 0.14,
    zenith: [66, 120, 190],
    middle: [156, 186, 220],
    horizon: [255, 222, 178],
    cloud: [255, 232, 214],
    ground: [92, 106, 104],
    stars: 0,
  },
  {
    at: 0.34,
    zenith: [38, 104, 196],
    middle: [112, 176, 232],
    horizon: [206, 230, 242],
    cloud: [255, 255, 255],
    ground: [84, 118, 92],
    stars: 0,
  },
  {
    at: 0.54,
    zenith: [58, 96, 176],
    middle: [184, 166, 170],
    horizon: [255, 204, 120],
    cloud: [255, 222, 178],
    ground: [104, 92, 70],
    stars: 0,
  },
  {
    at: 0.68,
    zenith: [46, 46, 106],
    middle: [164, 84, 114],
    horizon: [255, 132, 74],
    cloud: [255, 136, 112],
    ground: [72, 46, 62],
    stars: 0.05,
  },
  {
    at: 0.8,
    zenith: [16, 24, 66],
    middle: [48, 46, 102],
    horizon: [134, 88, 122],
    cloud: [92, 74, 118],
    ground: [30, 30, 54],
    stars: 0.45,
  },
  {
    at: 0.9,
    zenith: [7, 12, 36],
    middle: [16, 26, 62],
    horizon: [40, 52, 92],
    cloud: [36, 46, 80],
    ground: [14, 19, 36],
    stars: 0.9,
  },
  {
    at: 1,
    zenith: [5, 9, 28],
    middle: [12, 20, 50],
    horizon: [30, 42, 78],
    cloud: [28, 38, 66],
    ground: [11, 16, 30],
    stars: 1,
  },
];

/** @param time  0 dawn .. 1 night */
export function lightAt(time: number): Light {
  const next = Math.max(
    1,
    DAY.findIndex(({ at }) => at >= time),
  );
  const [a, b] = [DAY[next - 1] as Moment, DAY[next] as Moment];
  const share = smooth((time - a.at) / (b.at - a.at));
  return {
    zenith: mixRgb(a.zenith, b.zenith, share),
    middle: mixRgb(a.middle, b.middle, share),
    horizon: mixRgb(a.horizon, b.horizon, share),
    cloud: mixRgb(a.cloud, b.cloud, share),
    ground: mixRgb(a.ground, b.ground, share),
    stars: mix(a.stars, b.stars, share),
  };
}

/** The sky from the zenith (0) to the horizon (1). */
export function skyAt({ zenith, middle, horizon }: Light, depth: number): Rgb {
  return depth < 0.55
    ? mixRgb(zenith, middle, smooth(depth / 0.55))
    : mixRgb(middle, horizon, smooth((depth - 0.55) / 0.45));
}

/** A body of the sky: its place as ratios of the picture, what it shines with, and how strongly. */
export interface Lamp {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly disc: Rgb;
  readonly glow: Rgb;
  readonly strength: number;
}

/** Sun until dusk, moon from then on; each rises and sets behind the hills. */
export function lampAt(time: number): Lamp {
  if (time < 0.76) {
    const way = time / 0.72;
    const height = Math.sin(Math.PI * Math.min(1.04, 0.06 + way * 0.94));
    const warmth = 1 - smooth(height * 1.4);
    return {
      x: 0.16 + 0.66 * way,
      y: 0.66 - 0.5 * height,
      radius: 0.036 + 0.012 * warmth,
      disc: mixRgb([255, 250, 232], [255, 196, 120], warmth),
      glow: mixRgb([120, 116, 96], [170, 86, 28], warmth),
      strength: 1,
    };
  }
  const way = (time - 0.76) / 0.24;
  return {
    x: 0.24 + 0.1 * way,
    y: 0.6 - 0.4 * Math.sin((Math.PI / 2) * way),
    radius: 0.03,
    disc: [236, 238, 246],
    glow: [46, 58, 92],
    strength: smooth(way * 3),
  };
}
