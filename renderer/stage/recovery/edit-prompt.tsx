import { useEffect, useId, useRef, useState } from 'react';

import { useText } from '../../locale/use-text.ts';

interface EditPromptProps {
  readonly prompt: string;
  readonly onSend: (prompt: string) => void;
  readonly onBack: () => void;
}

/** Other words for a run that went wrong; everything else stays as it was asked for. */
export function EditPrompt({ prompt, onSend, onBack }: EditPromptProps) {
  const text = useText();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [words, setWords] = useState(prompt);
  useEffect(() => field.current?.focus(), []);
  return (
    <div className="banner-edit">
      <label htmlFor={id}>{text.prompt}</label>
      <textarea
        ref={field}
        id={id}
        rows={2}
        value={words}
        onChange={({ currentTarget: { value } }) => setWords(value)}
      />
      <div className="banner-row">
        <button
          type="button"
          className="button is-primary"
          disabled={words.trim() === ''}
          onClick={() => onSend(words)}
        >
          {text.send}
        </button>
        <button type="button" className="button" onClick={onBack}>
          {text.back2}
        </button>
      </div>
    </div>
  );
}
