import type { Clip } from './clip.ts';

/** A layer of a composed picture: what covers what is below it, in pixels of the picture; null where it is clear. */
type Layer = (xPx: number, yPx: number, frame: number) => number | null;

interface Composition {
  readonly name: string;
  /** A film of unknown making, or a clip of this prompt. */
  readonly prompt?: string;
  readonly layers: (size: Size, seed: number) => readonly Layer[];
}

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Sound clips that look like faults: layers that move against each other as torn parts do, things so fast that they jump, lights that go out, shots that
 * change. Levels 0..255 of grey.
 */
export function hardClips(set: 'tuning' | 'judging'): readonly Clip[] {
  const isJudging = set === 'judging';
  const sizes: readonly (readonly [Size, number])[] = isJudging
    ? [
        [{ widthPx: 112, heightPx: 64 }, 9],
        [{ widthPx: 160, heightPx: 96 }, 17],
        [{ widthPx: 176, heightPx: 144 }, 24],
      ]
    : [
        [{ widthPx: 112, heightPx: 64 }, 17],
        [{ widthPx: 160, heightPx: 96 }, 9],
      ];
  return compositions.flatMap((composition, i) =>
    sizes.map(([size, frameCount]) => compose(composition, size, frameCount, i * 10 + (isJudging ? 500 : 0))),
  );
}

export function compose({ name, prompt, layers }: Composition, size: Size, frameCount: number, seed: number): Clip {
  const { widthPx, heightPx } = size;
  const all = layers(size, seed);
  const frames = Array.from({ length: frameCount }, (_, frame) => {
    const rgb = new Uint8Array(widthPx * heightPx * 3);
    for (let y = 0, i = 0; y < heightPx; y += 1)
      for (let x = 0; x < widthPx; x += 1, i += 3) {
        let level = 0;
        for (const layer of all) level = layer(x, y, frame) ?? level;
        rgb.fill(Math.max(0, Math.min(255, Math.round(level))), i, i + 3);
      }
    return rgb;
  });
  const kind = prompt === undefined ? 'film, hard' : 'hard';
  return { name: `${name}, ${widthPx}x${heightPx}`, kind, prompt: prompt ?? null, ...size, fps: 16, frames };
}

const fraction = (value: number): number => value - Math.floor(value);
const chance = (a: number, b: number, c: number): number =>
  fraction(Math.sin(a * 127.1 + b * 311.7 + c * 74.7) * 43_758.5453);

/** Smooth hills of chance, 0..1. */
export function hills(x: number, y: number, seed: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [x - left, y - top].map((t) => t * t * (3 - 2 * t)) as [number, number];
  const at = (i: number, j: number): number => chance(left + i, top + j, seed);
  return (at(0, 0) * (1 - u) + at(1, 0) * u) * (1 - v) + (at(0, 1) * (1 - u) + at(1, 1) * u) * v;
}

/** Ground that moves to the right by so many pixels a frame; `low` and `high` are its levels. */
const ground =
  (seed: number, speedPx: number, low = 60, high = 190, grain = 5): Layer =>
  (x, y, frame) =>
    low + (high - low) * hills((x - speedPx * frame) / grain, y / grain, seed);

const below =
  (row: number, layer: Layer): Layer =>
  (x, y, frame) =>
    y >= row ? layer(x, y, frame) : null;

const box =
  (at: (frame: number) => readonly [x: number, y: number, width: number, height: number], layer: Layer): Layer =>
  (x, y, frame) => {
    const [left, top, width, height] = at(frame);
    return x >= left && x < left + width && y >= top && y < top + height ? layer(x - left, y - top, 0) : null;
  };

const flat =
  (level: number): Layer =>
  () =>
    level;

