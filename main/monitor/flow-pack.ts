import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { err, ok, type Result } from '../../app/base/result.ts';
import { parseFlowManifest, type FlowManifest } from '../../app/contract/flow-pack.ts';

export interface FlowPack {
  readonly folder: string;
  readonly manifest: FlowManifest;
}

/** The embedded flow pack, every file of it hashed; why there is none, in words. */
export async function openFlowPack(root: string): Promise<Result<FlowPack, string>> {
  const folder = join(root, 'models', 'raft-mini', 'pack');
  const text = await readFile(join(folder, 'pack.json'), 'utf8').catch(() => null);
  if (text === null) return err('there is no flow model');
  const manifest = parseFlowManifest(text);
  if (!manifest.ok) return err(`the flow model can't be used: ${manifest.error}`);
  for (const [name, { sha256 }] of Object.entries(manifest.value.files)) {
    const bytes = await readFile(join(folder, name)).catch(() => null);
    if (bytes === null || createHash('sha256').update(bytes).digest('hex') !== sha256)
      return err(`the flow model can't be used: ${name} is missing or differs from its sha256`);
  }
  return ok({ folder, manifest: manifest.value });
}
