import type { CureName } from '../../app/contract/cure.ts';
import { isStill } from '../../app/plan/ladder.ts';
import type { RenderPlan } from '../../app/plan/render-plan.ts';
import type { SoundFrame } from './no-attempt.ts';

/** What is handed over. */
export type Deliverable =
  | { readonly kind: 'frames'; readonly isSound: boolean }
  | { readonly kind: 'still'; readonly sound: SoundFrame }
  | { readonly kind: 'template' }
  | { readonly kind: 'fallback' };

/**
 * What a job ends with. A single picture that was rendered for want of a clip is moved by a camera, and so is the best frame of an
 * earlier attempt.
 *
 * @param cure   the last one that was decided on; null where the last attempt is sound
 * @param sound  a frame without a fault; null where there is none
 */
export function deliverableOf(cure: CureName | null, plan: RenderPlan, sound: SoundFrame | null): Deliverable {
  const isFrames = cure === null || cure === 'carry-on';
  if (isFrames && !isStill(plan)) return { kind: 'frames', isSound: cure === null };
  if (isFrames || cure === 'still-motion') return sound ? { kind: 'still', sound } : { kind: 'fallback' };
  return cure === 'template' ? { kind: 'template' } : { kind: 'fallback' };
}
