import type { GradeName } from '../contract/name.ts';

/** All that tells how good a clip is. */
export interface Outcome {
  readonly delivered: 'frames' | 'still' | 'template' | 'fallback';
  /** The plan that was rendered gives nothing away of what was asked for. */
  readonly isAsAsked: boolean;
  /** The monitors looked at the delivered frames and found nothing that calls for a cure. */
  readonly isSound: boolean;
  /** Something went wrong on the way: a cure was needed, or the program was cut off and went on. */
  readonly wasRepaired: boolean;
}

/** The honest name of what came out. A clip whose cure nobody could verify is never better than degraded. */
export function gradeOf({ delivered, isAsAsked, isSound, wasRepaired }: Outcome): GradeName {
  if (delivered !== 'frames') return delivered;
  if (!isAsAsked || !isSound) return 'degraded';
  return wasRepaired ? 'repaired' : 'full';
}
