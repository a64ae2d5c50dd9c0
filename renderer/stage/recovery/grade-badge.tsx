import type { GradeName } from '../../../app/contract/name.ts';
import { Icon } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';

/** How good a clip is, in a word; anything less than what was asked for stands out. */
export function GradeBadge({ grade }: { readonly grade: GradeName }) {
  const text = useText();
  const { name, meaning } = text.grade[grade];
  const isAsAsked = grade === 'full' || grade === 'repaired';
  return (
    <span className={`grade is-${grade}`} title={meaning}>
      <Icon name={isAsAsked ? 'check' : 'warning'} />
      {name}
    </span>
  );
}
