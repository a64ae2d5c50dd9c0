import type { RunHealth } from '../../app/contract/health.ts';
import type { JobState } from '../../app/plan/job-state.ts';
import { useText } from '../locale/use-text.ts';
import { useHealth } from '../state/health-bus.ts';
import { useStudio } from '../state/studio-store.ts';
import { ExpertList } from './expert-list.tsx';
import { figuresOutside } from './figures-outside.ts';
import { MachineReadings } from './machine-readings.tsx';
import { Section } from './section.tsx';
import { StageTimes } from './stage-times.tsx';
import { StepCurves } from './step-curves.tsx';
import { TextGauges } from './text-gauges.tsx';
import { WordChips } from './word-chips.tsx';

/** What the monitors say of the clip on the stage, while it is made and afterwards, and of the machine now. */
export function HealthPanel() {
  const text = useText();
  // A dropped video has no run behind it: what is known of it stands under its timeline.
  const isInspecting = useStudio(({ inspection }) => inspection !== null);
  const job = useStudio(({ jobs, selectedJobId, inspection }) =>
    inspection ? null : (jobs.find(({ id }) => id === selectedJobId) ?? null),
  );
  const health = useHealth(job?.id ?? null);
  return (
    <div className="health">
      {isInspecting ? <p className="hint">{text.healthInspection}</p> : <Verdict job={job} health={health} />}
      {health && health.steps.length > 0 && (
        <Section title={text.healthSteps}>
          <StepCurves steps={health.steps} />
        </Section>
      )}
      {health && health.steps.length > 0 && (
        <Section title={text.healthWords}>
          <WordChips health={health} prompt={job?.request.prompt ?? ''} />
        </Section>
      )}
      {health?.text && (
        <Section title={text.healthText}>
          <TextGauges figures={health.text} />
        </Section>
      )}
      {health && health.stages.length > 0 && (
        <Section title={text.healthTimes}>
          <StageTimes stages={health.stages} />
        </Section>
      )}
      <Section title={text.healthMachine}>
        <MachineReadings />
      </Section>
      <ExpertList health={health} packId={job?.request.packId ?? null} />
    </div>
  );
}

interface VerdictProps {
  readonly job: JobState | null;
  readonly health: RunHealth | null;
}

/** How it stands, in a word, before any figure. */
function Verdict({ job, health }: VerdictProps) {
  const text = useText();
  if (!job) return <p className="hint">{text.healthNone}</p>;
  const faultCount = job.faults.filter(({ severity }) => severity === 'fault').length;
  const warningCount = job.faults.length - faultCount;
  const outsideCount = health ? figuresOutside(health) : 0;
  const standing = faultCount > 0 ? 'fault' : warningCount + outsideCount > 0 ? 'warned' : 'sound';
  const words = [
    ...(faultCount > 0 ? [text.faultCount(faultCount)] : []),
    ...(warningCount > 0 ? [text.warningCount(warningCount)] : []),
    ...(outsideCount > 0 ? [text.outsideCount(outsideCount)] : []),
  ];
  return (
    <p className={`verdict is-${standing}`}>
      <span className="dot" aria-hidden="true" />
      {words.length === 0 ? text.verdictSound : words.join(text.listMark)}
    </p>
  );
}
