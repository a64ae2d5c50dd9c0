import type { IconName } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';
import { useStudio } from '../../state/studio-store.ts';
import type { BranchState } from './branch-state.ts';
import { needsWords, priceWords, tookWords, verdictWords } from './tree-words.ts';

export const branchIcons: Readonly<Record<BranchState['state'], IconName>> = {
  ...{ taken: 'branch', worked: 'check', failed: 'close', skipped: 'dash', proposed: 'branch', open: 'dash' },
};

/** All there is to say of a branch. */
export function BranchTip({ branch }: { readonly branch: BranchState }) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const took = tookWords(branch, text, locale);
  const needs = needsWords(branch, text);
  return (
    <>
      <strong>{text.way[branch.cure]}</strong>
      <p>{verdictWords(branch, text)}</p>
      <p>{text.why[branch.cure]}</p>
      <dl>
        <div>
          <dt>{text.treePrice}</dt>
          <dd>{priceWords(branch, text, locale)}</dd>
        </div>
        {took !== null && (
          <div>
            <dt>{text.treeTook}</dt>
            <dd>{took}</dd>
          </div>
        )}
        {needs !== '' && (
          <div>
            <dt>{text.treeNeeds}</dt>
            <dd>{needs}</dd>
          </div>
        )}
      </dl>
    </>
  );
}
