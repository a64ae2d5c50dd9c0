import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'vitest';

import type { RawSource } from '../../../app/export/recipe.ts';
import type { ClipTags } from '../../../app/export/tags.ts';
import { encodeClip, type EncodeOptions } from '../../../main/export/encode.ts';

export const tags: ClipTags = {
  runId: '7b1f2f2e-9c43-4b1f-8d51-0d9f1d4f9a11',
  grade: 'full',
  packId: 'wan-mini',
  packVersion: '1.0.0',
  packSha256: '0'.repeat(64),
  seed: 7,
  rung: 'standard',
  renderedWidthPx: 64,
  renderedHeightPx: 36,
  programVersion: '0.1.0',
  prompt: null,
};

export const still = new AbortController().signal;

/** Frames whose colour at a place comes from `colourAt`, spooled as raw RGB. */
export async function spoolFrames(
  folder: string,
  spec: { readonly widthPx: number; readonly heightPx: number; readonly frameCount: number; readonly fps?: number },
  colourAt: (x: number, y: number, frame: number) => readonly [number, number, number],
): Promise<RawSource> {
  const { widthPx, heightPx, frameCount, fps = 16 } = spec;
  const rgb = new Uint8Array(widthPx * heightPx * 3 * frameCount);
  for (let frame = 0; frame < frameCount; frame += 1)
    for (let y = 0; y < heightPx; y += 1)
      for (let x = 0; x < widthPx; x += 1) rgb.set(colourAt(x, y, frame), ((frame * heightPx + y) * widthPx + x) * 3);
  const framesPath = join(folder, 'frames.rgb');
  await writeFile(framesPath, rgb);
  return { framesPath, widthPx, heightPx, frameCount, fps };
}

/** Moving stripes: cheap to make, and every frame differs from the last. */
export const stripes = (x: number, y: number, frame: number): readonly [number, number, number] => [
  (x * 3 + frame * 5) % 256,
  (y * 5) % 256,
  (x + y + frame * 9) % 256,
];

export const encode = (source: RawSource, outPath: string, change: Partial<EncodeOptions> = {}, signal = still) =>
  encodeClip(
    source,
    { outPath, widthPx: 128, heightPx: 72, fps: source.fps, tags, ...change },
    () => undefined,
    signal,
  );

export function expectOk<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (!result.ok) expect.fail(JSON.stringify(result.error));
  return result.value;
}
