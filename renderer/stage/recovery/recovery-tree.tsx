import { useState } from 'react';

import type { JobState } from '../../../app/plan/job-state.ts';
import { treeData } from '../../../app/recovery/draw.ts';
import { Icon } from '../../base/icon.tsx';
import { Tipped } from '../../base/tip.tsx';
import { useText } from '../../locale/use-text.ts';
import { walkTree, type BranchState } from './branch-state.ts';
import { branchIcons, BranchTip } from './branch-tip.tsx';
import { TreeDialog } from './tree-dialog.tsx';
import { verdictWords } from './tree-words.ts';

/** The tree as far as this job walked through it: for each cause its cures in the order in which they are tried, and what became of them. */
export function RecoveryTree({ job: { decisions, pending } }: { readonly job: JobState }) {
  const text = useText();
  const [isWhole, setWhole] = useState(false);
  const walked = walkTree(treeData(), decisions, pending);
  const met = walked.filter(({ isMet }) => isMet);
  if (met.length === 0) return null;
  return (
    <section className="tree" aria-label={text.treeTitle}>
      <h3>{text.treeTitle}</h3>
      {met.map(({ cause, branches }) => (
        <div key={cause} className="tree-cause">
          <p>{text.treeOf(text.cause[cause])}</p>
          <ol>
            {branches.map((branch) => (
              <li key={branch.cure} className={`tree-branch is-${branch.state}`}>
                <BranchChip branch={branch} />
              </li>
            ))}
          </ol>
        </div>
      ))}
      <button type="button" className="quiet-button" onClick={() => setWhole(true)}>
        <Icon name="branch" />
        {text.treeWhole}
      </button>
      {isWhole && <TreeDialog tree={walked} onClose={() => setWhole(false)} />}
    </section>
  );
}

function BranchChip({ branch }: { readonly branch: BranchState }) {
  const text = useText();
  const { cure, state } = branch;
  return (
    <Tipped
      className="tree-chip"
      label={`${text.way[cure]}, ${verdictWords(branch, text)}`}
      tip={<BranchTip branch={branch} />}
    >
      <Icon name={branchIcons[state]} />
      {text.way[cure]}
    </Tipped>
  );
}
