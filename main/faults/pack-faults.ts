import { readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Expectation } from '../../app/recovery/matrix.ts';
import type { Scenario } from './scenario.ts';

/** Without another pack that could take over, what is left is a stand-in: never an empty hand. */
const damaged: Expectation = { kind: 'cured', faults: ['pack-corrupt'], atBest: 'fallback' };

/** The file is a link to the real one: it is replaced, never written through. */
async function rewrite(path: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  const bytes = change(await readFile(path));
  await rm(path);
  await writeFile(path, bytes);
}

const spoiled = (name: string, spoil: (pack: string) => Promise<void>): Scenario => ({
  name,
  layer: 'pack',
  expected: damaged,
  run: async (lab) => {
    await spoil(await lab.ownPacks());
    lab.injected();
    return lab.render();
  },
});

export const packFaults: readonly Scenario[] = [
  spoiled('pack-file-missing', async (pack) => rm(join(pack, 'transformer', 'model.onnx'))),
  spoiled('pack-file-cut', async (pack) => {
    const file = join(pack, 'transformer', 'weights-1.bin');
    await rewrite(file, (bytes) => bytes);
    await truncate(file, 1_000);
  }),
  spoiled('pack-bit-flipped', async (pack) =>
    rewrite(join(pack, 'transformer_2', 'weights-1.bin'), (bytes) => {
      const at = Math.floor(bytes.length / 2);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes;
    }),
  ),
  spoiled('pack-files-swapped', async (pack) => {
    const [first, next] = [join(pack, 'vae_decoder', 'first.onnx'), join(pack, 'vae_decoder', 'next.onnx')];
    await rename(first, `${first}.aside`);
    await rename(next, first);
    await rename(`${first}.aside`, next);
  }),
  spoiled('pack-tokenizer-broken', async (pack) =>
    rewrite(join(pack, 'tokenizer', 'tokenizer.json'), (bytes) => bytes.subarray(0, 100)),
  ),
  // Without its manifest nothing is known of a pack, and there is a stand-in all the same.
  spoiled('pack-manifest-cut', async (pack) =>
    rewrite(join(pack, 'pack.json'), (bytes) => bytes.subarray(0, bytes.length / 2)),
  ),
];
