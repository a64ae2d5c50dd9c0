import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isOwnerAlive, ownerToken } from '../store/owner.ts';

const FOLDER_NAME = /^steadyframe-engine-(\d+)-(\d+|unknown)-\w{6}$/;

/**
 * An empty folder for an engine to work in, named after this process. Those of processes that died are cleared away: a
 * killed program can't do that itself.
 */
export async function createWorkFolder(): Promise<string> {
  await clearDeadFolders();
  // A colon is no legal character for a file name on Windows.
  return mkdtemp(join(tmpdir(), `steadyframe-engine-${ownerToken().replace(':', '-')}-`));
}

/** What can't be cleared belongs to somebody else; that is no reason not to start. */
async function clearDeadFolders(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const [, pid, start] = FOLDER_NAME.exec(name) ?? [];
    if (pid === undefined || start === undefined || isOwnerAlive(`${pid}:${start}`)) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}
