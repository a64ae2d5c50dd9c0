import type { CauseName, CureName } from '../contract/cure.ts';
import { causeNames } from '../contract/list.ts';
import type { ActionKind, FaultKind } from '../contract/name.ts';
import { cures } from './cures.ts';
import { diagnosisRules, type ClueName } from './diagnose.ts';
import type { GuardName } from './guards.ts';
import { tree } from './tree.ts';

/** The tree as plain data: what the window draws, with the branch that was taken lit up. */
export interface DrawnCause {
  readonly cause: CauseName;
  /** What leads here: each group of faults with the clues that must hold for them. */
  readonly symptoms: readonly { readonly faults: readonly FaultKind[]; readonly clues: readonly ClueName[] }[];
  /** In the order in which they are tried. */
  readonly branches: readonly DrawnBranch[];
}

export interface DrawnBranch {
  /** As decisions and reports name it. */
  readonly branch: string;
  readonly cure: CureName;
  readonly action: ActionKind;
  readonly needs: readonly GuardName[];
}

export function treeData(): readonly DrawnCause[] {
  return causeNames.map((cause) => ({
    cause,
    symptoms: diagnosisRules.filter((rule) => rule.cause === cause).map(({ faults, clues }) => ({ faults, clues })),
    branches: tree[cause].map((cure) => {
      const { action, needs } = cures[cure];
      return { branch: `${cause}/${cure}`, cure, action, needs };
    }),
  }));
}

/** The last cures of most causes are the same: they are drawn once. */
const COMMON_END: readonly CureName[] = ['still-motion', 'render-still', 'template', 'fallback-clip'];

/** The tree as a Mermaid flowchart: symptoms on the left, then the cause, then its cures in the order in which they are tried, with the guards that stand before each. */
export function drawTree(): string {
  const drawn = treeData();
  return [
    'flowchart LR',
    ...COMMON_END.map((cure, i) => {
      const next = COMMON_END[i + 1];
      const asked = next && cures[next].needs.length > 0 ? `|${cures[next].needs.join('<br>')}|` : '';
      return next ? `  ${cure}([${cure}]) -->${asked} ${next}` : `  ${cure}([${cure}])`;
    }),
    ...drawn.flatMap(drawCause),
    '  classDef cause fill:#2b3a55,stroke:#8fb4ff,color:#fff',
    `  class ${drawn.map(({ cause }) => cause).join(',')} cause`,
  ].join('\n');
}

const isCommonEnd = (branches: readonly DrawnBranch[]): boolean =>
  branches.map(({ cure }) => cure).join() === COMMON_END.slice(-branches.length).join();

function drawCause({ cause, symptoms, branches }: DrawnCause): readonly string[] {
  const lines = symptoms.map(({ faults, clues }, i) => {
    const label = clues.length > 0 ? ` -- ${clues.join(', ')} -->` : ' -->';
    return `  ${cause}.${i}[/"${faults.join('<br>')}"/]${label} ${cause}{{${cause}}}`;
  });
  let from: string = cause;
  for (const [i, { cure, needs }] of branches.entries()) {
    const isCommon = isCommonEnd(branches.slice(i));
    const node = isCommon ? cure : `${cause}.${cure}`;
    const asked = needs.length > 0 ? `|${needs.join('<br>')}|` : '';
    lines.push(`  ${from} -->${asked} ${isCommon ? node : `${node}(${cure})`}`);
    if (isCommon) break;
    from = node;
  }
  return lines;
}
