import { useId } from 'react';

import type { TelemetrySettings } from '../../app/contract/telemetry.ts';
import { useText } from '../locale/use-text.ts';
import { useStudio } from '../state/studio-store.ts';
import { saveTelemetry } from '../state/telemetry.ts';
import { Diagnostics } from './diagnostics.tsx';

/** Where the endpoint listens unless the user names another port. */
const USUAL_PORT = 9_464;
const PORTS = { min: 1_024, max: 65_535 } as const;

/** From where on something counts as a fault, who may look on, and what can be handed to somebody who helps. */
export function MeasuringSettings() {
  const text = useText();
  const state = useStudio(({ telemetry }) => telemetry);
  const id = useId();
  if (!state) return <p className="hint">{text.notAvailable}</p>;
  const { settings, metricsUrl, problem } = state;
  const change = (next: Partial<TelemetrySettings>): void => void saveTelemetry({ ...settings, ...next });
  return (
    <>
      <h3>{text.linesTitle}</h3>
      <div className="number-fields">
        <NumberField
          label={text.lineVram}
          unit="%"
          value={Math.round(settings.resources.vramRatio * 100)}
          range={{ min: 10, max: 100 }}
          onChange={(percent) => change({ resources: { ...settings.resources, vramRatio: percent / 100 } })}
        />
        <NumberField
          label={text.lineRam}
          unit="%"
          value={Math.round(settings.resources.ramRatio * 100)}
          range={{ min: 10, max: 100 }}
          onChange={(percent) => change({ resources: { ...settings.resources, ramRatio: percent / 100 } })}
        />
        <NumberField
          label={text.lineTemperature}
          unit="°C"
          value={settings.resources.temperatureCelsius}
          range={{ min: 30, max: 120 }}
          onChange={(celsius) => change({ resources: { ...settings.resources, temperatureCelsius: celsius } })}
        />
        <NumberField
          label={text.lineSlow}
          unit="s"
          value={Math.round(settings.latency.slowQueryMs / 1_000)}
          range={{ min: 1, max: 86_400 }}
          onChange={(seconds) => change({ latency: { ...settings.latency, slowQueryMs: seconds * 1_000 } })}
        />
      </div>
      <h3>{text.metricsTitle}</h3>
      <label className="check" htmlFor={id}>
        <input
          id={id}
          type="checkbox"
          checked={settings.metricsPort !== null}
          onChange={({ currentTarget: { checked } }) => change({ metricsPort: checked ? USUAL_PORT : null })}
        />
        {text.metricsOn}
      </label>
      {settings.metricsPort !== null && (
        <div className="number-fields">
          <NumberField
            label={text.metricsPort}
            unit=""
            value={settings.metricsPort}
            range={PORTS}
            onChange={(metricsPort) => change({ metricsPort })}
          />
        </div>
      )}
      {metricsUrl !== null && <code>{metricsUrl}</code>}
      {problem !== null && <p className="hint is-warning">{problem}</p>}
      <label className="check">
        <input
          type="checkbox"
          checked={settings.mayLogPrompts}
          onChange={({ currentTarget: { checked } }) => change({ mayLogPrompts: checked })}
        />
        {text.mayLogPrompts}
      </label>
      <Diagnostics mayShowTexts={settings.mayLogPrompts} />
    </>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly unit: string;
  readonly value: number;
  readonly range: { readonly min: number; readonly max: number };
  readonly onChange: (value: number) => void;
}

/** Takes over what is legal once the field is left: in the middle of typing a number is another one. */
function NumberField({ label, unit, value, range: { min, max }, onChange }: NumberFieldProps) {
  const id = useId();
  return (
    <div className="number-field">
      <label htmlFor={id}>{label}</label>
      <input
        key={value}
        id={id}
        type="number"
        min={min}
        max={max}
        defaultValue={value}
        onBlur={({ currentTarget: { valueAsNumber } }) => {
          if (
            Number.isInteger(valueAsNumber) &&
            valueAsNumber >= min &&
            valueAsNumber <= max &&
            valueAsNumber !== value
          )
            onChange(valueAsNumber);
        }}
      />
      <span className="hint">{unit}</span>
    </div>
  );
}
