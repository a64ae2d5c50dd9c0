import { access, constants } from 'node:fs/promises';
import { tmpdir } from 'node:os';

import { makeFolder } from './make-folder.ts';

/** Where temporary files go on this system when nobody says otherwise. */
const usual = (): string => {
  const named = process.env['TMPDIR'];
  delete process.env['TMPDIR'];
  try {
    return tmpdir();
  } finally {
    if (named !== undefined) process.env['TMPDIR'] = named;
  }
};

/**
 * Once, at the start: `tmpdir()` is a folder that can be written to from here on. One that was named (TMPDIR) and is not there is made;
 * where it can't be, the system's usual one takes its place for this process and those it starts.
 */
export async function findTemporaryFolder(): Promise<void> {
  try {
    await makeFolder(tmpdir());
    // As root every folder may be written to; a file in its place shows by the slash.
    await access(`${tmpdir()}/.`, constants.W_OK | constants.X_OK);
  } catch {
    process.env['TMPDIR'] = usual();
  }
}
