import { useStudio } from '../state/studio-store.ts';
import { en, type StudioText } from './en.ts';
import { zh } from './zh.ts';

const texts = { en, zh } as const satisfies Record<'en' | 'zh', StudioText>;

/** For where no hook can be used. */
export const textOf = (locale: keyof typeof texts): StudioText => texts[locale];

/** All words of the window in the user's language. */
export function useText(): StudioText {
  return textOf(useStudio(({ locale }) => locale));
}
