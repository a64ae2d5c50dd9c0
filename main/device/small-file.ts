import { readFile } from 'node:fs/promises';

/** Text of a file of the kernel; null where it is not there or the driver refuses to tell. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
