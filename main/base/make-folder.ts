import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Make a folder and what is missing above it. Node's own `recursive` never returns where a file system answers "no such
 * folder" to every attempt (/proc), so each level is made once, from the top.
 *
 * @throws  the file system's error at the first level that can't be made
 */
export async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  for (let level = folder; !(await isThere(level)) && dirname(level) !== level; level = dirname(level))
    missing.unshift(level);
  for (const level of missing)
    await mkdir(level).catch((cause: unknown) => {
      // Somebody else may have made it in the meantime; whether it is a folder shows at the next level.
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    });
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return false;
    // A part of the path is a file, or may not be looked into: nothing can be made below it.
    throw cause;
  }
}
