import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { findTool } from '../../main/export/tools.ts';
import type { Clip } from './clip.ts';

/** Sources and filters of ffmpeg: pictures, speeds and edits that no model made. The lines were found with these … */
const tuningFilms: readonly Film[] = [
  ['test card with counters', 'testsrc2=rate=16', 'null'],
  ['zoom into a fractal', 'mandelbrot=rate=16', 'null'],
  ['fractal that grows', 'sierpinski=rate=16', 'null'],
  ['fade in from black', 'mandelbrot=rate=16', 'fade=t=in:s=0:n=12'],
  ['fade to white', 'testsrc2=rate=16', 'fade=t=out:s=8:n=16:c=white'],
  ['pan over a fractal', 'mandelbrot=rate=16:size=640x384:start_scale=2:end_scale=1.9', 'crop=160:96:x=n*6:y=n*2'],
  ['turning picture', 'testsrc2=rate=16:size=320x192', 'rotate=n*0.03,crop=160:96'],
  ['grain of a camera', 'mandelbrot=rate=16', 'noise=alls=12:allf=t'],
  ['a dark film', 'mandelbrot=rate=16', 'eq=brightness=-0.32:contrast=0.5'],
  ['a cut', cut('mandelbrot=rate=16', 'testsrc2=rate=16'), 'null'],
];

/** … and are judged by these. */
const judgingFilms: readonly Film[] = [
  ['test card', 'testsrc=rate=16', 'null'],
  ['mirrored test card', 'testsrc2=rate=16', 'hflip'],
  ['slow zoom into a fractal', 'mandelbrot=rate=60:end_scale=0.1', 'null'],
  ['colours that flow', 'gradients=rate=16:speed=0.05:seed=3', 'null'],
  ['fade out to black', 'mandelbrot=rate=16', 'fade=t=out:s=10:n=12'],
  ['fast pan', 'mandelbrot=rate=16:size=640x384:start_scale=1:end_scale=0.99', 'crop=160:96:x=20+n*14:y=140'],
  ['slow pan', 'mandelbrot=rate=16:size=640x384:start_scale=0.4:end_scale=0.39', 'crop=160:96:x=200-n*3:y=100+n'],
  ['scrolling card', 'testsrc2=rate=16:size=320x192', 'scroll=h=0.01,crop=160:96'],
  ['colours that turn', 'testsrc2=rate=16', 'hue=h=n*8'],
  ['getting brighter', 'mandelbrot=rate=16', "eq=brightness='-0.3+n*0.02':eval=frame"],
  ['animated on twos', 'mandelbrot=rate=8', 'fps=16'],
  ['finer grain', 'testsrc2=rate=16', 'noise=alls=7:allf=t'],
  ['a soft film', 'mandelbrot=rate=16:start_scale=1.2', 'gblur=sigma=6'],
  ['a cross fade', crossFade('mandelbrot=rate=16:size=320x240', 'testsrc2=rate=16'), 'null'],
  ['two shots of a fractal', cut('mandelbrot=rate=16', 'mandelbrot=rate=16:start_scale=0.02:end_scale=0.01'), 'null'],
  ['a cut to another card', cut('testsrc2=rate=16', 'mandelbrot=rate=16:start_scale=0.3'), 'null'],
];

type Film = readonly [name: string, source: string, filter: string];

function cut(first: string, second: string): string {
  const shot = (source: string, name: string): string =>
    `${source},scale=320:192,setsar=1,trim=end_frame=12,setpts=N/16/TB[${name}]`;
  return `${shot(first, 'a')};${shot(second, 'b')};[a][b]concat=n=2:v=1`;
}

function crossFade(first: string, second: string): string {
  return `${first}[a];${second}[b];[a][b]xfade=duration=0.6:offset=0.3`;
}

const FRAME_COUNT = 24;
const FPS = 16;

/** @param size  of every film */
export async function* filmClips(
  root: string,
  set: 'tuning' | 'judging',
  size: { readonly widthPx: number; readonly heightPx: number },
): AsyncGenerator<Clip> {
  for (const [name, source, filter] of set === 'tuning' ? tuningFilms : judgingFilms) {
    const graph = `${source},${filter},scale=${size.widthPx}:${size.heightPx}`;
    const frames = await rawFrames(root, ['-filter_complex', graph, '-frames:v', String(FRAME_COUNT)], size);
    yield { name, kind: 'film', prompt: null, ...size, fps: FPS, frames };
  }
}

/** Frames of whatever ffmpeg makes of these arguments, each [height, width, 3]. */
export async function rawFrames(
  root: string,
  args: readonly string[],
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): Promise<readonly Uint8Array[]> {
  const tool = findTool('ffmpeg', root);
  if (!tool) throw new Error('there is no ffmpeg; "npm run doctor" says what to do');
  const line = ['-v', 'error', ...args, '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'];
  const { stdout } = await promisify(execFile)(tool.path, line, { encoding: 'buffer', maxBuffer: 2 ** 30 });
  const frameBytes = widthPx * heightPx * 3;
  return Array.from({ length: Math.floor(stdout.length / frameBytes) }, (_, i) =>
    Uint8Array.from(stdout.subarray(i * frameBytes, (i + 1) * frameBytes)),
  );
}
