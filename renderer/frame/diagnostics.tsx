import { useEffect, useState } from 'react';

import { formatBytes } from '../../app/base/figure.ts';
import type { BundlePart, BundlePreview, BundleText } from '../../app/contract/telemetry.ts';
import { useText } from '../locale/use-text.ts';
import { useStudio } from '../state/studio-store.ts';
import { previewDiagnostics, readDiagnostics, saveDiagnostics } from '../state/telemetry.ts';

/** Everything that a bundle will hold is seen, can be read, and can be left out, before anything is written. */
export function Diagnostics({ mayShowTexts }: { readonly mayShowTexts: boolean }) {
  const text = useText();
  const jobId = useStudio((state) => state.selectedJobId);
  const [preview, setPreview] = useState<BundlePreview | null>(null);
  const [round, setRound] = useState(0);
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const [saved, setSaved] = useState<{ readonly path: string; readonly bytes: number } | null>(null);
  useEffect(() => {
    let isWanted = true;
    void previewDiagnostics(jobId).then((found) => {
      if (!isWanted) return;
      setPreview(found);
      setSaved(null);
    });
    return () => void (isWanted = false);
  }, [jobId, mayShowTexts, round]);
  const parts = preview?.parts ?? [];
  const taken = parts.filter(({ name }) => !leftOut.has(name));
  const toggle = (name: string): void => {
    const next = new Set(leftOut);
    if (!next.delete(name)) next.add(name);
    setLeftOut(next);
  };
  return (
    <>
      <h3>{text.diagnosticsTitle}</h3>
      <p className="hint">{text.diagnosticsHint(mayShowTexts)}</p>
      <ul className="bundle">
        {preview &&
          parts.map((part) => (
            <Part
              key={`${preview.bundleId} ${part.name}`}
              bundleId={preview.bundleId}
              part={part}
              isTaken={!leftOut.has(part.name)}
              onToggle={() => toggle(part.name)}
            />
          ))}
      </ul>
      <div className="banner-row">
        <button
          type="button"
          className="button"
          disabled={!preview || taken.length === 0}
          onClick={() => {
            if (!preview) return;
            const names = taken.map(({ name }) => name);
            void saveDiagnostics(preview.bundleId, names).then((file) => file && setSaved(file));
          }}
        >
          {text.diagnosticsSave(taken.length, formatBytes(taken.reduce((sum, { bytes }) => sum + bytes, 0)))}
        </button>
        <button type="button" className="button" onClick={() => setRound(round + 1)}>
          {text.diagnosticsAgain}
        </button>
        {saved && (
          <span className="hint" role="status">
            {text.diagnosticsSaved(saved.path)}
          </span>
        )}
      </div>
    </>
  );
}

interface PartProps {
  readonly bundleId: string;
  readonly part: BundlePart;
  readonly isTaken: boolean;
  readonly onToggle: () => void;
}

/** With the very text that is written, a piece at a time: a log can be long. */
function Part({ bundleId, part: { name, bytes }, isTaken, onToggle }: PartProps) {
  const text = useText();
  const [shown, setShown] = useState<BundleText | null>(null);
  const read = async (before: string, from: number): Promise<void> => {
    const piece = await readDiagnostics(bundleId, name, from);
    if (piece) setShown({ text: piece.text === null ? null : before + piece.text, next: piece.next });
  };
  const { text: whole = null, next = null } = shown ?? {};
  const more = whole === null || next === null ? null : () => void read(whole, next);
  const verb = shown ? text.diagnosticsClose : text.diagnosticsRead;
  return (
    <li>
      <div className="bundle-row">
        <label className="check">
          <input type="checkbox" checked={isTaken} onChange={onToggle} />
          <code>{name}</code>
        </label>
        <span className="figure faint">{formatBytes(bytes)}</span>
        <button
          type="button"
          className="link-button"
          aria-expanded={shown !== null}
          aria-label={`${verb} ${name}`}
          onClick={() => (shown ? setShown(null) : void read('', 0))}
        >
          {verb}
        </button>
      </div>
      {shown && whole === null && <p className="hint">{text.diagnosticsNumbers}</p>}
      {whole !== null && <PartText name={name} text={whole} onMore={more} />}
    </li>
  );
}

interface PartTextProps {
  readonly name: string;
  readonly text: string;
  /** Null where all of it is shown. */
  readonly onMore: (() => void) | null;
}

function PartText({ name, text: shown, onMore }: PartTextProps) {
  const text = useText();
  return (
    <>
      <textarea className="bundle-text" readOnly rows={12} aria-label={name} value={shown} />
      {onMore && (
        <button type="button" className="link-button" onClick={onMore}>
          {text.diagnosticsMore}
        </button>
      )}
    </>
  );
}
