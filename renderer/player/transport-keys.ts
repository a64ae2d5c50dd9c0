export interface Transport {
  readonly toggle: () => void;
  readonly play: () => void;
  readonly pause: () => void;
  readonly step: (count: number) => void;
  readonly first: () => void;
  readonly last: () => void;
}

/** The keys of an editing room: J K L, space, arrows, Home and End. */
const keys: Readonly<Record<string, (transport: Transport) => void>> = {
  ' ': ({ toggle }) => toggle(),
  k: ({ pause }) => pause(),
  l: ({ play }) => play(),
  j: ({ step }) => step(-1),
  ArrowLeft: ({ step }) => step(-1),
  ArrowRight: ({ step }) => step(1),
  Home: ({ first }) => first(),
  End: ({ last }) => last(),
};

/** Keys belong to the player unless a control that uses them has the focus. Returns the undo. */
export function listenForKeys(transport: Transport): () => void {
  const press = (event: KeyboardEvent): void => {
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (!act || event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
    event.preventDefault();
    act(transport);
  };
  window.addEventListener('keydown', press);
  return () => window.removeEventListener('keydown', press);
}

const isBusy = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, select, button, summary, [role="listbox"]') !== null;
