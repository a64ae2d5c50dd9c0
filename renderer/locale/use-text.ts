import { useStudio } from '../state/studio-store.ts';
import { en, type StudioText } from './en.ts';
import { zh } from './zh.ts';

const texts = { en, zh } as const satisfies Record<'en' | 'zh', StudioText>;

/** All words of the window in the user's language. */
export function useText(): StudioText {
  return texts[useStudio(({ locale }) => locale)];
}
