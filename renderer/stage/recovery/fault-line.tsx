import { evidenceName, evidenceValue } from '../../../app/monitor/evidence.ts';
import type { FaultReport } from '../../../app/contract/report.ts';
import { Icon } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';
import { useStudio } from '../../state/studio-store.ts';

interface FaultLineProps {
  readonly fault: FaultReport;
  /** Absent where there is no clip to look at. */
  readonly onShow?: (frame: number) => void;
}

/** A fault in words: what, where, and on what evidence. */
export function FaultLine({ fault, onShow }: FaultLineProps) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const { kind, stage, step, frame, frameCount, severity, evidence } = fault;
  const places = [
    ...(severity === 'warning' ? [text.warning] : []),
    text.stage[stage],
    ...(step === null ? [] : [text.atStep(step + 1)]),
    ...(frame === null ? [] : [text.atFrames(frame + 1, frame + (frameCount ?? 1))]),
  ];
  return (
    <div className={severity === 'warning' ? 'story-line is-warning' : 'story-line is-fault'}>
      <Icon name="warning" />
      <div>
        <strong>{text.fault[kind]}</strong> <span className="faint">{places.join(' · ')}</span>
        {frame !== null && onShow && (
          <button type="button" className="link-button" onClick={() => onShow(frame)}>
            {text.showFrame(frame + 1)}
          </button>
        )}
        <details>
          <summary>
            <Icon name="chevron" />
            {text.details}
          </summary>
          <dl className="evidence">
            {Object.entries(evidence).map(([name, value]) => (
              <div key={name}>
                <dt>{evidenceName(name, locale)}</dt>
                <dd>{evidenceValue(name, value, locale)}</dd>
              </div>
            ))}
          </dl>
        </details>
      </div>
    </div>
  );
}
