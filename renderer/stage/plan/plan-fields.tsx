import { useId } from 'react';

import { formatTime } from '../../../app/base/figure.ts';
import { IconButton } from '../../base/icon.tsx';
import { Refusal } from '../../base/refusal.tsx';
import { packDamageWords } from '../../base/problem.ts';
import { useText } from '../../locale/use-text.ts';
import { editDraft, rollSeed } from '../../state/draft.ts';
import { chosenRung, frameCounts, packInUse, soundPack } from '../../state/pack-choice.ts';
import { useStudio } from '../../state/studio-store.ts';

/** Automatic, or this one and no other. */
export function PackPicker() {
  const text = useText();
  const id = useId();
  const locale = useStudio((state) => state.locale);
  const packs = useStudio((state) => state.packs);
  const chosenId = useStudio(({ draft }) => draft.packId);
  if (packs.length === 0) return null;
  const isThere = packs.some((pack) => pack.id === chosenId);
  const automatic = soundPack(packs);
  const chosen = packs.find((pack) => pack.id === chosenId);
  const fault = chosen ? packDamageWords(chosen, text) : null;
  return (
    <div className="field">
      <label htmlFor={id}>{text.pack}</label>
      <select
        id={id}
        value={isThere ? (chosenId ?? '') : ''}
        aria-describedby={`${id}-hint`}
        onChange={({ currentTarget: { value } }) =>
          editDraft({ packId: value === '' ? null : value, rung: null, frameCount: null })
        }
      >
        <option value="">{automatic ? text.packAutomatic(automatic.name[locale]) : text.packNone}</option>
        {packs.map(({ id: packId, name, version, fault: damage }) => (
          <option key={packId} value={packId}>
            {[name[locale], version, ...(damage === null ? [] : [text.packDamaged])].filter(Boolean).join(' · ')}
          </option>
        ))}
      </select>
      <p id={`${id}-hint`} className={fault === null ? 'hint' : 'hint is-warning'}>
        {fault === null ? (isThere ? text.packBinds : text.packFree) : text.packChosenDamaged(fault)}
      </p>
      <Refusal field="pack" />
    </div>
  );
}

export function RungPicker() {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const pack = useStudio(({ packs, draft }) => packInUse(packs, draft.packId));
  const rungName = useStudio(({ draft }) => draft.rung);
  if (!pack) return null;
  const chosen = chosenRung(pack, rungName);
  return (
    <fieldset className="field">
      <legend>{text.size}</legend>
      <div className="rungs">
        {pack.rungs.map((rung) => (
          <label key={rung.name} className="rung">
            <input
              type="radio"
              name="rung"
              checked={rung.name === chosen?.name}
              onChange={() => editDraft({ rung: rung.name, frameCount: null })}
            />
            <span className="rung-size">
              {rung.widthPx} × {rung.heightPx} · {text.frames(rung.frameCount)}
            </span>
            <span className="rung-cost">
              {text.steps(rung.steps)} · {text.about(formatTime(rung.expectedSeconds * 1_000, locale))}
            </span>
          </label>
        ))}
      </div>
      <Refusal field="rung" />
    </fieldset>
  );
}

export function DurationSlider() {
  const text = useText();
  const id = useId();
  const pack = useStudio(({ packs, draft }) => packInUse(packs, draft.packId));
  const draft = useStudio((state) => state.draft);
  const rung = pack && chosenRung(pack, draft.rung);
  if (!pack || !rung) return null;
  const counts = frameCounts(pack, rung);
  const known = draft.frameCount === null ? -1 : counts.indexOf(draft.frameCount);
  const index = known === -1 ? counts.length - 1 : known;
  const count = counts[index] ?? rung.frameCount;
  const readout = `${text.seconds((count / pack.fps).toFixed(2))} · ${text.frames(count)}`;
  return (
    <div className="field">
      <div className="field-head">
        <label htmlFor={id}>{text.duration}</label>
        <output htmlFor={id}>{readout}</output>
      </div>
      <input
        id={id}
        type="range"
        min={0}
        max={Math.max(0, counts.length - 1)}
        step={1}
        value={index}
        aria-valuetext={readout}
        disabled={counts.length < 2}
        onChange={(event) => editDraft({ frameCount: counts[event.currentTarget.valueAsNumber] ?? null })}
      />
      <Refusal field="frames" />
    </div>
  );
}

export function SeedField() {
  const text = useText();
  const id = useId();
  const { seed, isSeedLocked } = useStudio((state) => state.draft);
  return (
    <div className="field">
      <label htmlFor={id}>{text.seed}</label>
      <div className="seed-row">
        <input
          id={id}
          type="text"
          inputMode="numeric"
          value={String(seed)}
          onChange={(event) => {
            const value = Number(event.currentTarget.value.replaceAll(/\D/g, ''));
            if (Number.isSafeInteger(value)) editDraft({ seed: value });
          }}
        />
        <IconButton
          icon={isSeedLocked ? 'lock' : 'unlock'}
          label={isSeedLocked ? text.seedLocked : text.seedFree}
          isPressed={isSeedLocked}
          onPress={() => editDraft({ isSeedLocked: !isSeedLocked })}
        />
        <IconButton icon="dice" label={text.rollSeed} onPress={rollSeed} />
      </div>
      <Refusal field="seed" />
    </div>
  );
}
