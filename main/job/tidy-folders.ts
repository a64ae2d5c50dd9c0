import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import type { JobId } from '../../app/contract/job.ts';
import type { JobEnd } from './run-job.ts';
import { clearWork } from './work-room.ts';

/** Frames of this many finished jobs are kept for a later export. */
const KEPT_FRAME_FOLDERS = 50;

/**
 * Latents served their purpose; frames of old jobs make room.
 *
 * @param ended  jobs that have ended, oldest first
 * @param foldersOf  all in which a job may have left something
 */
export async function tidyFolders(
  id: JobId,
  end: JobEnd,
  ended: () => readonly JobId[],
  foldersOf: (id: JobId) => readonly string[],
): Promise<void> {
  if (end.kind === 'failed' && end.canResume) return undefined;
  if (end.kind !== 'delivered') return clearWork(foldersOf(id));
  for (const folder of foldersOf(id)) await keepOnly(folder, end.frames.framesPath);
  await clearPresent(ended().slice(0, -KEPT_FRAME_FOLDERS).flatMap(foldersOf));
}

async function keepOnly(folder: string, path: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (!names.some((name) => join(folder, name) === path)) return clearWork([folder]);
  for (const name of names) if (join(folder, name) !== path) await rm(join(folder, name), { force: true });
}

/** Of a long history hardly any folder is left: where they would lie is looked at once, and not each of them. */
async function clearPresent(folders: readonly string[]): Promise<void> {
  for (const parent of new Set(folders.map(dirname))) {
    const present = new Set(await readdir(parent).catch(() => []));
    await clearWork(folders.filter((folder) => dirname(folder) === parent && present.has(basename(folder))));
  }
}
