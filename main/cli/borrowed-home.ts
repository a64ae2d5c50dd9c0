import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { formatBytes } from '../../app/base/figure.ts';
import { readFreeBytes } from '../device/host-readings.ts';
import type { PlaceFault } from '../export/writable.ts';
import { isDatabaseLost, isDiskFull } from '../store/disk-error.ts';

/** A place for what one run keeps while it runs, gone with it: where the home folder takes nothing, that costs memory, not the clip. */
export class BorrowedHome implements AsyncDisposable {
  #folder: string | null = null;
  /** What the home folder said; null while this place is not needed. */
  refusal: PlaceFault | null = null;

  get folder(): string | null {
    return this.#folder;
  }

  /** @throws the file system's error where the temporary folder takes nothing either */
  async borrow(refusal: PlaceFault): Promise<string> {
    this.refusal = refusal;
    this.#folder ??= await mkdtemp(join(tmpdir(), 'steadyframe-home-'));
    return this.#folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true });
  }
}

const CLOSED = ['EROFS', 'EACCES', 'EPERM'];

/** The folder is a right one and takes nothing now; a name that can be no folder is the user's to put right. */
export function takesNothing(cause: unknown): boolean {
  if (isDiskFull(cause) || isDatabaseLost(cause)) return true;
  return cause instanceof Error && 'code' in cause && CLOSED.includes(String(cause.code));
}

/** Enough for the history of a few runs and the frames of a short one: with less a run would stop in the middle of being written down. */
const ROOM_BYTES = 512 * 1024;

/** @throws ENOTDIR where the name is that of something else, ENOSPC where the folder's disk has no room for a run */
export async function demandRoom(home: string): Promise<void> {
  const found = await stat(home).catch(() => null);
  if (found && !found.isDirectory()) throw Object.assign(new Error('it is no folder'), { code: 'ENOTDIR' });
  const free = await readFreeBytes(home);
  if (free !== null && free < ROOM_BYTES)
    throw Object.assign(new Error(`only ${formatBytes(free)} are free there`), { code: 'ENOSPC' });
}
