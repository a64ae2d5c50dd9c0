import type { JobState } from '../../app/plan/job-state.ts';
import { Icon } from '../base/icon.tsx';
import { useText } from '../locale/use-text.ts';
import { editDraft } from '../state/draft.ts';
import { takeBrief } from '../state/intents.ts';
import { soundPack } from '../state/pack-choice.ts';
import { useStudio } from '../state/studio-store.ts';
import { examples } from './prompt/examples.ts';

/** Nothing is chosen: say how to begin, or what is in the way. */
export function EmptyStage() {
  const text = useText();
  const connection = useStudio((state) => state.connection);
  const packs = useStudio((state) => state.packs);
  const locale = useStudio((state) => state.locale);
  if (connection !== 'ready') return <section className="quiet" aria-busy="true" />;
  if (!soundPack(packs)) {
    const fault = packs.find((pack) => pack.fault !== null)?.fault ?? null;
    return (
      <section className="quiet" role="alert">
        <h2>{fault === null ? text.noPackTitle : text.faultyPackTitle}</h2>
        <p>{fault === null ? text.noPackBody : text.faultyPackBody}</p>
        {fault !== null && <code>{fault}</code>}
      </section>
    );
  }
  return (
    <section className="quiet">
      <h2>{text.emptyTitle}</h2>
      <p>{text.emptyBody}</p>
      <h3>{text.emptyTry}</h3>
      <ul className="examples">
        {examples[locale].map((example) => (
          <li key={example}>
            <button
              type="button"
              onClick={() => {
                editDraft({ prompt: example });
                document.querySelector<HTMLTextAreaElement>('#prompt')?.focus();
              }}
            >
              {example}
              <Icon name="chevron" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A job that brought no clip. */
export function EndedStage({ job }: { readonly job: Extract<JobState, { phase: 'cancelled' | 'failed' }> }) {
  const text = useText();
  return (
    <section className="quiet">
      <h2>{job.phase === 'failed' ? text.failedTitle : text.cancelledTitle}</h2>
      <p>{job.phase === 'failed' ? text.jobProblem[job.problem] : text.cancelledBody}</p>
      {job.phase === 'failed' && <code>{job.detail}</code>}
      <blockquote>{job.request.prompt}</blockquote>
      <button type="button" className="quiet-button" onClick={() => takeBrief(job)}>
        <Icon name="again" />
        {text.again}
      </button>
    </section>
  );
}
