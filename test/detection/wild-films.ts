import { execFile } from 'node:child_process';
import { join as joinPath } from 'node:path';
import { promisify } from 'node:util';

import { film, resting, shotFilms, walking, type WildFilm } from './wild-camera.ts';
import {
  camera,
  cut,
  first,
  graphText,
  join,
  land,
  over,
  plate,
  source,
  still,
  through,
  type FilmSize,
} from './wild-shots.ts';

export const wildFilms: readonly WildFilm[] = [
  ...shotFilms,
  // Stillness
  film('a face that talks', (size) =>
    over(
      still(size, 71),
      plate(size, size.widthPx * 0.06, size.widthPx * 0.05, '0x401818'),
      'W*0.47',
      'H*0.6+H*0.012*sin(n*0.9)',
    ),
  ),
  film('a face that only blinks', (size) =>
    over(
      still(size, 72),
      plate(size, size.widthPx * 0.08, size.widthPx * 0.03, '0x604030'),
      'W*0.4',
      'H*0.4',
      'between(mod(n,22),8,10)',
    ),
  ),
  film('a photograph', (size) => still(size, 73)),
  film('a title card', (size) =>
    over(
      source(`color=0x101030:s=${size.widthPx}x${size.heightPx}:r=${size.fps}`),
      plate(size, size.widthPx * 0.5, size.heightPx * 0.12, 'white'),
      'W/4',
      'H*0.44',
    ),
  ),
  film('a title that fades in and out', (size) =>
    through(
      over(
        source(`color=black:s=${size.widthPx}x${size.heightPx}:r=${size.fps}`),
        plate(size, size.widthPx * 0.5, size.heightPx * 0.12, 'white'),
        'W/4',
        'H*0.44',
      ),
      'fade=t=in:s=6:n=8,fade=t=out:s=34:n=8',
    ),
  ),
  film('slides', (size) => [1, 2, 3].map((i) => first(still(size, 73 + i), 16, size.fps)).reduce(cut)),
  film('slides that fade into each other', (size) =>
    join(
      first(still(size, 77), 40, size.fps),
      first(still(size, 78), 40, size.fps),
      `xfade=duration=${8 / size.fps}:offset=${18 / size.fps}`,
    ),
  ),
  film('a card between two shots', (size) =>
    cut(
      cut(first(walking(size, 79), 16, size.fps), first(still(size, 80), 16, size.fps)),
      first(walking(size, 81), 16, size.fps),
    ),
  ),
  film('a screen with a pointer', (size) =>
    over(
      over(
        still(size, 82),
        plate(size, size.widthPx * 0.4, size.heightPx * 0.4, '0xe0e0e0'),
        'W*0.3',
        'H*0.3',
        'gte(n,26)',
      ),
      plate(size, 6, 8, 'black'),
      'W*0.2+W*0.02*clip(n-8,0,10)+W*0.03*clip(n-30,0,8)',
      'H*0.3+H*0.015*clip(n-8,0,10)',
    ),
  ),
  film('a text that is typed', (size) =>
    over(
      source(`color=0xf0f0f0:s=${size.widthPx}x${size.heightPx}:r=${size.fps}`),
      plate(size, size.widthPx * 0.8, size.heightPx * 0.06, '0x202020'),
      `-W*0.7+W*0.02*floor(n/3)`,
      'H*0.2',
    ),
  ),
  film('a page that is scrolled in jerks', (size) =>
    camera(land(size, 83, 4), size, '20', `10+${Math.round(size.heightPx * 0.12)}*floor(n/6)`),
  ),
  film('a test card', ({ widthPx, heightPx, fps }) => source(`testsrc=s=${widthPx}x${heightPx}:r=${fps}`)),
  film('another test card', ({ widthPx, heightPx, fps }) => source(`testsrc2=s=${widthPx}x${heightPx}:r=${fps}`)),
  film('colour bars', ({ widthPx, heightPx, fps }) => source(`smptebars=s=${widthPx}x${heightPx}:r=${fps}`)),
  film('a fractal', ({ widthPx, heightPx, fps }) => source(`mandelbrot=s=${widthPx}x${heightPx}:r=${fps}`)),
  film('flowing colours', ({ widthPx, heightPx, fps }) =>
    source(`gradients=s=${widthPx}x${heightPx}:r=${fps}:speed=0.03`),
  ),
  film(
    'the game of life',
    ({ widthPx, heightPx, fps }) =>
      source(
        `life=s=${Math.round(widthPx / 8) * 2}x${Math.round(heightPx / 8) * 2}:r=${fps}:seed=4:mold=10:life_color=#c0ffc0:death_color=#203020,scale=${widthPx}:${heightPx}:flags=neighbor,format=yuv420p`,
      ),
    { mayWarn: true },
  ),
  // Film and how it is made
  film('grain of 16 mm film', (size) => through(walking(size, 91), 'noise=c0s=18:c0f=t+u'), {
    encoder: ['-c:v', 'libx264', '-crf', '14'],
  }),
  film('grain of a fast film', (size) => through(resting(size, 92), 'noise=c0s=28:c0f=t'), {
    encoder: ['-c:v', 'libx264', '-crf', '10'],
    mayWarn: true,
  }),
  film('a gate that weaves, dust and scratches', (size) =>
    over(
      over(
        through(camera(land(size, 93, 4), size, '20+1.5*sin(n*2.2)', '20+2*sin(n*1.7)'), 'hue=s=0,noise=c0s=10:c0f=t'),
        plate(size, 3, size.heightPx / 3, '0xd0d0d0'),
        'mod(n*37,W)',
        'mod(n*53,H)',
        'eq(mod(n,5),2)',
      ),
      plate(size, 9, 7, '0x101010'),
      'mod(n*71,W)',
      'mod(n*29,H)',
      'eq(mod(n,7),3)',
    ),
  ),
  film('letterbox', (size) =>
    through(
      walking(size, 94),
      `scale=${size.widthPx}:${Math.round(size.heightPx / 3) * 2},pad=${size.widthPx}:${size.heightPx}:0:-1:black`,
    ),
  ),
  film('pillars beside', (size) =>
    through(
      walking(size, 95),
      `scale=${Math.round(size.widthPx / 4) * 2}:${size.heightPx},pad=${size.widthPx}:${size.heightPx}:-1:0:black`,
    ),
  ),
  film('24 pictures a second shown at 30', (size) => through(walking(size, 96), 'setpts=N/24/TB,fps=30')),
  film('drawn on twos', (size) => through(walking(size, 97), `setpts=N/${size.fps / 2}/TB,fps=${size.fps}`)),
  film('drawn on threes', (size) => through(resting(size, 98), `setpts=N/${size.fps / 3}/TB,fps=${size.fps}`)),
  film('a figure that holds and moves', (size) =>
    over(
      still(size, 99),
      plate(size, size.widthPx * 0.15, size.heightPx * 0.3, '0xe07030'),
      'W*0.1+W*0.03*(min(mod(n,16),6)+6*floor(n/16))',
      'H*0.4',
    ),
  ),
  film('ten pictures a second shown at 60', (size) => through(walking(size, 100), 'setpts=N/10/TB,fps=60')),
  film('interlaced', (size) => through(walking(size, 101), 'tinterlace=mode=interleave_top')),
  film('telecine', (size) => through(walking(size, 102), `fps=${size.fps},telecine=pattern=23`)),
  film('black and white', (size) => through(walking(size, 103), 'hue=s=0')),
  film('one frame', (size) => first(walking(size, 104), 1, size.fps), { frameCount: 1 }),
  film('two frames', (size) => first(walking(size, 105), 2, size.fps), { frameCount: 2 }),
  film('three frames', (size) => first(walking(size, 106), 3, size.fps), { frameCount: 3 }),
  film('three frames that stand still', (size) => first(still(size, 106), 3, size.fps), { frameCount: 3 }),
  film('frames of changing length', (size) => through(walking(size, 107), `setpts='(N+0.03*N*N)/${size.fps}/TB'`)),
  film('encoded at a very low rate', (size) => walking(size, 108), {
    encoder: ['-c:v', 'libx264', '-crf', '44', '-g', '12'],
  }),
  film('a still scene encoded at a very low rate', (size) => resting(size, 109), {
    encoder: ['-c:v', 'libx264', '-crf', '40', '-g', '12'],
  }),
  film('motion JPEG', (size) => walking(size, 110), { encoder: ['-c:v', 'mjpeg', '-q:v', '9'], container: 'avi' }),
  film('MPEG-2', (size) => through(walking(size, 111), 'setpts=N/25/TB,fps=25'), {
    encoder: ['-c:v', 'mpeg2video', '-b:v', '300k'],
    container: 'mpg',
  }),
  film('MPEG-4', (size) => walking(size, 112), { encoder: ['-c:v', 'mpeg4', '-q:v', '12'], container: 'avi' }),
  film('VP8', (size) => walking(size, 113), {
    encoder: ['-c:v', 'libvpx', '-b:v', '300k', '-cpu-used', '8'],
    container: 'webm',
  }),
  film('VP9', (size) => resting(size, 114), {
    encoder: ['-c:v', 'libvpx-vp9', '-crf', '40', '-b:v', '0', '-cpu-used', '8'],
    container: 'webm',
  }),
  film('AV1', (size) => walking(size, 115), {
    encoder: ['-c:v', 'libaom-av1', '-crf', '45', '-b:v', '0', '-cpu-used', '8'],
    container: 'mkv',
  }),
  film('HEVC', (size) => walking(size, 116), {
    encoder: ['-c:v', 'libx265', '-crf', '34', '-x265-params', 'log-level=none'],
  }),
  film('a GIF', (size) => walking(size, 117), { encoder: ['-c:v', 'gif'], container: 'gif' }),
  film('full range colours', (size) => through(walking(size, 119), 'scale=out_range=full,format=yuvj420p'), {
    encoder: ['-c:v', 'libx264', '-pix_fmt', 'yuvj420p', '-crf', '20'],
  }),
];

const SIZES: readonly FilmSize[] = [
  { widthPx: 320, heightPx: 176, fps: 24 },
  { widthPx: 160, heightPx: 96, fps: 16 },
  { widthPx: 176, heightPx: 320, fps: 30 },
  { widthPx: 480, heightPx: 270, fps: 25 },
];
const FRAME_COUNT = 48;
const USUAL_ENCODER = ['-c:v', 'libx264', '-crf', '20', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];

/** Each film as a file, of one size after the other. Returns its path. */
export async function makeWildFilm(
  program: string,
  folder: string,
  { graph, frameCount = FRAME_COUNT, encoder = USUAL_ENCODER, container = 'mp4' }: WildFilm,
  turn: number,
): Promise<string> {
  const size = SIZES[turn % SIZES.length] as FilmSize;
  const path = joinPath(folder, `film-${turn}.${container}`);
  const graphLine = ['-filter_complex', graphText(graph(size), 'null'), '-map', '[out]'];
  const end = ['-frames:v', String(frameCount), ...encoder, '-fps_mode', 'passthrough', path];
  await promisify(execFile)(program, ['-v', 'error', '-y', ...graphLine, ...end]);
  return path;
}
