import { z } from 'zod';

import { causeNames, cureNames } from './list.ts';
import { actionKind } from './name.ts';

export const causeName = z.enum(causeNames);
export type CauseName = z.infer<typeof causeName>;

export const cureName = z.enum(cureNames);
export type CureName = z.infer<typeof cureName>;

/** What a cure is expected to cost, said before it is tried. */
export const predicted = z.strictObject({
  /** Until the clip is there, by this run's own stage times where there are some. */
  seconds: z.number().nonnegative(),
  /** 1 what was asked for .. 0 a stand-in; see app/recovery/README.md for the scale. */
  quality: z.number().min(0).max(1),
});
export type Predicted = z.infer<typeof predicted>;

/** One way on, priced. */
export const proposal = z.strictObject({ action: actionKind, cure: cureName, cause: causeName, predicted });
export type Proposal = z.infer<typeof proposal>;

/** Why a cheaper cure was not taken: a guard of the tree by its name, or one of the reasons that are no guards. */
export const skipped = z.strictObject({ cure: cureName, because: z.string() });
export type Skipped = z.infer<typeof skipped>;