const compositions: readonly Composition[] = [
  {
    name: 'near ground faster than the far one',
    prompt: 'a drive along the coast',
    layers: ({ heightPx }, seed) => [
      ground(seed, 0.5),
      below(heightPx * 0.4, ground(seed + 1, 2)),
      below(heightPx * 0.65, ground(seed + 2, 6)),
    ],
  },
  {
    name: 'a train crosses the lower half',
    prompt: 'a train passes',
    layers: ({ widthPx, heightPx }, seed) => [
      ground(seed, 0),
      box((i) => [-widthPx + i * 11, heightPx * 0.5, widthPx * 1.5, heightPx * 0.4], ground(seed + 1, 0, 30, 220, 7)),
    ],
  },
  {
    name: 'a fast ball on plain ground',
    prompt: 'a ball flies by',
    layers: ({ widthPx, heightPx }, seed) => [
      flat(150),
      below(heightPx * 0.6, flat(110)),
      box((i) => [widthPx * 0.05 + i * 8, heightPx * 0.45, 14, 14], ground(seed, 0, 20, 60, 4)),
    ],
  },
  {
    name: 'a figure that jumps up and down',
    prompt: 'a frog jumps',
    layers: ({ widthPx, heightPx }, seed) => [
      ground(seed, 0, 90, 140, 8),
      box(
        (i) => [widthPx * 0.4, heightPx * (0.6 - 0.4 * Math.abs(Math.sin(i * 0.5))), 22, 22],
        ground(seed, 0, 200, 250, 4),
      ),
    ],
  },
  {
    name: 'the lights go out bit by bit',
    prompt: 'a room grows dark',
    layers: (_, seed) => [(x, y, i) => 16 + (hills(x / 7, y / 7, seed) * 180 + 20) * (0.2 + 0.8 * Math.exp(-i / 9))],
  },
  {
    name: 'a lamp is switched off',
    prompt: 'a lamp goes out in a room',
    layers: (_, seed) => [(x, y, i) => 30 + hills((x + i) / 7, y / 7, seed) * 170 * (i < 5 ? 1 : 0.55)],
  },
  {
    name: 'a camera shaken by hand',
    prompt: 'a walk through the woods',
    layers: (_, seed) => [(x, y, i) => ground(seed, 0)(x + 3 * Math.sin(i * 1.9) + i, y + 2 * Math.cos(i * 2.3), 0)],
  },
  {
    name: 'a pan that begins and ends',
    prompt: 'a look around',
    layers: (_, seed) => [(x, y, i) => ground(seed, 0)(x + 5 * Math.max(0, Math.min(i, 7) - 2) + i * 0.3, y, 0)],
  },
  {
    name: 'a fast pan',
    prompt: 'a quick look to the side',
    layers: (_, seed) => [ground(seed, 11)],
  },
  {
    name: 'a zoom',
    prompt: 'a zoom towards a wall',
    layers: ({ widthPx, heightPx }, seed) => [
      (x, y, i) => ground(seed, 0)((x - widthPx / 2) * (1 - i * 0.025), (y - heightPx / 2) * (1 - i * 0.025), 0),
    ],
  },
  {
    name: 'credits that roll over a picture',
    layers: ({ widthPx, heightPx }, seed) => [
      ground(seed, 0, 20, 60, 9),
      (x, y, i) => {
        const row = y + i * 3;
        const isText =
          x > widthPx * 0.25 && x < widthPx * 0.75 && row % 12 < 6 && chance(x >> 1, Math.floor(row / 12), seed) > 0.5;
        return isText && y < heightPx ? 230 : null;
      },
    ],
  },
  {
    name: 'a cut to another shot',
    layers: (_, seed) => [(x, y, i) => (i < 5 ? ground(seed, 1)(x, y, i) : ground(seed + 9, 1, 20, 250, 9)(x, y, i))],
  },
  {
    name: 'a curtain is drawn from the side',
    layers: ({ widthPx }, seed) => [
      ground(seed, 0),
      (x, y, i) => (x < (i * widthPx) / 26 ? ground(seed + 5, 0, 40, 120, 6)(x, y, 0) : null),
    ],
  },
  {
    name: 'rain before a wall',
    prompt: 'rain falls on a street',
    layers: (_, seed) => [
      ground(seed, 0, 70, 130, 10),
      (x, y, i) => (chance(x, Math.floor((y - i * 9) / 6), seed) > 0.96 ? 190 : null),
    ],
  },
  {
    name: 'waves that run against each other',
    prompt: 'the sea',
    layers: () => [
      (x, y, i) => 120 + 40 * Math.sin(x / 6 - i * 0.9 + Math.sin(y / 5)) + 25 * Math.sin(x / 9 + i * 0.7 + y / 7),
    ],
  },
];
