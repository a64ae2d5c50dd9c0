import { useEffect, useRef, useState, type KeyboardEvent } from 'react';

import { Icon } from '../../base/icon.tsx';
import { Tip } from '../../base/tip.tsx';
import { Dialog } from '../../frame/dialog.tsx';
import { useText } from '../../locale/use-text.ts';
import { useStudio } from '../../state/studio-store.ts';
import type { BranchState, CauseState } from './branch-state.ts';
import { branchIcons, BranchTip } from './branch-tip.tsx';
import { stepTo, type TreePlace } from './tree-place.ts';
import { priceWords, verdictWords } from './tree-words.ts';

const ZOOM = { least: 0.6, most: 2, step: 0.2 } as const;

interface TreeDialogProps {
  readonly tree: readonly CauseState[];
  readonly onClose: () => void;
}

/** Every cause with what leads to it and its cures in order; where the job came by is lit, and stays so while it goes on. */
export function TreeDialog({ tree, onClose }: TreeDialogProps) {
  const text = useText();
  const met = tree.findIndex(({ isMet }) => isMet);
  const [place, setPlace] = useState<TreePlace>({ row: Math.max(0, met), column: 0 });
  const [told, setTold] = useState<TreePlace | null>(null);
  const [zoom, setZoom] = useState(1);
  const list = useRef<HTMLUListElement>(null);
  const nodeAt = ({ row, column }: TreePlace): HTMLElement | null =>
    list.current?.querySelector<HTMLElement>(`[data-place="${row}/${column}"]`) ?? null;
  const goTo = (next: TreePlace): void => {
    setPlace(next);
    setTold(next);
    nodeAt(next)?.focus();
  };
  useEffect(() => {
    // The dialog begins with its close button; the tree with what happened.
    nodeAt(place)?.focus();
    nodeAt(place)?.scrollIntoView({ block: 'center' });
    // oxlint-disable-next-line react/exhaustive-deps -- only when it opens: later the keys say where the focus goes
  }, []);
  const zoomBy = (by: number): void =>
    setZoom((now) => Math.round(Math.min(ZOOM.most, Math.max(ZOOM.least, now + by)) * 10) / 10);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') zoomBy(ZOOM.step);
    else if (event.key === '-') zoomBy(-ZOOM.step);
    else if (event.key === '0') setZoom(1);
    else {
      const next = stepTo(
        event.key,
        place,
        tree.map(({ branches }) => branches.length),
      );
      if (!next) return;
      goTo(next);
    }
    event.preventDefault();
  };
  const toldBranch = told && told.column > 0 ? tree[told.row]?.branches[told.column - 1] : undefined;
  return (
    <Dialog title={text.treeWholeTitle} className="tree-dialog" onClose={onClose}>
      <div className="tree-bar">
        <p className="hint">{met === -1 ? text.treeUnmet : text.treeMet}</p>
        <span className="spring" />
        {met !== -1 && (
          <button type="button" className="quiet-button" onClick={() => goTo({ row: met, column: 0 })}>
            {text.treeJump}
          </button>
        )}
        <div className="switch" role="group" aria-label={text.zoom}>
          <button type="button" aria-label={text.zoomOut} onClick={() => zoomBy(-ZOOM.step)}>
            −
          </button>
          <button type="button" aria-label={text.zoomReset} onClick={() => setZoom(1)}>
            {Math.round(zoom * 100)} %
          </button>
          <button type="button" aria-label={text.zoomIn} onClick={() => zoomBy(ZOOM.step)}>
            +
          </button>
        </div>
      </div>
      <ul
        ref={list}
        className="whole-tree"
        role="tree"
        aria-label={text.treeWholeTitle}
        style={{ zoom }}
        onKeyDown={onKeyDown}
        onBlur={() => setTold(null)}
        onPointerLeave={() => setTold(null)}
      >
        {tree.map((one, row) => (
          <CauseRow key={one.cause} cause={one} row={row} place={place} onGo={setPlace} onTold={setTold} />
        ))}
      </ul>
      {toldBranch && told && (
        <Tip id="tree-tip" anchor={() => nodeAt(told)} onClose={() => setTold(null)}>
          <BranchTip branch={toldBranch} />
        </Tip>
      )}
    </Dialog>
  );
}

interface CauseRowProps {
  readonly cause: CauseState;
  readonly row: number;
  readonly place: TreePlace;
  readonly onGo: (place: TreePlace) => void;
  readonly onTold: (place: TreePlace | null) => void;
}

function CauseRow({ cause: { cause, isMet, symptoms, faults, branches }, row, place, onGo, onTold }: CauseRowProps) {
  const text = useText();
  const propsAt = (column: number) => ({
    'data-place': `${row}/${column}`,
    tabIndex: place.row === row && place.column === column ? 0 : -1,
    onFocus: () => {
      onGo({ row, column });
      onTold({ row, column });
    },
    onPointerEnter: () => onTold({ row, column }),
  });
  return (
    <li className={isMet ? 'whole-cause is-met' : 'whole-cause'} role="none">
      <ul className="symptoms" aria-hidden="true">
        {symptoms.map(({ faults: kinds, clues }) => (
          <li key={[...kinds, ...clues].join(' ')}>
            {kinds.map((kind) => (
              <span key={kind} className={faults.includes(kind) ? 'symptom is-met' : 'symptom'}>
                {text.fault[kind]}
              </span>
            ))}
            {clues.length > 0 && (
              <span className="clue">{clues.map((clue) => text.clue[clue]).join(text.listMark)}</span>
            )}
          </li>
        ))}
      </ul>
      <div
        className="whole-head"
        role="treeitem"
        aria-level={1}
        aria-expanded="true"
        aria-current={isMet ? 'true' : undefined}
        aria-label={`${text.cause[cause]}. ${isMet ? `${text.treeCameBy} ${faults.map((kind) => text.fault[kind]).join(text.listMark)}` : ''}`}
        {...propsAt(0)}
      >
        {text.cause[cause]}
      </div>
      <ul className="whole-branches" role="group">
        {branches.map((branch, index) => (
          <li key={branch.cure} className={`tree-branch is-${branch.state}`} role="none">
            <BranchNode branch={branch} props={propsAt(index + 1)} />
          </li>
        ))}
      </ul>
    </li>
  );
}

interface BranchNodeProps {
  readonly branch: BranchState;
  readonly props: Readonly<Record<string, unknown>>;
}

function BranchNode({ branch, props }: BranchNodeProps) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const { cure, state, price } = branch;
  const words = [text.way[cure], verdictWords(branch, text), priceWords(branch, text, locale)].join(text.listMark);
  return (
    <div className="tree-chip" role="treeitem" aria-level={2} aria-label={words} {...props}>
      <Icon name={branchIcons[state]} />
      <span>{text.way[cure]}</span>
      {price !== null && <span className="figure faint">{Math.round(price.quality * 100)} %</span>}
    </div>
  );
}
