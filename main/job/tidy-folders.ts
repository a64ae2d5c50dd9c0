import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { JobEnd } from './run-job.ts';

/** Frames of this many finished jobs are kept for a later export. */
const KEPT_FRAME_FOLDERS = 50;

/**
 * Latents served their purpose; frames of old jobs make room.
 *
 * @param ended  jobs that have ended, oldest first
 */
export async function tidyFolders<Id extends string>(
  id: Id,
  end: JobEnd,
  ended: () => readonly { readonly id: Id }[],
  folderOf: (id: Id) => string,
): Promise<void> {
  const folder = folderOf(id);
  if (end.kind === 'failed' && end.canResume) return undefined;
  if (end.kind !== 'delivered') return rm(folder, { recursive: true, force: true });
  const keep = end.frames.framesPath;
  for (const name of await readdir(folder))
    if (join(folder, name) !== keep) await rm(join(folder, name), { force: true });
  for (const old of ended().slice(0, -KEPT_FRAME_FOLDERS)) await rm(folderOf(old.id), { recursive: true, force: true });
}
