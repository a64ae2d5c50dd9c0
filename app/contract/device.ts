import { z } from 'zod';

import { providerNames } from '../plan/provider-order.ts';

/** By the runtime's own account of this system: its code is here, a library beside it is needed as well, or there is nothing for it. */
export const deviceStates = ['bundled', 'extra', 'absent'] as const;

const provider = z.enum(providerNames);
const wanted = z.array(provider).max(providerNames.length).readonly();

/** Devices to compute on before the processor, which is always there and always last. */
export const deviceChoice = z.strictObject({ wanted });
export type DeviceChoice = z.infer<typeof deviceChoice>;

export const deviceView = z.strictObject({
  name: provider,
  /** Null until an engine has told. That a card answers is known only once it was tried. */
  state: z.enum(deviceStates).nullable(),
  /** It failed, and is left alone until then; null: it may be tried. */
  restsUntilMs: z.number().nullable(),
});
export type DeviceView = z.infer<typeof deviceView>;

/** What is wanted, and what is known of each device that can be named. */
export const deviceSettings = z.strictObject({ wanted, devices: z.array(deviceView).readonly() });
export type DeviceSettings = z.infer<typeof deviceSettings>;
