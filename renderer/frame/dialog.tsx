import { useLayoutEffect, useRef, type ReactNode } from 'react';

import { IconButton } from '../base/icon.tsx';
import { useText } from '../locale/use-text.ts';

interface DialogProps {
  readonly title: string;
  readonly className?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A card over the window: the browser keeps the focus inside of it, closes it on Escape, and gives the focus back. */
export function Dialog({ title, className = '', onClose, children }: DialogProps) {
  const text = useText();
  const element = useRef<HTMLDialogElement>(null);
  // Before it leaves the page: a dialog that is gone can't give the focus back.
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className={`dialog ${className}`}
      aria-label={title}
      onClose={({ target, currentTarget }) => {
        // React lets the end of a dialog inside of this one rise up to here.
        if (target === currentTarget) onClose();
      }}
    >
      <header>
        <h2>{title}</h2>
        <IconButton icon="close" label={text.close} onPress={() => element.current?.close()} />
      </header>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
