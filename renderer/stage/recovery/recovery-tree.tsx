import type { DecisionReport } from '../../../app/contract/report.ts';
import { treeData } from '../../../app/recovery/draw.ts';
import { Icon, type IconName } from '../../base/icon.tsx';
import { Tipped } from '../../base/tip.tsx';
import { useText } from '../../locale/use-text.ts';
import { walkTree, type BranchState } from './branch-state.ts';

const icons: Readonly<Record<BranchState['state'], IconName>> = {
  ...{ taken: 'branch', worked: 'check', failed: 'close', skipped: 'dash', open: 'dash' },
};

/** The tree as far as this job walked through it: for each cause its cures in the order in which they are tried, and what became of them. */
export function RecoveryTree({ decisions }: { readonly decisions: readonly DecisionReport[] }) {
  const text = useText();
  const walked = walkTree(treeData(), decisions);
  if (walked.length === 0) return null;
  return (
    <section className="tree" aria-label={text.treeTitle}>
      <h3>{text.treeTitle}</h3>
      {walked.map(({ cause, branches }) => (
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
    </section>
  );
}

function BranchChip({ branch: { cure, state, because } }: { readonly branch: BranchState }) {
  const text = useText();
  const reason = because === null ? '' : (text.skippedBecause[because] ?? because);
  const words = `${text.treeState[state]}${reason === '' ? '' : `: ${reason}`}`;
  return (
    <Tipped
      className="tree-chip"
      label={`${text.way[cure]}, ${words}`}
      tip={
        <>
          <strong>{text.way[cure]}</strong>
          <p>{words}</p>
          <p>{text.why[cure]}</p>
        </>
      }
    >
      <Icon name={icons[state]} />
      {text.way[cure]}
    </Tipped>
  );
}
