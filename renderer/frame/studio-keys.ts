import { useEffect } from 'react';

import { generate } from '../state/intents.ts';

/** Keys that work wherever the focus is. */
export function useStudioKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      // While an input method is composing, Enter belongs to it.
      if (event.isComposing || event.repeat) return;
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        void generate();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
