import { z } from 'zod';

import { logoProblems, standInKinds } from './list.ts';

export const standInKind = z.enum(standInKinds);
export type StandInKind = z.infer<typeof standInKind>;

export const brand = z.strictObject({
  /** Set large on the waiting clip; empty leaves it out. */
  name: z.string().max(60),
  /** A line below the name. */
  text: z.string().max(200),
  /** #rrggbb; the picture's ground is a dark shade of it, its lights are the colour itself. */
  colour: z.string().regex(/^#[0-9a-f]{6}$/),
});
export type Brand = z.infer<typeof brand>;

/** What the page may say of it; it names no files. */
export const standInLook = z.strictObject({ kind: standInKind, brand });
export type StandInLook = z.infer<typeof standInLook>;

export const standInSettings = z.strictObject({
  ...standInLook.shape,
  /** A PNG in the program's own folder, checked again each time it is read; null for none. */
  logoPath: z.string().max(4096).nullable(),
});
export type StandInSettings = z.infer<typeof standInSettings>;

export const logoProblem = z.enum(logoProblems);
export type LogoProblem = z.infer<typeof logoProblem>;

export interface LogoFault {
  readonly problem: LogoProblem;
  /** One line that says more, in English. */
  readonly detail: string;
}

/** A stand-in as it would be, small and short enough to be sent: [frameCount, heightPx, widthPx, 3] full-range RGB. */
export const standInPreview = z.strictObject({
  widthPx: z.int().positive(),
  heightPx: z.int().positive(),
  frameCount: z.int().positive(),
  rgb: z.instanceof(Uint8Array) as z.ZodType<Uint8Array>,
});
export type StandInPreview = z.infer<typeof standInPreview>;

export const defaultStandIn: StandInSettings = {
  kind: 'time-lapse',
  brand: { name: '', text: '', colour: '#3c7dd9' },
  logoPath: null,
};
