import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';

import { messageOf } from '../../app/base/message-of.ts';
import { makeFolder } from '../base/make-folder.ts';

/**
 * Make the home folder and Chromium's own folder inside it. Null when both are there and can be written to; else one
 * sentence for the user.
 */
export async function claimHome(home: string): Promise<string | null> {
  try {
    await makeFolder(chromiumFolder(home));
    await access(home, constants.W_OK);
    await access(chromiumFolder(home), constants.W_OK);
    return null;
  } catch (cause) {
    return homeProblem(home, cause);
  }
}

/** Caches, cookies and the lock that keeps a second studio out of the same home. */
export const chromiumFolder = (home: string): string => join(home, 'electron');

/** What to tell a user whose home folder can't be used, and what to do about it. */
export function homeProblem(home: string, cause: unknown): string {
  const detail = messageOf(cause);
  return `The folder for runs and settings can't be used: ${home}\n\n${detail}\n\nMake it writable, or name another folder in STEADYFRAME_HOME.`;
}
