import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

import { windowState, type WindowState } from './window-bounds.ts';

/** Null where there is none or it can't be read: the window then opens as if for the first time. */
export function readWindowState(path: string): WindowState | null {
  try {
    const parsed = windowState.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** At once, because the program is about to end. A place that can't be remembered is no reason to bother anyone. */
export function writeWindowState(path: string, state: WindowState): void {
  const draft = `${path}.part`;
  try {
    writeFileSync(draft, JSON.stringify(state));
    renameSync(draft, path);
  } catch {
    rmSync(draft, { force: true });
  }
}
