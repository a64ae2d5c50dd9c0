import {
  camera,
  cut,
  first,
  join,
  land,
  over,
  plate,
  shotOf,
  source,
  specks,
  still,
  through,
  type FilmSize,
  type Graph,
} from './wild-shots.ts';

/** Ordinary footage that nothing is wrong with, as cameras, screens, cutters and encoders make it. */
export interface WildFilm {
  readonly name: string;
  readonly graph: (size: FilmSize) => Graph;
  readonly frameCount?: number;
  /** Of ffmpeg's encoder; without it H.264 at a usual rate. */
  readonly encoder?: readonly string[];
  readonly container?: string;
  /** Light that goes on and off on purpose: a warning is right, a fault is not. */
  readonly mayWarn?: true;
}

export const film = (
  name: string,
  graph: WildFilm['graph'],
  more: Omit<WildFilm, 'name' | 'graph'> = {},
): WildFilm => ({
  name,
  graph,
  ...more,
});

export const walking = (size: FilmSize, seed = 1): Graph =>
  shotOf(size, seed, '12+n*1.5+3*sin(n*0.8)', '8+2*cos(n*1.1)');
export const resting = (size: FilmSize, seed = 2): Graph =>
  over(
    still(size, seed),
    camera(
      land({ ...size, widthPx: size.widthPx / 4, heightPx: size.heightPx / 3 }, seed + 5, 1),
      { ...size, widthPx: Math.round(size.widthPx / 8) * 2, heightPx: Math.round(size.heightPx / 6) * 2 },
      '0',
      '0',
      1,
    ),
    'W/3+W/6*sin(n*0.25)',
    'H/3',
  );
const transition = (name: string): WildFilm =>
  film(`transition: ${name}`, (size) =>
    join(
      first(walking(size, 3), 40, size.fps),
      first(walking(size, 4), 40, size.fps),
      `xfade=transition=${name}:duration=${12 / size.fps}:offset=${12 / size.fps}`,
    ),
  );
const montage = (size: FilmSize, lengths: readonly number[]): Graph =>
  lengths
    .map((length, i) => first(i % 2 === 0 ? walking(size, 20 + i) : resting(size, 20 + i), length, size.fps))
    .reduce(cut);

