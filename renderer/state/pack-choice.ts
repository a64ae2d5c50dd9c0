import type { PackView } from '../../app/contract/route.ts';

export type RungView = PackView['rungs'][number];

/** What automatic comes to: the first pack that is sound, in main's order. */
export function soundPack(packs: readonly PackView[]): PackView | null {
  return packs.find(({ fault, rungs }) => fault === null && rungs.length > 0) ?? null;
}

/**
 * The pack that new clips are made with. One that the user chose binds, also when it is damaged: null then. One that is gone binds
 * nobody.
 *
 * @param chosenId  null: automatic
 */
export function packInUse(packs: readonly PackView[], chosenId: string | null): PackView | null {
  const chosen = packs.find(({ id }) => id === chosenId);
  return chosen ? soundPack([chosen]) : soundPack(packs);
}

/** A remembered rung may belong to a pack that is gone. */
export function chosenRung(pack: PackView, name: string | null): RungView | null {
  return pack.rungs.find((rung) => rung.name === name) ?? pack.rungs[0] ?? null;
}

/** Frame counts that the pack can decode, up to what the rung allows. */
export function frameCounts({ frameRule }: PackView, rung: RungView): readonly number[] {
  const { multiple, offset } = frameRule;
  return Array.from({ length: rung.frameCount }, (_, index) => index + 1).filter(
    (count) => count >= offset && (count - offset) % multiple === 0,
  );
}
