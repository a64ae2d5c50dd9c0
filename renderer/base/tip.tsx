import { useEffect, useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';

interface TippedProps {
  readonly tip: ReactNode;
  readonly className?: string;
  /** What screen readers say when it gets the focus. */
  readonly label: string;
  readonly children: ReactNode;
}

/** Something with more to say: on hover, and on the focus of the keyboard. Escape puts it away. */
export function Tipped({ tip, className, label, children }: TippedProps) {
  const anchor = useRef<HTMLDivElement>(null);
  const id = useId();
  const [isShown, setShown] = useState(false);
  return (
    <div
      ref={anchor}
      className={className}
      role="group"
      tabIndex={0}
      aria-label={label}
      aria-describedby={isShown ? id : undefined}
      onPointerEnter={() => setShown(true)}
      onPointerLeave={() => setShown(false)}
      onFocus={() => setShown(true)}
      onBlur={() => setShown(false)}
    >
      {children}
      {isShown && (
        <Tip id={id} anchor={() => anchor.current} onClose={() => setShown(false)}>
          {tip}
        </Tip>
      )}
    </div>
  );
}

interface TipProps {
  readonly id: string;
  readonly anchor: () => HTMLElement | null;
  /** Where it points to inside of an anchor of this width, from its left side; its middle when absent. */
  readonly at?: (widthPx: number) => number;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

const GAP_PX = 8;

/** A small card beside its anchor, always inside the window. */
export function Tip({ id, anchor, at, onClose, children }: TipProps) {
  const card = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const [element, target] = [card.current, anchor()?.getBoundingClientRect()];
    if (!element || !target) return;
    const { offsetWidth: width, offsetHeight: height } = element;
    const middle = target.left + (at?.(target.width) ?? target.width / 2) - width / 2;
    const above = target.top - height - GAP_PX;
    const left = Math.max(GAP_PX, Math.min(window.innerWidth - width - GAP_PX, middle));
    const top = above >= GAP_PX ? above : Math.min(window.innerHeight - height - GAP_PX, target.bottom + GAP_PX);
    element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClose();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [onClose]);
  return createPortal(
    <div ref={card} id={id} role="tooltip" className="tip">
      {children}
    </div>,
    // Above a dialog there is only what lies in it.
    anchor()?.closest('dialog') ?? document.body,
  );
}
