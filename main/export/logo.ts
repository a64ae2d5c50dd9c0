import { open, readFile } from 'node:fs/promises';

import { messageOf } from '../../app/base/message-of.ts';
import { err, ok, type Result } from '../../app/base/result.ts';
import type { LogoFault } from '../../app/contract/stand-in.ts';
import { sniffPng, LOGO_LIMIT_BYTES } from '../../app/export/png-header.ts';
import type { SizePx } from '../../app/export/framing.ts';
import type { Logo } from '../../app/export/moving-marks.ts';
import { fileUrl, LOCAL_ONLY } from '../../app/export/recipe.ts';
import { replaceFile } from '../store/atomic-file.ts';
import { describeEnd, runFfmpegForBytes } from './ffmpeg.ts';
import { findTool } from './tools.ts';

const DECODE_LIMIT_MS = 10_000;
/** Small, since it is decoded only to see that it can be. */
const PROOF_BOX: SizePx = { widthPx: 64, heightPx: 64 };

/**
 * A user's logo, fitted into `box` with its transparency kept. The file is looked at before any decoder sees it: a PNG by its
 * first bytes, not too large on disk and not too large unpacked. Nothing but a PNG is taken: an SVG is a program of a kind.
 */
export async function readLogo(path: string, box: SizePx, signal: AbortSignal): Promise<Result<Logo, LogoFault>> {
  const head = await readHead(path);
  if (!head.ok) return head;
  const { widthPx, heightPx } = head.value;
  const factor = Math.min(box.widthPx / widthPx, box.heightPx / heightPx);
  const fitted = {
    widthPx: Math.max(1, Math.round(widthPx * factor)),
    heightPx: Math.max(1, Math.round(heightPx * factor)),
  };
  const ffmpeg = findTool('ffmpeg');
  if (!ffmpeg) return err({ problem: 'unreadable', detail: 'there is no ffmpeg to read it with' });
  const args = [
    ...['-hide_banner', '-nostdin', '-v', 'error', ...LOCAL_ONLY],
    ...['-f', 'png_pipe', '-i', fileUrl(path), '-frames:v', '1'],
    ...['-vf', `scale=${fitted.widthPx}:${fitted.heightPx}:flags=lanczos,format=rgba`],
    ...['-f', 'rawvideo', '-pix_fmt', 'rgba', 'pipe:1'],
  ];
  const bytes = fitted.widthPx * fitted.heightPx * 4;
  const end = await runFfmpegForBytes({
    program: ffmpeg.path,
    args,
    signal,
    limitMs: DECODE_LIMIT_MS,
    byteLimit: bytes,
  });
  if (end.kind !== 'done') return err({ problem: 'undecodable', detail: `it can't be decoded: ${describeEnd(end)}` });
  if (end.bytes.length !== bytes) return err({ problem: 'undecodable', detail: 'it is damaged' });
  return ok({ ...fitted, rgba: end.bytes });
}

/** Put a user's PNG into the program's own folder, if it is one that can be decoded. */
export async function takeLogo(path: string, target: string): Promise<Result<string, LogoFault>> {
  const read = await readLogo(path, PROOF_BOX, new AbortController().signal);
  if (!read.ok) return read;
  try {
    const bytes = await readFile(path);
    // Read again as a whole: it may have become another file since it was looked at.
    const head = sniffPng(bytes.subarray(0, 64));
    if (!head.ok) return head;
    if (bytes.length > LOGO_LIMIT_BYTES) return err({ problem: 'too-large', detail: 'it has grown too large' });
    await replaceFile(target, bytes);
    return ok(target);
  } catch (cause) {
    return err({ problem: 'unreadable', detail: messageOf(cause) });
  }
}

async function readHead(path: string): Promise<Result<SizePx, LogoFault>> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > LOGO_LIMIT_BYTES)
      return err({ problem: 'too-large', detail: `it has more than ${LOGO_LIMIT_BYTES / 1024 / 1024} MiB` });
    const { buffer, bytesRead } = await file.read(new Uint8Array(64), 0, 64, 0);
    return sniffPng(buffer.subarray(0, bytesRead));
  } catch (cause) {
    return err({ problem: 'unreadable', detail: messageOf(cause) });
  }
}
