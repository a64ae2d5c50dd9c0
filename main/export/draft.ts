import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { makeFolder } from '../base/make-folder.ts';

const DRAFT_NAME = /^\.steadyframe-(\d+)-[0-9a-f]{8}\.part$/;

/**
 * The name of an unfinished file beside `outPath`, created empty: on the same disk, so that the last rename is atomic,
 * and short, so that the longest legal file name still has one.
 *
 * @throws  the file system's error where nothing can be written there
 */
export async function createDraft(outPath: string): Promise<string> {
  const folder = dirname(outPath);
  await makeFolder(folder);
  const draft = join(folder, `.steadyframe-${process.pid}-${randomUUID().slice(0, 8)}.part`);
  await (await open(draft, 'wx')).close();
  return draft;
}

export const removeDraft = (draft: string): Promise<void> => rm(draft, { force: true }).catch(() => undefined);

/** Unfinished files in a folder whose writers are dead. */
export async function deadDrafts(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => {
    const pid = Number(DRAFT_NAME.exec(name)?.[1] ?? Number.NaN);
    return Number.isInteger(pid) && !isAlive(pid) ? [join(folder, name)] : [];
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return !(cause instanceof Error && 'code' in cause && cause.code === 'ESRCH');
  }
}

/** @returns sha256 as 64 hex digits, and the size, read once from the disk */
export async function hashFile(path: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    const block: unknown = chunk;
    if (!(block instanceof Uint8Array)) throw new Error('bug: a file stream gives bytes');
    hash.update(block);
    bytes += block.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}
