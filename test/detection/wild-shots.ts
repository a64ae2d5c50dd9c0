/** A picture in the making: filters of ffmpeg, joined by named pads, and the pad that it ends in. */
export interface Graph {
  readonly chains: readonly string[];
  readonly pad: string;
}

/** What every film of a set shares. */
export interface FilmSize {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
}

let pads = 0;
const nextPad = (): string => {
  pads += 1;
  return `p${pads}`;
};

export const source = (filters: string): Graph => {
  const pad = nextPad();
  return { chains: [`${filters}[${pad}]`], pad };
};

export const through = ({ chains, pad }: Graph, filters: string): Graph => {
  const out = nextPad();
  return { chains: [...chains, `[${pad}]${filters}[${out}]`], pad: out };
};

/** Two pictures into one: overlay, blend, xfade, concat. */
export const join = (first: Graph, second: Graph, filter: string): Graph => {
  const out = nextPad();
  return {
    chains: [...first.chains, ...second.chains, `[${first.pad}][${second.pad}]${filter}[${out}]`],
    pad: out,
  };
};

export const graphText = ({ chains, pad }: Graph, end: string): string => [...chains, `[${pad}]${end}[out]`].join(';');

const grey = (widthPx: number, heightPx: number, fps: number): string =>
  `color=c=0x808070:s=${Math.max(2, Math.round(widthPx))}x${Math.max(2, Math.round(heightPx))}:r=${fps},format=yuv444p`;

/** A still picture with detail of every size, as ground, woods and walls have it; `scale` times as large as the film. */
export function land({ widthPx, heightPx, fps }: FilmSize, seed: number, scale = 2): Graph {
  const [width, height] = [widthPx * scale, heightPx * scale];
  const layer = (part: number, strength: number, colour: number, at: number): Graph =>
    source(
      `${grey(width / part, height / part, fps)},trim=end_frame=1,noise=c0s=${strength}:c1s=${colour}:c2s=${colour}:all_seed=${seed * 10 + at},scale=${width}:${height}:flags=bicubic`,
    );
  const rough = join(layer(32, 100, 30, 1), layer(10, 100, 20, 2), 'blend=all_mode=average');
  return through(
    join(rough, layer(2, 45, 1, 3), 'blend=all_mode=average'),
    `eq=contrast=1.8,format=yuv420p,loop=-1:1:0,setpts=N/${fps}/TB`,
  );
}

/** A camera over a picture `scale` times as large as the film: where its left upper corner is, in pixels of the film, by frame n. */
export const camera = (picture: Graph, { widthPx, heightPx }: FilmSize, x: string, y: string, scale = 2): Graph =>
  through(
    picture,
    `crop=${widthPx * scale}:${heightPx * scale}:x='(${x})*${scale}':y='(${y})*${scale}',scale=${widthPx}:${heightPx}`,
  );

/** A land three times as wide and high as the film, and a camera that looks at its middle third at first. */
export const shotOf = (size: FilmSize, seed: number, x: string, y: string): Graph =>
  camera(land(size, seed, 4), size, `${size.widthPx / 2}+${x}`, `${size.heightPx / 2}+${y}`);

/** Nothing moves in it. */
export const still = (size: FilmSize, seed: number): Graph =>
  through(land(size, seed, 1), `scale=${size.widthPx}:${size.heightPx}`);

/** A plate of one colour, or of a land, with an edge to be seen. */
export const plate = ({ fps }: FilmSize, widthPx: number, heightPx: number, colour: string): Graph =>
  source(`color=c=${colour}:s=${Math.round(widthPx)}x${Math.round(heightPx)}:r=${fps},format=yuva420p`);

/** @param at  where its left upper corner is, in pixels, by frame n */
export const over = (ground: Graph, figure: Graph, x: string, y: string, enable = '1'): Graph =>
  join(ground, figure, `overlay=x='${x}':y='${y}':enable='${enable}':shortest=1`);

/** The first so many frames. */
export const first = (picture: Graph, frames: number, fps: number): Graph =>
  through(picture, `trim=end_frame=${frames},setpts=N/${fps}/TB,setsar=1,format=yuv420p,fps=${fps}`);

export const cut = (one: Graph, two: Graph): Graph => join(one, two, 'concat=n=2:v=1');

/** Specks that fall: of `widthPx`x`heightPx` cells of chance, so many of 256 levels bright. */
export const specks = (
  { widthPx, heightPx, fps }: FilmSize,
  seed: number,
  cell: { readonly x: number; readonly y: number },
  scroll: string,
): Graph =>
  source(
    `${grey(widthPx / cell.x, heightPx / cell.y, fps)},trim=end_frame=1,noise=c0s=100:all_seed=${seed},lutyuv=y='if(gt(val,168),235,16)':u=128:v=128,scale=${widthPx}:${heightPx}:flags=bilinear,loop=-1:1:0,setpts=N/${fps}/TB,scroll=${scroll},format=yuv420p`,
  );