/** As cameras see the world, and as it is cut. */
export const shotFilms: readonly WildFilm[] = [
  // Cameras
  film('held by hand', (size) => shotOf(size, 1, '10+4*sin(n*1.9)+3*sin(n*0.7)', '6+3*cos(n*2.3)')),
  film('held by hand, shaking at half the frame rate', (size) =>
    shotOf(size, 2, '10+3*sin(n*2.9)+n*0.3', '6+2*cos(n*2.8)'),
  ),
  film('a mount that shakes at exactly half the frame rate', (size) =>
    shotOf(size, 3, '10+3*mod(n,2)', '6+1*mod(n,2)'),
  ),
  film('a walk with a heavy step', (size) => shotOf(size, 4, '8+n*2', '12-9*abs(sin(n*0.45))')),
  film('a slow pan', (size) => shotOf(size, 5, 'n*0.5', '4')),
  film('a pan', (size) => shotOf(size, 6, 'n*3', '4')),
  film('a pan that eases in and out', (size) => shotOf(size, 7, '55-55*cos(PI*clip(n-6,0,24)/24)', '4')),
  film('a whip pan', (size) =>
    through(
      camera(land(size, 8, 4), size, `${size.widthPx}*(0.2+1.6*(0.5-0.5*cos(PI*clip(n-14,0,7)/7)))`, '20'),
      `avgblur=sizeX=${Math.max(1, Math.round(size.widthPx / 10))}:sizeY=1:enable='between(n,15,20)'`,
    ),
  ),
  film('a tilt', (size) => shotOf(size, 9, '10', 'n*2')),
  film('a zoom in', (size) =>
    through(
      land(size, 10, 2),
      `zoompan=z='1+0.015*on':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':d=1:s=${size.widthPx}x${size.heightPx}:fps=${size.fps}`,
    ),
  ),
  film('a zoom out', (size) =>
    through(
      land(size, 11, 2),
      `zoompan=z='2-0.02*on':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':d=1:s=${size.widthPx}x${size.heightPx}:fps=${size.fps}`,
    ),
  ),
  film('a sudden zoom', (size) =>
    through(
      land(size, 12, 2),
      `zoompan=z='1+0.25*clip(on-16,0,4)':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':d=1:s=${size.widthPx}x${size.heightPx}:fps=${size.fps}`,
    ),
  ),
  film('a camera that rolls', (size) =>
    through(land(size, 13, 2), `rotate='0.2*sin(n*0.15)',crop=${size.widthPx}:${size.heightPx}`),
  ),
  film('a drive along a road', (size) =>
    over(
      over(shotOf(size, 14, 'n*0.5', '0'), camera(land(size, 15, 4), size, 'n*4', '20'), '0', 'H*0.45'),
      camera(land(size, 16, 4), size, 'n*11', '30'),
      '0',
      'H*0.75',
    ),
  ),
  film('something passes close by', (size) =>
    over(
      resting(size, 17),
      plate(size, size.widthPx * 0.6, size.heightPx, '0x303028'),
      `-w+(n-10)*${Math.round(size.widthPx / 6)}`,
      '0',
    ),
  ),
  film('slow motion', (size) => shotOf(size, 18, 'n*0.25', 'n*0.1')),
  film('a lens that searches for its focus', (size) =>
    through(resting(size, 19), "gblur=sigma=2:enable='between(n,10,30)'"),
  ),
  // Edits
  film('a montage of short shots', (size) => montage(size, [5, 6, 7, 5, 8, 6, 9, 6])),
  film('two shots', (size) => montage(size, [20, 28])),
  film('a fade in from black', (size) => through(walking(size, 31), 'fade=t=in:s=0:n=14')),
  film('a fade out to black', (size) => through(walking(size, 32), 'fade=t=out:s=26:n=14')),
  film('black between two shots', (size) =>
    cut(
      through(first(walking(size, 33), 20, size.fps), 'fade=t=out:s=10:n=8'),
      through(first(walking(size, 34), 28, size.fps), 'fade=t=in:s=2:n=8'),
    ),
  ),
  film('a hard cut over black', (size) =>
    cut(
      cut(
        first(walking(size, 33), 18, size.fps),
        first(through(still(size, 1), 'lutyuv=y=16:u=128:v=128'), 8, size.fps),
      ),
      first(walking(size, 34), 22, size.fps),
    ),
  ),
  film('black before the film begins', (size) =>
    cut(
      first(through(still(size, 1), 'lutyuv=y=16:u=128:v=128'), 10, size.fps),
      first(walking(size, 35), 38, size.fps),
    ),
  ),
  ...[
    'fade',
    'fadeblack',
    'fadewhite',
    'wipeleft',
    'slideleft',
    'slideup',
    'circleopen',
    'dissolve',
    'radial',
    'smoothright',
    'pixelize',
    'horzopen',
    'squeezeh',
    'hblur',
  ].map(transition),
  film('jump cuts of one shot', (size) =>
    camera(land(size, 36, 4), size, `30+n*0.4+${Math.round(size.widthPx * 0.12)}*mod(floor(n/15),2)`, '20'),
  ),
  film('a picture in the picture', (size) =>
    over(
      walking(size, 37),
      through(walking(size, 38), `scale=${Math.round(size.widthPx / 8) * 2}:-2`),
      'W*0.7',
      'H*0.65',
    ),
  ),
  film('a split screen', (size) => over(walking(size, 39), shotOf(size, 40, '0-n*2', '0'), 'W/2', '0')),
  film('subtitles', (size) =>
    over(
      over(
        resting(size, 41),
        plate(size, size.widthPx * 0.5, size.heightPx * 0.08, 'white'),
        'W*0.25',
        'H*0.85',
        'between(n,6,20)',
      ),
      plate(size, size.widthPx * 0.7, size.heightPx * 0.08, 'white'),
      'W*0.15',
      'H*0.85',
      'between(n,24,40)',
    ),
  ),
  film('a name that slides in below', (size) =>
    over(
      resting(size, 42),
      plate(size, size.widthPx * 0.6, size.heightPx * 0.2, '0x2040a0'),
      '-w+w*clip((n-12)/6,0,1)',
      'H*0.7',
    ),
  ),
  film('news that run along the lower edge', (size) =>
    over(
      resting(size, 43),
      through(
        land(size, 44, 4),
        `crop=${size.widthPx}:${Math.round(size.heightPx / 12) * 2}:x='n*5':y=40,eq=contrast=3`,
      ),
      '0',
      'H*0.83',
    ),
  ),
  film('credits that roll', (size) =>
    through(
      join(
        source(`color=black:s=${size.widthPx}x${size.heightPx}:r=${size.fps}`),
        specks(size, 4, { x: 6, y: 8 }, 'v=-0.01'),
        'blend=all_mode=lighten',
      ),
      'eq=contrast=1',
    ),
  ),
  // Light
  film(
    'a flash of a photographer',
    (size) => through(resting(size, 51), "eq=brightness=0.35:enable='between(n,20,21)'"),
    { mayWarn: true },
  ),
  film('a strobe', (size) => through(resting(size, 52), "eq=brightness=-0.3:enable='lt(mod(n,4),2)'"), {
    mayWarn: true,
  }),
  film(
    'lightning at night',
    (size) =>
      through(resting(size, 53), "eq=brightness=-0.35:contrast=0.5:enable='not(between(n,18,19)+between(n,22,22))'"),
    { mayWarn: true },
  ),
  film('lights of the police', (size) => through(resting(size, 54), "hue=h='140*mod(floor(n/4),2)'")),
  film('a lamp that is switched off', (size) => through(resting(size, 55), "eq=brightness=-0.25:enable='gte(n,24)'")),
  film('clouds before the sun', (size) => through(walking(size, 56), "eq=brightness='0.12*sin(n*0.3)':eval=frame")),
  film(
    'fireworks',
    ({ widthPx, heightPx, fps }) =>
      source(
        `color=black:s=${Math.round(widthPx / 4)}x${Math.round(heightPx / 4)}:r=${fps},format=gray,geq=lum='20+235*between(mod(N,16),2,13)*exp(-mod(N,16)/6)*exp(-pow(hypot(X-W*(0.3+0.4*mod(floor(N/16)*0.618,1)),Y-H*(0.35+0.2*mod(floor(N/16)*0.4,1)))-mod(N,16)*W/40,2)/6)*(0.5+0.5*sin(18*atan2(Y-H*0.4,X-W*0.5)))',scale=${widthPx}:${heightPx},format=yuv420p`,
      ),
    { mayWarn: true },
  ),
  film(
    'an explosion',
    (size) =>
      through(
        shotOf(
          size,
          57,
          '20+8*sin(n*2.3)*exp(-max(0,n-18)/6)*gte(n,18)',
          '14+6*cos(n*1.7)*exp(-max(0,n-18)/6)*gte(n,18)',
        ),
        "eq=brightness='0.8*gte(n,18)*exp(-(n-18)/4)':eval=frame",
      ),
    { mayWarn: true },
  ),
  film(
    'a concert',
    (size) => through(through(resting(size, 58), "hue=h='n*23'"), "eq=brightness='-0.1+0.15*sin(n*1.1)':eval=frame"),
    { mayWarn: true },
  ),
  film('a time lapse', (size) =>
    through(
      join(shotOf(size, 59, 'n*3', '0'), still(size, 60), 'blend=all_mode=average'),
      "eq=brightness='0.02*sin(n*2.1)+0.015*sin(n*5.3)+0.004*n-0.1':eval=frame",
    ),
  ),
  // Weather and places
  film('rain', (size) =>
    join(still(size, 61), specks(size, 5, { x: 2, y: 10 }, 'v=0.13'), 'blend=all_mode=lighten:all_opacity=0.5'),
  ),
  film('heavy rain before a camera that pans', (size) =>
    join(
      shotOf(size, 62, 'n*2', '0'),
      specks(size, 6, { x: 2, y: 6 }, 'v=0.17'),
      'blend=all_mode=lighten:all_opacity=0.6',
    ),
  ),
  film('snow that falls', (size) =>
    join(
      join(still(size, 63), specks(size, 7, { x: 4, y: 4 }, 'v=0.02'), 'blend=all_mode=lighten'),
      specks(size, 8, { x: 7, y: 7 }, 'v=0.035:h=0.01'),
      'blend=all_mode=lighten',
    ),
  ),
  film('a snowfield', (size) => through(walking(size, 64), 'eq=contrast=0.18:brightness=0.38,hue=s=0')),
  film('fog', (size) => through(walking(size, 65), 'gblur=sigma=4,eq=contrast=0.12:brightness=0.1,hue=s=0')),
  film('night', (size) => through(walking(size, 66), 'eq=contrast=0.35:brightness=-0.38,noise=c0s=8:c0f=t')),
  film('a night sky with stars', (size) =>
    through(
      join(
        source(`color=0x050810:s=${size.widthPx}x${size.heightPx}:r=${size.fps}`),
        specks(size, 9, { x: 5, y: 5 }, 'h=0.0008'),
        'blend=all_mode=lighten:all_opacity=0.8',
      ),
      'noise=c0s=4:c0f=t',
    ),
  ),
  film('one lamp in the dark', (size) =>
    over(
      source(`color=black:s=${size.widthPx}x${size.heightPx}:r=${size.fps}`),
      plate(size, size.widthPx / 12, size.widthPx / 12, '0xfff0c0'),
      'W/4+n*1.5',
      'H/2',
    ),
  ),
  film('water', ({ widthPx, heightPx, fps }) =>
    source(
      `color=gray:s=${Math.round(widthPx / 2)}x${Math.round(heightPx / 2)}:r=${fps},format=gray,geq=lum='120+40*sin(X/6-N*0.5+2*sin(Y/9))+25*sin(X/9+N*0.4+Y/7)+15*sin(Y/3-N*0.9+sin(X/11))',scale=${widthPx}:${heightPx},format=yuv420p`,
    ),
  ),
  film('leaves in the wind', (size) =>
    over(
      over(still(size, 67), shotOf(size, 68, '3*sin(n*0.9)', '2*cos(n*1.3)'), 'W*0.1', 'H*0.1'),
      shotOf(size, 69, '4*sin(n*1.4+1)', '3*cos(n*0.8)'),
      'W*0.5',
      'H*0.4',
    ),
  ),
];
