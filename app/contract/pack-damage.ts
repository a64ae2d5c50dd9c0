import { z } from 'zod';

/** Ways in which a pack on the disk is not what its manifest says. */
export const packDamageKinds = [
  'manifest-missing',
  'manifest-illegal',
  'missing',
  'not-a-file',
  'outside',
  'wrong-size',
  'differs',
] as const;

/** What is wrong with a pack, as data: the window puts it into words in its language. */
export const packDamage = z.strictObject({
  kind: z.enum(packDamageKinds),
  /** Relative to the pack. */
  file: z.string(),
  /** As it is and as it should be; null where size is not what is wrong. */
  bytes: z.number().nullable(),
  expectedBytes: z.number().nullable(),
});
export type PackDamage = z.infer<typeof packDamage>;
