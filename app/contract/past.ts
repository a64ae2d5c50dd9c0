import { z } from 'zod';

import { jobEvent } from './job.ts';

/** A part of the past: everything that happened to some jobs which were asked for one after the other. */
export const pastSlice = z.strictObject({
  events: z.array(jobEvent).readonly(),
  /** Where the jobs begin that are not among these; null when there are none before. */
  olderThan: z.int().nullable(),
});
export type PastSlice = z.infer<typeof pastSlice>;
