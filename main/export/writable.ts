import { randomUUID } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

import { err, ok, type Result } from '../../app/base/result.ts';
import { makeFolder } from '../base/make-folder.ts';
import { isDiskFull } from '../store/disk-error.ts';

/** A place that refuses what is written to it. */
export interface PlaceFault {
  readonly kind: 'output-unwritable' | 'disk-full';
  readonly detail: string;
}

export interface OutputFault {
  readonly kind: PlaceFault['kind'] | 'wrong-name';
  readonly detail: string;
}

const NAME_LIMIT_BYTES = 255;
const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : String(cause);

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'a part of the path is a file',
  ENXIO: 'a device or a pipe is in its place',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'its links lead in a circle',
  EFBIG: 'the file would be larger than this user may write (ulimit -f)',
  ENOENT: 'its folder is not there and can not be made',
  EMFILE: 'this user may not open that many files (ulimit -n)',
};

/** Before a second is spent: can a clip be put at `outPath`? Makes the folder, tries a file in it, leaves no trace. */
export async function checkWritable(outPath: string): Promise<Result<null, OutputFault>> {
  const name = basename(outPath);
  const wrong = (why: string): Result<null, OutputFault> =>
    err({ kind: 'wrong-name', detail: `"${outPath}" ${why}; legal: a file name that ends in .mp4` });
  if (extname(name).toLowerCase() !== '.mp4') return wrong('does not end in .mp4');
  if (Buffer.byteLength(name) > NAME_LIMIT_BYTES) return wrong(`has a name of more than ${NAME_LIMIT_BYTES} bytes`);
  if (outPath.includes('\0')) return wrong('holds a null character');
  const entry = await stat(outPath).catch(() => null);
  if (entry?.isDirectory()) return wrong('is a folder');
  if (entry && !entry.isFile()) return wrong('is there and is not a plain file');

  return tryFolder(dirname(outPath), outPath);
}

/** As `checkWritable`, for a file beside the clip whose name may end in anything. */
export async function checkFileWritable(path: string): Promise<Result<null, OutputFault>> {
  const entry = await stat(path).catch(() => null);
  if (entry?.isDirectory())
    return err({ kind: 'wrong-name', detail: `"${path}" is a folder; legal: the name of a file` });
  // A device would be replaced by the file, for everybody (/dev/null).
  if (entry && !entry.isFile())
    return err({ kind: 'wrong-name', detail: `"${path}" is there and is not a plain file; legal: the name of a file` });
  return tryFolder(dirname(path), path);
}

/** As `checkWritable`, for a folder that is to be filled. */
export async function checkFolderWritable(folder: string): Promise<Result<null, OutputFault>> {
  const entry = await stat(folder).catch(() => null);
  if (entry && !entry.isDirectory())
    return err({ kind: 'wrong-name', detail: `"${folder}" is a file; legal: the name of a folder` });
  return tryFolder(folder, folder);
}

/** @param wanted  what the user asked for, to be named in the refusal */
async function tryFolder(folder: string, wanted: string): Promise<Result<null, OutputFault>> {
  const trial = join(folder, `.steadyframe-${process.pid}-${randomUUID().slice(0, 8)}.part`);
  try {
    await makeFolder(folder);
    const handle = await open(trial, 'wx');
    try {
      await handle.writeFile(Buffer.alloc(4_096));
    } finally {
      await handle.close();
    }
    return ok(null);
  } catch (cause) {
    return err(outputFault(cause, wanted));
  } finally {
    await rm(trial, { force: true }).catch(() => undefined);
  }
}

/** A file system's refusal as data. */
export function outputFault(cause: unknown, path: string): PlaceFault {
  if (isDiskFull(cause)) return { kind: 'disk-full', detail: `the disk that holds "${path}" is full` };
  const code = codeOf(cause);
  return { kind: 'output-unwritable', detail: `"${path}" can't be written: ${reasons[code] ?? code}` };
}
