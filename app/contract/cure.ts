import { z } from 'zod';

import { actionKind } from './name.ts';

/** Every cause that a fault can be put down to: the heads of the recovery tree's branches. */
export const causeNames = [
  'prompt-unusable',
  'prompt-beyond-model',
  'encoder-drift',
  'text-numbers',
  'passing-glitch',
  'bad-draw',
  'numbers',
  'expert-unstable',
  'decoder-numbers',
  'few-lost-frames',
  'few-bad-frames',
  'memory-short',
  'too-slow',
  'too-hot',
  'provider-refuses',
  'card-gone',
  'engine-died',
  'engine-hangs',
  'work-kills-engine',
  'engine-broken',
  'pack-damaged',
  'encoder-fails',
  'no-room',
] as const;
export const causeName = z.enum(causeNames);
export type CauseName = z.infer<typeof causeName>;

/** Every cure by the way in which it is done; several may carry out one action. Cheapest first. */
export const cureNames = [
  'safer-recipe',
  'decode-again',
  'decode-tiled',
  'decode-fp32',
  'interpolate',
  'regenerate',
  'resume',
  'reroute-expert',
  'next-provider',
  'restart-clean',
  'new-seed',
  'simplify-prompt',
  'fewer-steps',
  'fewer-frames',
  'lower-rung',
  'other-pack',
  'carry-on',
  'still-motion',
  'template',
  'fallback-clip',
] as const;
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
