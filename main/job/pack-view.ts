import type { PackManifest } from '../../app/contract/pack.ts';
import type { PackView } from '../../app/contract/route.ts';
import type { PackFault } from '../pack/pack-store.ts';

/** What the window shows of a pack whose manifest could be read. */
export function packView(manifest: PackManifest, fault: string | null): PackView {
  const { id, version, name, fps, frameRule } = manifest;
  const rungs = manifest.rungs.map(({ name: rung, widthPx, heightPx, frameCount, steps, expectedSeconds }) => ({
    name: rung,
    widthPx,
    heightPx,
    frameCount,
    steps,
    expectedSeconds,
  }));
  return { id, version, name, fps, frameRule, rungs, fault };
}

/** A pack whose manifest can't be read: it offers nothing, but is not hidden. */
export function faultyPackView({ id, detail }: PackFault): PackView {
  const name = { en: id, zh: id };
  return { id, version: '', name, fps: 16, frameRule: { multiple: 4, offset: 1 }, rungs: [], fault: detail };
}
