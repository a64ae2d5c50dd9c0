import { useId, useState } from 'react';

import { causeNames } from '../../app/contract/list.ts';
import type { ActionKind } from '../../app/contract/name.ts';
import { actionKinds } from '../../app/contract/list.ts';
import type { RecoveryPolicy, Stance } from '../../app/contract/policy.ts';
import { treeData } from '../../app/recovery/draw.ts';
import { Icon } from '../base/icon.tsx';
import { useText } from '../locale/use-text.ts';
import { savePolicy } from '../state/hand.ts';
import { useStudio } from '../state/studio-store.ts';
import { walkTree } from '../stage/recovery/branch-state.ts';
import { TreeDialog } from '../stage/recovery/tree-dialog.tsx';
import { Dialog } from './dialog.tsx';
import { DevicesPage } from './devices-page.tsx';
import { MeasuringSettings } from './measuring-settings.tsx';
import { StandInPage } from './stand-in-page.tsx';

const STANCES = ['automatic', 'ask', 'never'] as const;
/** Without the last resort: a job always ends with a clip. */
const CHOSEN = actionKinds.filter((action) => action !== 'fallback-clip');
const COUNTDOWN_SECONDS = { min: 5, max: 600 } as const;

const PAGES = ['recovery', 'standIn', 'devices', 'measuring'] as const;
type SettingsPage = (typeof PAGES)[number];

/** What the user wants done when something goes wrong, before it does; and what is measured. */
export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const text = useText();
  const [page, setPage] = useState<SettingsPage>('recovery');
  return (
    <Dialog title={text.settings} onClose={onClose}>
      <div className="switch" role="group" aria-label={text.settings}>
        {PAGES.map((one) => (
          <button key={one} type="button" aria-pressed={one === page} onClick={() => setPage(one)}>
            {text.settingsPage[one]}
          </button>
        ))}
      </div>
      {page === 'recovery' && <RecoverySettings />}
      {page === 'standIn' && <StandInPage />}
      {page === 'devices' && <DevicesPage />}
      {page === 'measuring' && <MeasuringSettings />}
    </Dialog>
  );
}

function RecoverySettings() {
  const text = useText();
  const policy = useStudio((state) => state.policy);
  const id = useId();
  return (
    <>
      <fieldset className="choices">
        <legend className="for-ears">{text.policyMode}</legend>
        {(['auto', 'off'] as const).map((mode) => (
          <label key={mode} className="check">
            <input
              type="radio"
              name="mode"
              checked={policy.mode === mode}
              onChange={() => savePolicy({ ...policy, mode })}
            />
            {mode === 'auto' ? text.modeAuto : text.modeOff}
          </label>
        ))}
      </fieldset>
      <p className="hint">{text.stanceHint}</p>
      <WholeTree />
      <StanceTable policy={policy} />
      <div className="countdown-field">
        <label htmlFor={id}>{text.countdown}</label>
        <input
          id={id}
          type="number"
          {...COUNTDOWN_SECONDS}
          value={policy.countdownSeconds}
          onChange={({ currentTarget: { valueAsNumber } }) => {
            const { min, max } = COUNTDOWN_SECONDS;
            if (Number.isInteger(valueAsNumber) && valueAsNumber >= min && valueAsNumber <= max)
              savePolicy({ ...policy, countdownSeconds: valueAsNumber });
          }}
        />
        <span className="hint">{text.countdownUnit}</span>
      </div>
      <Preferences policy={policy} />
    </>
  );
}

/** What the stances below are about. */
function WholeTree() {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="tree">
      <button type="button" className="quiet-button" onClick={() => setOpen(true)}>
        <Icon name="branch" />
        {text.treeWhole}
      </button>
      {isOpen && <TreeDialog tree={walkTree(treeData(), [])} onClose={() => setOpen(false)} />}
    </div>
  );
}

function StanceTable({ policy }: { readonly policy: RecoveryPolicy }) {
  const text = useText();
  const isOff = policy.mode === 'off';
  const stanceOf = (action: ActionKind): Stance => policy.stances[action] ?? 'automatic';
  const setAll = (stance: Stance): void =>
    savePolicy({ ...policy, stances: Object.fromEntries(CHOSEN.map((action) => [action, stance])) });
  return (
    <div className="stances" role="group" aria-label={text.settingsPage.recovery}>
      <div className="stance-row is-head">
        <span>{text.stanceAll}</span>
        {STANCES.map((stance) => (
          <button
            key={stance}
            type="button"
            className="quiet-button"
            disabled={isOff || stance === 'never'}
            onClick={() => setAll(stance)}
          >
            {text.stance[stance]}
          </button>
        ))}
      </div>
      {CHOSEN.map((action) => (
        <fieldset key={action} className="stance-row" disabled={isOff}>
          <legend className="for-ears">{text.cure[action]}</legend>
          <span aria-hidden="true">{text.cure[action]}</span>
          {STANCES.map((stance) => (
            <label key={stance} title={text.stance[stance]}>
              <input
                type="radio"
                name={`stance-${action}`}
                aria-label={text.stance[stance]}
                checked={stanceOf(action) === stance}
                onChange={() => savePolicy({ ...policy, stances: { ...policy.stances, [action]: stance } })}
              />
            </label>
          ))}
        </fieldset>
      ))}
    </div>
  );
}

function Preferences({ policy }: { readonly policy: RecoveryPolicy }) {
  const text = useText();
  const { preferences } = policy;
  const kept = causeNames.flatMap((cause) => {
    const cure = preferences[cause];
    return cure === undefined ? [] : [{ cause, cure }];
  });
  const forget = (gone: (typeof causeNames)[number]): void => {
    const left = kept.filter(({ cause }) => cause !== gone).map(({ cause, cure }) => [cause, cure] as const);
    savePolicy({ ...policy, preferences: Object.fromEntries(left) });
  };
  return (
    <>
      <h3>{text.preferences}</h3>
      {kept.length === 0 && <p className="hint">{text.preferencesNone}</p>}
      <ul className="preferences">
        {kept.map(({ cause, cure }) => (
          <li key={cause}>
            <span>
              {text.cause[cause]} <strong>{text.way[cure]}</strong>
            </span>
            <button type="button" className="quiet-button" onClick={() => forget(cause)}>
              {text.forget}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
