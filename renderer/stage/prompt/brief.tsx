import { useText } from '../../locale/use-text.ts';
import { generate } from '../../state/intents.ts';
import { packInUse } from '../../state/pack-choice.ts';
import { useStudio } from '../../state/studio-store.ts';
import { DurationSlider, PackPicker, RungPicker, SeedField } from '../plan/plan-fields.tsx';
import { NegativePrompt, PromptEditor } from './prompt-editor.tsx';

/** Left column: everything that is said before a clip is made. */
export function Brief() {
  const text = useText();
  return (
    <section className="column brief" aria-label={text.brief}>
      <div className="column-body">
        <PromptEditor />
        <NegativePrompt />
        <PackPicker />
        <RungPicker />
        <DurationSlider />
        <SeedField />
      </div>
      <GenerateButton />
    </section>
  );
}

function GenerateButton() {
  const text = useText();
  const hasPack = useStudio(({ packs, draft }) => packInUse(packs, draft.packId) !== null);
  const hasPrompt = useStudio(({ draft }) => draft.prompt.trim() !== '');
  const isSubmitting = useStudio((state) => state.isSubmitting);
  const isReady = useStudio(({ connection }) => connection === 'ready');
  const obstacle = hasPack ? (hasPrompt ? null : text.whyNotPrompt) : text.whyNotPack;
  return (
    <div className="column-foot">
      {isReady && obstacle !== null && <p className="hint">{obstacle}</p>}
      <button
        type="button"
        className="generate-button"
        disabled={!isReady || isSubmitting || obstacle !== null}
        onClick={() => void generate()}
      >
        {text.generate}
        <kbd>Ctrl ↵</kbd>
      </button>
    </div>
  );
}
