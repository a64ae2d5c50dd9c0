import { useId, useState } from 'react';

import type { Injection } from '../../app/contract/injection.ts';
import {
  injectionFacts,
  injectionNames,
  injectionText,
  injectionUnit,
  type InjectionName,
} from '../../app/contract/injection-text.ts';
import type { FaultKind } from '../../app/contract/name.ts';
import { faultKinds } from '../../app/contract/list.ts';
import { Icon, IconButton } from '../base/icon.tsx';
import { Refusal } from '../base/refusal.tsx';
import type { StudioText } from '../locale/en.ts';
import { useText } from '../locale/use-text.ts';
import { generate } from '../state/intents.ts';
import { useStudio } from '../state/studio-store.ts';
import { changeView } from '../state/view.ts';
import { Dialog } from './dialog.tsx';

const MOST = 4;

/** Break a run on purpose, as `--fault` does, and watch what becomes of it. */
export function FaultLab({ onClose }: { readonly onClose: () => void }) {
  const text = useText();
  const [faults, setFaults] = useState<readonly Injection[]>([freshInjection('latent-nonfinite')]);
  const canRun = useStudio(({ draft, isSubmitting }) => draft.prompt.trim() !== '' && !isSubmitting);
  const change = (index: number, next: Injection | null): void =>
    setFaults(faults.flatMap((one, at) => (at === index ? (next ? [next] : []) : [one])));
  const run = async (): Promise<void> => {
    if (!(await generate(faults))) return;
    changeView({ shelf: 'log' });
    onClose();
  };
  return (
    <Dialog title={text.labTitle} className="lab" onClose={onClose}>
      <p className="hint">{text.labIntro}</p>
      <ul className="lab-faults">
        {faults.map((fault, index) => (
          // A row has no name of its own: it is the fault in this place.
          <li key={index}>
            <FaultRow fault={fault} onChange={(next) => change(index, next)} />
            {faults.length > 1 && <IconButton icon="close" label={text.remove} onPress={() => change(index, null)} />}
          </li>
        ))}
      </ul>
      {faults.length < MOST && (
        <button
          type="button"
          className="quiet-button"
          onClick={() => setFaults([...faults, freshInjection('engine-crashed')])}
        >
          <Icon name="plus" />
          {text.labAdd}
        </button>
      )}
      <p className="hint">{text.labText}</p>
      <code>{faults.map((fault) => `--fault ${injectionText(fault)}`).join(' ')}</code>
      <Refusal field="fault" />
      {!canRun && <p className="hint is-warning">{text.labNoPrompt}</p>}
      <button type="button" className="button is-primary is-wide" disabled={!canRun} onClick={() => void run()}>
        <Icon name="flask" />
        {text.labRun}
      </button>
    </Dialog>
  );
}

function freshInjection(name: InjectionName): Injection {
  const { stages, times } = injectionFacts[name];
  return { name, stage: stages[0] ?? 'denoise', at: null, times };
}

interface FaultRowProps {
  readonly fault: Injection;
  readonly onChange: (fault: Injection) => void;
}

function FaultRow({ fault, onChange }: FaultRowProps) {
  const text = useText();
  const id = useId();
  const unit = injectionUnit(fault.name, fault.stage);
  return (
    <div className="lab-row">
      <label htmlFor={`${id}-name`}>{text.labFault}</label>
      <select
        id={`${id}-name`}
        value={fault.name}
        onChange={({ currentTarget: { value } }) => {
          const name = injectionNames.find((one) => one === value);
          if (name) onChange(freshInjection(name));
        }}
      >
        {injectionNames.map((name) => (
          <option key={name} value={name}>
            {injectionWords(name, text)}
          </option>
        ))}
      </select>
      <label htmlFor={`${id}-stage`}>{text.labStage}</label>
      <select
        id={`${id}-stage`}
        value={fault.stage}
        disabled={injectionFacts[fault.name].stages.length < 2}
        onChange={({ currentTarget: { value } }) => {
          const stage = injectionFacts[fault.name].stages.find((one) => one === value);
          if (stage) onChange({ ...fault, stage, at: null });
        }}
      >
        {injectionFacts[fault.name].stages.map((stage) => (
          <option key={stage} value={stage}>
            {text.stage[stage]}
          </option>
        ))}
      </select>
      <label htmlFor={`${id}-at`}>{text.labUnit[unit ?? 'step']}</label>
      <input
        id={`${id}-at`}
        type="number"
        min={1}
        disabled={unit === null}
        placeholder={text.labAnywhere}
        value={fault.at === null ? '' : fault.at + 1}
        onChange={({ currentTarget: { valueAsNumber } }) =>
          onChange({ ...fault, at: Number.isInteger(valueAsNumber) && valueAsNumber > 0 ? valueAsNumber - 1 : null })
        }
      />
      <label htmlFor={`${id}-times`}>{text.labTimes}</label>
      <input
        id={`${id}-times`}
        type="number"
        min={1}
        max={1_000}
        value={fault.times}
        onChange={({ currentTarget: { valueAsNumber } }) => {
          if (Number.isInteger(valueAsNumber) && valueAsNumber >= 1 && valueAsNumber <= 1_000)
            onChange({ ...fault, times: valueAsNumber });
        }}
      />
    </div>
  );
}

const isFaultKind = (name: InjectionName): name is FaultKind => faultKinds.some((kind) => kind === name);

const injectionWords = (name: InjectionName, text: StudioText): string =>
  isFaultKind(name) ? text.fault[name] : text.injectionExtra[name];
