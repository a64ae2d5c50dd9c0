import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { findTool } from '../../main/export/tools.ts';
import type { Clip } from './clip.ts';
import { rawFrames } from './film-clips.ts';

/** The same clip as a viewer gets it: through H.264 at a usual rate and back. */
export async function encoded(root: string, clip: Clip): Promise<Clip> {
  const { widthPx, heightPx, fps, frames } = clip;
  const tool = findTool('ffmpeg', root);
  if (!tool) throw new Error('there is no ffmpeg; "npm run doctor" says what to do');
  const folder = await mkdtemp(join(tmpdir(), 'steadyframe-detection-'));
  try {
    const [raw, film] = [join(folder, 'clip.rgb'), join(folder, 'clip.mp4')];
    await writeFile(raw, Buffer.concat(frames));
    const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${widthPx}x${heightPx}`, '-r', String(fps), '-i', raw];
    const output = ['-c:v', 'libx264', '-crf', '20', '-pix_fmt', 'yuv420p', film];
    await promisify(execFile)(tool.path, ['-v', 'error', '-y', ...input, ...output]);
    return {
      ...clip,
      name: `${clip.name} (H.264)`,
      kind: `${clip.kind}, H.264`,
      frames: await rawFrames(root, ['-i', film], clip),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
