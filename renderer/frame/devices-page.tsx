import { useEffect, useId } from 'react';

import type { DeviceView } from '../../app/contract/device.ts';
import type { ProviderName } from '../../app/plan/provider-order.ts';
import { formatWhen } from '../base/format.ts';
import { useText } from '../locale/use-text.ts';
import { readDevices, saveDevices } from '../state/devices.ts';
import { useStudio } from '../state/studio-store.ts';

/** Where clips are computed. It says of each device what the runtime says, and no more than that. */
export function DevicesPage() {
  const text = useText();
  const settings = useStudio(({ devices }) => devices);
  const engine = useStudio((state) => state.engine);
  // What is known changes when an engine starts, and when one refuses.
  useEffect(() => void readDevices(), [engine]);
  if (!settings) return <p className="hint">{text.notAvailable}</p>;
  const { wanted, devices } = settings;
  const atWork = engine.phase === 'ready' ? engine.provider : null;
  const toggle = (name: ProviderName): void =>
    void saveDevices({ wanted: wanted.includes(name) ? wanted.filter((one) => one !== name) : [...wanted, name] });
  // Those that are wanted in the order in which they are tried, the others below them.
  const place = ({ name }: DeviceView): number => (wanted.includes(name) ? wanted.indexOf(name) : wanted.length);
  return (
    <>
      <p className="hint">{text.devicesHint}</p>
      <ul className="devices" aria-label={text.settingsPage.devices}>
        {devices
          .toSorted((a, b) => place(a) - place(b))
          .map((device) => (
            <DeviceRow
              key={device.name}
              device={device}
              isWanted={wanted.includes(device.name)}
              isAtWork={atWork === device.name}
              onToggle={() => toggle(device.name)}
            />
          ))}
      </ul>
    </>
  );
}

interface DeviceRowProps {
  readonly device: DeviceView;
  readonly isWanted: boolean;
  readonly isAtWork: boolean;
  readonly onToggle: () => void;
}

function DeviceRow({ device: { name, state, restsUntilMs }, isWanted, isAtWork, onToggle }: DeviceRowProps) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const id = useId();
  const isProcessor = name === 'cpu';
  const known = isProcessor ? text.deviceLast : text.deviceState[state ?? 'unknown'];
  return (
    <li>
      <label className="check">
        <input
          type="checkbox"
          checked={isProcessor || isWanted}
          // What was chosen elsewhere can be taken back here, whatever became of it.
          disabled={isProcessor || (state === 'absent' && !isWanted)}
          aria-describedby={id}
          onChange={onToggle}
        />
        {text.device[name]}
      </label>
      <span id={id} className="hint">
        {known}
        {isAtWork && <strong> {text.deviceAtWork}</strong>}
        {restsUntilMs !== null && <strong> {text.deviceRests(formatWhen(restsUntilMs, restsUntilMs, locale))}</strong>}
      </span>
    </li>
  );
}
