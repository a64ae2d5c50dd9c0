import { Icon } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';
import { editDraft } from '../../state/draft.ts';
import { focusPrompt } from '../../state/intents.ts';
import { soundPack } from '../../state/pack-choice.ts';
import { useStudio } from '../../state/studio-store.ts';
import { examples } from '../prompt/examples.ts';

export function EmptyStage() {
  const connection = useStudio((state) => state.connection);
  const packs = useStudio((state) => state.packs);
  if (connection !== 'ready') return <div className="stage-message" />;
  return soundPack(packs) ? <Invitation /> : <NoPack />;
}

function Invitation() {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const begin = (prompt: string): void => {
    editDraft({ prompt });
    focusPrompt();
  };
  return (
    <div className="stage-message">
      <h2>{text.emptyTitle}</h2>
      <p>{text.emptyBody}</p>
      <p className="examples-head" id="examples-head">
        {text.emptyTry}
      </p>
      <ul className="examples" aria-labelledby="examples-head">
        {examples[locale].map((prompt) => (
          <li key={prompt}>
            <button type="button" onClick={() => begin(prompt)}>
              <span>{prompt}</span>
              <Icon name="chevron" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function NoPack() {
  const text = useText();
  const packs = useStudio((state) => state.packs);
  const faults = packs.filter(({ fault }) => fault !== null);
  const hasFaulty = faults.length > 0;
  return (
    <div className="stage-message" role="alert">
      <Icon name="warning" />
      <h2>{hasFaulty ? text.faultyPackTitle : text.noPackTitle}</h2>
      <p>{hasFaulty ? text.faultyPackBody : text.noPackBody}</p>
      {faults.map(({ id, fault }) => (
        <code key={id}>
          {id}: {fault}
        </code>
      ))}
    </div>
  );
}
