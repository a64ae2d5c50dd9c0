import { useEffect, type RefObject } from 'react';

/** Where typing is under way the focus must not be taken away in the middle of a word. */
const isTyping = (element: Element | null): boolean =>
  element?.matches('textarea, input:not([type]), input[type=text]') ?? false;

const firstButton = (banner: HTMLElement | null): HTMLElement | null => banner?.querySelector('button') ?? null;

/**
 * A question takes the focus unless the user is typing; F6 leads to it in any case. Once it is answered, the focus goes back to
 * where it was.
 */
export function useBannerFocus(banner: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = banner.current;
    const before = document.activeElement;
    if (!isTyping(before)) firstButton(element)?.focus();
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'F6') return;
      event.preventDefault();
      firstButton(element)?.focus();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      const hadFocus = document.activeElement === document.body || element?.contains(document.activeElement);
      if (hadFocus && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [banner]);
}
