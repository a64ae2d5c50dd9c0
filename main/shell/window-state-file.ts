import { readFileSync } from 'node:fs';

import { replaceFile } from '../store/atomic-file.ts';
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

/** A place that can't be remembered is no reason to bother anyone. */
export async function writeWindowState(path: string, state: WindowState): Promise<void> {
  await replaceFile(path, JSON.stringify(state)).catch(() => undefined);
}
