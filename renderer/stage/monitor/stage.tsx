import { injectionText } from '../../../app/contract/injection-text.ts';
import type { JobState } from '../../../app/plan/job-state.ts';
import { Icon } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';
import { reuseBrief, revealClip } from '../../state/intents.ts';
import { useStudio } from '../../state/studio-store.ts';
import { DecisionBanner } from '../recovery/decision-banner.tsx';
import { GradeBadge } from '../recovery/grade-badge.tsx';
import { Story } from '../recovery/story.tsx';
import { EmptyStage } from './empty-stage.tsx';
import { EndedStage } from './ended-stage.tsx';
import { InspectionStage } from './inspection-stage.tsx';
import { Player } from './player.tsx';
import { RunningStage } from './running-stage.tsx';

/** Middle column: the chosen clip in whatever state it is. */
export function Stage() {
  const text = useText();
  const inspection = useStudio((state) => state.inspection);
  const job = useStudio(({ jobs, selectedJobId }) => jobs.find(({ id }) => id === selectedJobId) ?? null);
  if (inspection) return <InspectionStage inspection={inspection} />;
  return (
    <section className="stage" aria-label={text.stageTitle}>
      {job ? <JobStage key={job.id} job={job} /> : <EmptyStage />}
    </section>
  );
}

function JobStage({ job }: { readonly job: JobState }) {
  return (
    <>
      <StageHead job={job} />
      <DecisionBanner job={job} />
      <JobScreen job={job} />
      <Story job={job} />
    </>
  );
}

function JobScreen({ job }: { readonly job: JobState }) {
  switch (job.phase) {
    case 'queued':
    case 'running':
      return <RunningStage job={job} />;
    case 'done':
      return <Player jobId={job.id} clip={job.clip} />;
    default:
      return <EndedStage job={job} />;
  }
}

function StageHead({ job }: { readonly job: JobState }) {
  const text = useText();
  return (
    <div className="stage-head">
      <h2 title={job.request.prompt}>{job.request.prompt}</h2>
      {(job.request.injections?.length ?? 0) > 0 && (
        <span className="experiment" title={job.request.injections?.map(injectionText).join(' ')}>
          {text.labBadge}
        </span>
      )}
      {job.phase === 'done' ? (
        <GradeBadge grade={job.clip.grade} />
      ) : (
        <span className={`phase-word is-${job.phase}`}>{text.phase[job.phase]}</span>
      )}
      <span className="spring" />
      <button
        type="button"
        className="quiet-button"
        title={text.again}
        aria-label={text.again}
        onClick={() => reuseBrief(job.request)}
      >
        <Icon name="again" />
        <span className="label">{text.again}</span>
      </button>
      {job.phase === 'done' && (
        <button
          type="button"
          className="quiet-button"
          title={text.reveal}
          aria-label={text.reveal}
          onClick={() => revealClip(job.id)}
        >
          <Icon name="folder" />
          <span className="label">{text.reveal}</span>
        </button>
      )}
    </div>
  );
}
