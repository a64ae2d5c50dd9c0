import type { FileHandle } from 'node:fs/promises';

import type { RawFrames } from '../../app/contract/ledger.ts';
import type { Picture } from '../../app/recovery/motion.ts';

/** @throws where the file is shorter than it should be */
export async function readFrame(
  file: FileHandle,
  { widthPx, heightPx }: Pick<RawFrames, 'widthPx' | 'heightPx'>,
  frame: number,
): Promise<Picture> {
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  const { bytesRead } = await file.read(rgb, 0, rgb.length, frame * rgb.length);
  if (bytesRead !== rgb.length) throw new Error(`frame ${frame} is not whole`);
  return { widthPx, heightPx, rgb };
}

export async function writeFrame(file: FileHandle, frame: number, { rgb }: Picture): Promise<void> {
  await file.write(rgb, 0, rgb.length, frame * rgb.length);
}
