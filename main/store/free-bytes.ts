import { statfs } from 'node:fs/promises';

/** What this user may still write on the disk of a folder; Infinity where that can't be told. */
export async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}
