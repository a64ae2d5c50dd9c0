import type { RequestProblem } from '../../app/contract/route.ts';
import { useText } from '../locale/use-text.ts';
import { useStudio } from '../state/studio-store.ts';

/** What is legal is a list of values in these, which need no language; the others say it in their own words. */
const LISTED: ReadonlySet<RequestProblem['code']> = new Set([
  'pack-unknown',
  'rung-unknown',
  'frames-illegal',
] as const);

/** Beside the field that was refused: what is wrong and what would be possible. */
export function Refusal({ field }: { readonly field: string }) {
  const text = useText();
  const refusal = useStudio((state) => state.refusal);
  if (refusal?.field !== field) return null;
  return (
    <p className="refusal" role="alert">
      {text.refusal[refusal.code]} {LISTED.has(refusal.code) && <span>{text.legal(refusal.legal)}</span>}
    </p>
  );
}
