import type { GradeName } from '../../../app/contract/name.ts';
import { Icon } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';
import { prefersStillness } from '../monitor/motion.ts';

/** How good a clip is, in a word; anything less than what was asked for stands out. It leads to the story behind it. */
export function GradeBadge({ grade }: { readonly grade: GradeName }) {
  const text = useText();
  const { name, meaning } = text.grade[grade];
  const isAsAsked = grade === 'full' || grade === 'repaired';
  return (
    <button
      type="button"
      className={`grade is-${grade}`}
      title={meaning}
      aria-label={`${name}. ${meaning} ${text.toStory}`}
      onClick={() => {
        const story = document.querySelector<HTMLElement>('#story');
        story?.scrollIntoView({ block: 'start', behavior: prefersStillness() ? 'instant' : 'smooth' });
        story?.focus({ preventScroll: true });
      }}
    >
      <Icon name={isAsAsked ? 'check' : 'warning'} />
      {name}
    </button>
  );
}
