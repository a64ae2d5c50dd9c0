import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { findTool } from '../../main/export/tools.ts';
import type { Clip } from './clip.ts';

/** Sources and filters of ffmpeg: pictures, speeds and edits that no model made. */
const films: readonly (readonly [name: string, source: string, filter: string])[] = [
  ['test card with counters', 'testsrc2=rate=16', 'null'],
  ['test card', 'testsrc=rate=16', 'null'],
  ['zoom into a fractal', 'mandelbrot=rate=16', 'null'],
  ['slow zoom into a fractal', 'mandelbrot=rate=60:end_scale=0.1', 'null'],
  ['fractal that grows', 'sierpinski=rate=16', 'null'],
  ['colours that flow', 'gradients=rate=16:speed=0.05:seed=3', 'null'],
  ['fade in from black', 'mandelbrot=rate=16', 'fade=t=in:s=0:n=12'],
  ['fade out to black', 'mandelbrot=rate=16', 'fade=t=out:s=10:n=12'],
  ['fade to white', 'testsrc2=rate=16', 'fade=t=out:s=8:n=16:c=white'],
  ['pan over a fractal', 'mandelbrot=rate=16:size=640x384:start_scale=2:end_scale=1.9', 'crop=160:96:x=n*6:y=n*2'],
  ['fast pan', 'mandelbrot=rate=16:size=640x384:start_scale=1:end_scale=0.99', 'crop=160:96:x=20+n*14:y=140'],
  ['turning picture', 'testsrc2=rate=16:size=320x192', 'rotate=n*0.03,crop=160:96'],
  ['scrolling text card', 'testsrc2=rate=16:size=320x192', 'scroll=h=0.01,crop=160:96'],
  ['grain of a camera', 'mandelbrot=rate=16', 'noise=alls=12:allf=t'],
  ['colours that turn', 'testsrc2=rate=16', 'hue=h=n*8'],
  ['getting brighter', 'mandelbrot=rate=16', "eq=brightness='-0.3+n*0.02':eval=frame"],
  ['a dark film', 'mandelbrot=rate=16', 'eq=brightness=-0.32:contrast=0.5'],
  ['animated on twos', 'mandelbrot=rate=8', 'fps=16'],
  ['mirrored test card', 'testsrc2=rate=16', 'hflip'],
  [
    'a cross fade',
    'mandelbrot=rate=16:size=320x240[a];testsrc2=rate=16[b];[a][b]xfade=duration=0.6:offset=0.3',
    'null',
  ],
];

/** Edited films: shots one after the other. */
const edits: readonly (readonly [name: string, shots: readonly string[]])[] = [
  ['a cut', ['mandelbrot=rate=16', 'testsrc2=rate=16']],
  [
    'three shots',
    ['testsrc2=rate=16', 'mandelbrot=rate=16:start_scale=0.3', 'mandelbrot=rate=16:start_scale=0.02:end_scale=0.01'],
  ],
];

const FRAME_COUNT = 24;
const FPS = 16;

/** @param size  of every film */
export async function* filmClips(
  root: string,
  size: { readonly widthPx: number; readonly heightPx: number },
): AsyncGenerator<Clip> {
  const { widthPx, heightPx } = size;
  const resize = `scale=${widthPx}:${heightPx}`;
  const clip = async (name: string, args: readonly string[]): Promise<Clip> => {
    const frames = await rawFrames(root, [...args, '-frames:v', String(FRAME_COUNT)], size);
    return { name, kind: 'film', prompt: null, ...size, fps: FPS, frames };
  };
  for (const [name, source, filter] of films) yield clip(name, ['-filter_complex', `${source},${filter},${resize}`]);
  for (const [name, shots] of edits) {
    const each = Math.ceil(FRAME_COUNT / shots.length);
    const parts = shots.map((shot, i) => `${shot},${resize},setsar=1,trim=end_frame=${each},setpts=N/16/TB[s${i}]`);
    const joined = `${shots.map((_, i) => `[s${i}]`).join('')}concat=n=${shots.length}:v=1`;
    yield clip(name, ['-filter_complex', [...parts, joined].join(';')]);
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
