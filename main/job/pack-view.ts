import type { PackManifest } from '../../app/contract/pack.ts';
import type { PackView } from '../../app/contract/route.ts';
import type { PackFault } from '../pack/pack-store.ts';

export type { PackFault };

/** What the window shows of a pack whose manifest could be read. */
export function packView(manifest: PackManifest, fault: PackFault | null): PackView {
  const { id, version, name, fps, frameRule } = manifest;
  const rungs = manifest.rungs.map(({ name: rung, widthPx, heightPx, frameCount, steps, expectedSeconds }) => ({
    name: rung,
    widthPx,
    heightPx,
    frameCount,
    steps,
    expectedSeconds,
  }));
  return { id, version, name, fps, frameRule, rungs, fault: fault?.detail ?? null, ...damageOf(fault) };
}

/** A pack whose manifest can't be read: it offers nothing, but is not hidden. */
export function faultyPackView(fault: PackFault): PackView {
  const { id, detail } = fault;
  const name = { en: id, zh: id };
  const nothing = { version: '', name, fps: 16, frameRule: { multiple: 4, offset: 1 }, rungs: [] };
  return { id, ...nothing, fault: detail, ...damageOf(fault) };
}

const damageOf = (fault: PackFault | null): Pick<PackView, 'damage'> => (fault?.damage ? { damage: fault.damage } : {});
