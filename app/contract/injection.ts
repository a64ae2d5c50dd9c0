import { z } from 'zod';

import { ALWAYS, injectionNames } from './injection-text.ts';
import { stageName } from './name.ts';

const injectionName = z.enum(injectionNames);

/** One fault that is asked for: `NAME[@STAGE[:N]][xK]`. */
export const injection = z.strictObject({
  name: injectionName,
  stage: stageName,
  /** Step, latent frame or frame (0-based), by the stage and the name; null: the first that comes, of frames the middle. */
  at: z.int().nonnegative().nullable(),
  /** In how many attempts of the job it strikes. */
  times: z.int().min(1).max(ALWAYS),
});
export type Injection = z.infer<typeof injection>;

/** An injection that has still to strike, as one attempt's command to the engine carries it. */
export const strike = z.strictObject({
  /** Its place in the job's list: by this number main counts it. */
  index: z.int().nonnegative(),
  name: injectionName,
  stage: stageName,
  at: z.int().nonnegative().nullable(),
});
export type Strike = z.infer<typeof strike>;
