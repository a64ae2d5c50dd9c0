import { err, ok, type Result } from '../base/result.ts';
import type { LogoFault } from '../contract/stand-in.ts';
import type { SizePx } from './framing.ts';

export const LOGO_LIMIT_BYTES = 4 * 1024 * 1024;
/** A small file can unpack to gigabytes: its header says so beforehand. */
const SIDE_LIMIT_PX = 4096;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const HEADER = [0x49, 0x48, 0x44, 0x52];

/** Size of a PNG from its first 24 bytes, or why it is none that is taken. The file's name plays no part. */
export function sniffPng(head: Uint8Array): Result<SizePx, LogoFault> {
  const isPng = head.length >= 24 && SIGNATURE.every((byte, i) => head[i] === byte);
  if (!isPng || !HEADER.every((byte, i) => head[12 + i] === byte))
    return err({ problem: 'not-png', detail: 'it is no PNG' });
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const [widthPx, heightPx] = [view.getUint32(16), view.getUint32(20)];
  if (widthPx < 1 || heightPx < 1) return err({ problem: 'no-size', detail: 'it has no size' });
  if (widthPx > SIDE_LIMIT_PX || heightPx > SIDE_LIMIT_PX)
    return err({
      problem: 'too-many-pixels',
      detail: `it has ${widthPx}x${heightPx} pixels; at most ${SIDE_LIMIT_PX} a side are taken`,
    });
  return ok({ widthPx, heightPx });
}
