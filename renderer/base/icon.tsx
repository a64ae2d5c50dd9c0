/** Line icons on a 16 px grid, drawn for this window. */
const paths = {
  play: 'M5 3.5v9l7.5-4.5z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  back: 'M10.5 4 6.5 8l4 4M4.5 4v8',
  forward: 'm5.5 4 4 4-4 4M11.5 4v8',
  close: 'm4 4 8 8M12 4l-8 8',
  folder: 'M2 4.5h4l1.5 1.5H14v6.5H2z',
  again: 'M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3',
  plus: 'M8 3v10M3 8h10',
  lock: 'M4 7.5h8V13H4zM5.5 7.5v-2a2.5 2.5 0 0 1 5 0v2',
  unlock: 'M4 7.5h8V13H4zM5.5 7.5v-2a2.5 2.5 0 0 1 4.8-1',
  dice: 'M3 3h10v10H3zM5.7 5.7v.01M10.3 5.7v.01M8 8v.01M5.7 10.3v.01M10.3 10.3v.01',
  chevron: 'm6 4 4 4-4 4',
  down: 'm4 6 4 4 4-4',
  check: 'm3.5 8.5 3 3 6-7',
  warning: 'M8 2.5 14 13H2zM8 6.5v3M8 11.3v.01',
  export: 'M8 10V2.5M5 5.5l3-3 3 3M3 10v3.5h10V10',
  dash: 'M6.5 8h3',
  branch: 'M4.5 3v10M4.5 9c4 0 6-1.5 6-4.5M10.5 2.5v2',
  eye: 'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z',
  arrows: 'M2.5 5.5h7M7.5 3l2.5 2.5L7.5 8M5.5 11h8M11.5 8.5 14 11l-2.5 2.5',
  gear: 'M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM8 1.8v1.8M8 12.4v1.8M1.8 8h1.8M12.4 8h1.8M3.6 3.6l1.3 1.3M11.1 11.1l1.3 1.3M12.4 3.6l-1.3 1.3M4.9 11.1l-1.3 1.3',
  flask: 'M6.2 2.2h3.6M7 2.2v4L3.4 12.4a1 1 0 0 0 .9 1.4h7.4a1 1 0 0 0 .9-1.4L9 6.2v-4M5 10.2h6',
  note: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.2v3.6M8 5.2v.01',
  pen: 'M3 13l.7-3L10.5 3.2a1.2 1.2 0 0 1 1.7 0l.6.6a1.2 1.2 0 0 1 0 1.7L6 12.3z',
  trash: 'M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.5 9h6l.5-9',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={paths[name]} fill={name === 'play' ? 'currentColor' : 'none'} />
    </svg>
  );
}

interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onPress: () => void;
  readonly isPressed?: boolean;
  readonly isDisabled?: boolean;
}

/** A button without words: its label is what screen readers and the tooltip say. */
export function IconButton({ icon, label, onPress, isPressed, isDisabled = false }: IconButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
      disabled={isDisabled}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}
