import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { rootFolder } from '../guard/source.ts';
import { startRival, type Rival } from './rival.ts';
import type { Program } from './work.ts';

/** The system's own comes second: another one may stand before it in PATH without the library. */
const PYTHONS = ['python3', '/usr/bin/python3'];
const SCRIPT = join(rootFolder, 'models', 'wan-mini', 'eval', 'torch_rival.py');

export interface TorchRival {
  readonly name: string;
  readonly version: string;
  readonly start: () => Rival;
}

/**
 * How OpenMP's threads wait for each other. Its default is to wait awake, and then the slightest neighbour on the same
 * cores makes PyTorch twenty times slower; nobody should win against that.
 */
const waitPolicy = process.env['OMP_WAIT_POLICY'] ?? 'passive';

/** PyTorch on the same weights, or what is missing for it. */
export async function findTorch({ manifest, work }: Program): Promise<TorchRival | { readonly missing: string }> {
  if (manifest.id !== 'wan-mini' || !existsSync(SCRIPT))
    return { missing: `pack ${manifest.id} has no PyTorch source here` };
  for (const python of PYTHONS) {
    const version = await promisify(execFile)(python, ['-c', 'import torch; print(torch.__version__)']).then(
      ({ stdout }) => stdout.trim(),
      () => null,
    );
    if (version !== null)
      return {
        name: `PyTorch ${version}`,
        version,
        start: () => startRival(python, [SCRIPT, JSON.stringify(work)], { OMP_WAIT_POLICY: waitPolicy }),
      };
  }
  return { missing: 'python3 with torch' };
}
