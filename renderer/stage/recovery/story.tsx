import type { JobState } from '../../../app/plan/job-state.ts';
import type { DecisionReport, FaultReport } from '../../../app/contract/report.ts';
import { formatShort } from '../../base/format.ts';
import { Icon } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';
import { useStudio } from '../../state/studio-store.ts';

/** What went wrong with a job and what was done about it, in the order in which it happened. */
export function Story({ job }: { readonly job: JobState }) {
  const text = useText();
  if (job.faults.length === 0) {
    if (job.phase !== 'done') return null;
    return (
      <section className="story">
        <p className="story-clean">
          <Icon name="check" />
          {text.storyClean}
        </p>
      </section>
    );
  }
  return (
    <section className="story" aria-label={text.story}>
      <h2>{text.story}</h2>
      <ol>
        {job.faults.map((fault, index) => (
          // A story only ever grows at its end.
          <li key={index}>
            <FaultLine fault={fault} />
            {job.decisions[index] && <DecisionLine decision={job.decisions[index]} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

function FaultLine({ fault }: { readonly fault: FaultReport }) {
  const text = useText();
  const places = [
    text.stage[fault.stage],
    ...(fault.step === null ? [] : [text.atStep(fault.step + 1)]),
    ...(fault.frame === null ? [] : [text.atFrame(fault.frame + 1)]),
  ];
  return (
    <div className="story-fault">
      <Icon name="warning" />
      <div>
        <strong>{text.fault[fault.kind]}</strong> <span className="story-place">{places.join(' · ')}</span>
        <details>
          <summary>{text.details}</summary>
          <dl className="evidence">
            {Object.entries(fault.evidence).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{String(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      </div>
    </div>
  );
}

function DecisionLine({ decision }: { readonly decision: DecisionReport }) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  return (
    <div className="story-decision">
      <Icon name="check" />
      <div title={decision.reason}>
        {text.action[decision.action]}
        {decision.by === 'user' && ` · ${text.byUser}`}
        {decision.recoveryMs !== null && (
          <span className="story-place"> {text.recoveredIn(formatShort(decision.recoveryMs, locale))}</span>
        )}
      </div>
    </div>
  );
}
