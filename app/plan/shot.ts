import type { PackManifest } from '../contract/pack.ts';
import type { Shot } from '../contract/project.ts';
import { legalFrameCounts } from '../prompt/check-draft.ts';

/** Frames for a shot's wanted duration: the nearest legal number that the rung can make; null leaves it to the rung. */
export function shotFrameCount(shot: Pick<Shot, 'durationSeconds' | 'rung'>, pack: PackManifest): number | null {
  if (shot.durationSeconds === null) return null;
  const rung = pack.rungs.find(({ name }) => name === shot.rung) ?? pack.rungs[0];
  const wanted = shot.durationSeconds * pack.fps;
  const legal = legalFrameCounts(pack, rung?.frameCount ?? 1);
  return legal.reduce<number | null>(
    (best, count) => (best === null || Math.abs(count - wanted) <= Math.abs(best - wanted) ? count : best),
    null,
  );
}
