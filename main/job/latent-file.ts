import { readFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';

import { denoiseState, type DenoiseState } from '../../app/contract/engine.ts';
import { replaceFile } from '../store/atomic-file.ts';

/** Saved latents: the whole solver state, so that a run goes on bit for bit. */
export async function saveLatents(path: string, state: DenoiseState): Promise<void> {
  await replaceFile(path, serialize(state));
}

/** Null where the file is gone or damaged: the job then begins from noise again. */
export async function loadLatents(path: string): Promise<DenoiseState | null> {
  try {
    const value: unknown = deserialize(await readFile(path));
    const parsed = denoiseState.safeParse(value);
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
