import { z } from 'zod';

import { enginePlace } from './engine.ts';
import { engineProblems } from './list.ts';

/** Whether something can be rendered right now, and on what. */
export const engineStatus = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('stopped') }),
  z.strictObject({ phase: z.literal('starting'), restarts: z.int() }),
  z.strictObject({ phase: z.literal('warming'), latencyMs: z.number().nullable() }),
  z.strictObject({ phase: z.literal('ready'), ...enginePlace, warmupMs: z.number() }),
  z.strictObject({
    phase: z.literal('broken'),
    /** In English, the runtime's own words included. */
    reason: z.string(),
    /** The same for words in any language; absent in what earlier versions said. */
    problem: z.enum(engineProblems).optional(),
  }),
]);
export type EngineStatus = z.infer<typeof engineStatus>;
