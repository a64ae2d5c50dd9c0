import { useText } from '../locale/use-text.ts';
import { useStudio } from '../state/studio-store.ts';

/** Beside the field that was refused: what is wrong and what would be possible. */
export function Refusal({ field }: { readonly field: string }) {
  const text = useText();
  const refusal = useStudio((state) => state.refusal);
  if (refusal?.field !== field) return null;
  return (
    <p className="refusal" role="alert">
      {text.refusal[refusal.code]} {refusal.legal === '' ? null : <span>{text.legal(refusal.legal)}</span>}
    </p>
  );
}
