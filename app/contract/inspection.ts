import { z } from 'zod';

import { faultReport, runReport } from './report.ts';

/** What the frame monitors found in a video of any making: a run report with neither request nor delivery. */
export const inspectReport = z.strictObject({
  version: z.literal(1),
  startedAt: z.iso.datetime(),
  wallMs: z.number().nonnegative(),
  clip: z.strictObject({
    path: z.string(),
    widthPx: z.int().positive(),
    heightPx: z.int().positive(),
    frameCount: z.int().positive(),
    fps: z.number().positive(),
  }),
  /** One, so that whoever reads run reports finds the faults in the same place. */
  attempts: z
    .array(
      z.strictObject({
        index: z.literal(0),
        stageMs: z.strictObject({ decode: z.number(), monitor: z.number() }),
        faults: z.array(faultReport).readonly(),
      }),
    )
    .length(1)
    .readonly(),
  health: runReport.shape.health.pick({ frames: true }),
  /** What could not be measured, and why, in words. */
  notes: z.array(z.string()).readonly(),
});
export type InspectReport = z.infer<typeof inspectReport>;
