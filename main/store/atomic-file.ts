import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Put `data` in the place of `file`, whole or not at all: a crash or a full disk at any moment leaves the former file. A link stays a
 * link, and what it leads to is replaced.
 *
 * @throws  the file system's error (ENOSPC, EACCES, …); the former file is then untouched and no draft is left behind
 */
export async function replaceFile(path: string, data: string | Uint8Array): Promise<void> {
  const file = await realpath(path).catch(() => path);
  const former = await stat(file).catch(() => null);
  // A device or a pipe would be gone for everybody (/dev/null).
  if (former && !former.isFile()) throw Object.assign(new Error(`"${path}" is no plain file`), { code: 'ENXIO' });
  const draft = `${file}.${randomUUID()}.part`;
  try {
    const handle = await open(draft, 'wx');
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    throw cause;
  }
  await syncFolder(dirname(file));
}

/** Bring a finished file to the disk and then under its final name; what stood there before is replaced at once. */
export async function publishFile(draft: string, file: string): Promise<void> {
  const handle = await open(draft, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  await syncFolder(dirname(file));
}

/** A rename outlives a power cut only once its folder is on the disk; Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (cause) {
    // Some network file systems refuse to sync a folder; the file itself is safe by now.
    if (!(cause instanceof Error && 'code' in cause && (cause.code === 'EINVAL' || cause.code === 'ENOTSUP')))
      throw cause;
  } finally {
    await handle.close();
  }
}
