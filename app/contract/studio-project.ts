import { z } from 'zod';

/**
 * A project of the studio: a namespace. What is learned in one (drift, templates, history) is neither used nor seen in another. The
 * file format of shots is another thing: `project.ts`.
 */
export const studioProjectId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
export type StudioProjectId = z.infer<typeof studioProjectId>;

export const studioProject = z.strictObject({
  id: studioProjectId,
  /** Empty for the first one until the user names it: the window has a word for it in each language. */
  name: z.string().max(400),
});
export type StudioProject = z.infer<typeof studioProject>;

/** What became of the films of clips that were removed. */
export const removal = z.strictObject({
  trashedCount: z.int().nonnegative(),
  /** Where films lie that the trash would not take: nobody deletes these but the user. */
  keptPaths: z.array(z.string()).readonly(),
});
export type Removal = z.infer<typeof removal>;
