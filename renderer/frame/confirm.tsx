import { useState } from 'react';

import { useText } from '../locale/use-text.ts';
import { Dialog } from './dialog.tsx';

interface ConfirmProps {
  readonly title: string;
  /** What goes, and what stays. */
  readonly lines: readonly string[];
  readonly action: string;
  /** Resolves to why it could not be done, in words; null when it is done. */
  readonly onConfirm: () => Promise<string | null>;
  readonly onClose: () => void;
}

/** A question before something goes that can't be had back. The safe answer is the one that a key gives by itself. */
export function Confirm({ title, lines, action, onConfirm, onClose }: ConfirmProps) {
  const text = useText();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isAtWork, setAtWork] = useState(false);
  const confirm = async (): Promise<void> => {
    setAtWork(true);
    const refused = await onConfirm();
    setAtWork(false);
    setRefusal(refused);
    if (refused === null) onClose();
  };
  return (
    <Dialog title={title} className="confirm" onClose={onClose}>
      <ul className="confirm-lines">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p className="refusal" role="alert">
        {refusal}
      </p>
      <div className="confirm-row">
        <button type="button" className="button" autoFocus onClick={onClose}>
          {text.cancel}
        </button>
        <button type="button" className="button is-danger" disabled={isAtWork} onClick={() => void confirm()}>
          {action}
        </button>
      </div>
    </Dialog>
  );
}
