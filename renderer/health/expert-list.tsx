import type { ExpertHealth, RunHealth } from '../../app/contract/health.ts';
import { useText } from '../locale/use-text.ts';
import { useStudio } from '../state/studio-store.ts';
import { Section } from './section.tsx';

/** The pack's experts: who works, who rests, who is on trial. */
export function ExpertList({ health }: { readonly health: RunHealth | null }) {
  const text = useText();
  const experts = useStudio((state) => state.experts);
  if (experts.length === 0) return null;
  const atWork = health?.steps.at(-1)?.expert;
  return (
    <Section title={text.healthExperts}>
      <ul className="experts">
        {experts.map((one) => (
          <ExpertLine key={`${one.packId}/${one.expert}`} health={one} isAtWork={one.expert === atWork} />
        ))}
      </ul>
    </Section>
  );
}

function ExpertLine({ health, isAtWork }: { readonly health: ExpertHealth; readonly isAtWork: boolean }) {
  const text = useText();
  const { expert, state, abnormalCount, abnormalLimit } = health;
  return (
    <li className={`expert is-${state}`} title={text.abnormalOf(abnormalCount, abnormalLimit)}>
      <span className="dot" aria-hidden="true" />
      <span className="expert-name">{expert}</span>
      {isAtWork && <span className="tag">{text.atWork}</span>}
      <span className="spring" />
      {abnormalCount > 0 && (
        <span className="figure faint">
          {abnormalCount}/{abnormalLimit}
        </span>
      )}
      <span>{text.expertState[state]}</span>
    </li>
  );
}
