import { formatShort } from '../../../app/base/figure.ts';
import type { DecisionReport } from '../../../app/contract/report.ts';
import type { JobState } from '../../../app/plan/job-state.ts';
import { Icon } from '../../base/icon.tsx';
import type { StudioText } from '../../locale/en.ts';
import { branchNames } from '../../locale/text-shape.ts';
import { useText } from '../../locale/use-text.ts';
import { acceptClip, againAtFullQuality } from '../../state/hand.ts';
import { reuseBrief } from '../../state/intents.ts';
import { useStudio } from '../../state/studio-store.ts';
import { showFrame } from '../../state/view.ts';
import { ClipFacts } from './clip-facts.tsx';
import { doneWords } from './decision-words.ts';
import { FaultLine } from './fault-line.tsx';
import { RecoveryTree } from './recovery-tree.tsx';
import { tellStory } from './tell-story.ts';

/** What went wrong with a job and what was done about it, in the order in which it happened; then what the clip is. */
export function Story({ job }: { readonly job: JobState }) {
  const text = useText();
  const isRunning = job.phase === 'running';
  if (job.phase !== 'done' && !isRunning && job.faults.length === 0) return null;
  return (
    <section id="story" className="story" aria-label={text.story} tabIndex={-1}>
      {job.phase === 'done' && <ClipFacts job={job} />}
      {job.phase === 'done' && job.clip.grade !== 'full' && (
        <p className={`grade-meaning is-${job.clip.grade}`}>{text.grade[job.clip.grade].meaning}</p>
      )}
      {job.faults.length === 0 ? (
        <p className="faint">
          {isRunning ? text.storyRunning : job.phase === 'done' && job.clip.grade === 'full' && text.storyClean}
        </p>
      ) : (
        <>
          <h2>{text.story}</h2>
          <ol>
            {tellStory(job.faults, job.decisions).map(({ fault, decision }, index) => (
              // A story only ever grows at its end.
              <li key={index}>
                {fault && (
                  <FaultLine
                    fault={fault}
                    {...(job.phase === 'done' && isInClip(decision)
                      ? { onShow: (frame: number) => showFrame(job.id, frame) }
                      : {})}
                  />
                )}
                {decision && <DecisionLine decision={decision} />}
              </li>
            ))}
          </ol>
          <RecoveryTree job={job} />
        </>
      )}
      {job.phase === 'done' && job.clip.grade !== 'full' && <AfterTheFact job={job} />}
    </section>
  );
}

/** What can still be done about a clip that is less than what was asked for. */
function AfterTheFact({ job }: { readonly job: Extract<JobState, { phase: 'done' }> }) {
  const text = useText();
  const { id, request, isAccepted } = job;
  return (
    <div className="story-actions">
      <button type="button" className="button" onClick={() => void againAtFullQuality(id)}>
        <Icon name="again" />
        {text.againFull}
      </button>
      <button type="button" className="button" onClick={() => reuseBrief(request)}>
        {text.editPrompt}
      </button>
      {isAccepted ? (
        <p className="hint">{text.accepted}</p>
      ) : (
        <button type="button" className="button" onClick={() => acceptClip(id)}>
          <Icon name="check" />
          {text.acceptAsIs}
        </button>
      )}
    </div>
  );
}

/** Whether the frames that a fault was found in are those of the clip: after another attempt they are gone. */
const isInClip = (decision: DecisionReport | null): boolean =>
  decision === null || decision.action === 'continue' || decision.action === 'repair-frames';

/** Main's reason in the user's language; as main said it where a newer main knows a branch that the page does not. */
function whyOf({ branch, reason }: DecisionReport, text: StudioText): string {
  const name = branchNames.find((one) => branch.endsWith(`/${one}`));
  return name ? text.why[name] : reason;
}

function DecisionLine({ decision }: { readonly decision: DecisionReport }) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const { by, recoveryMs, alternatives, cause, predicted, outcome } = decision;
  const others = alternatives.map((other) => text.cure[other]).join(text.listMark);
  const remarks = [
    ...(by === 'user' ? [text.byUser] : []),
    ...(outcome === null ? [] : [text.treeState[outcome]]),
    ...(recoveryMs === null ? [] : [text.recoveredIn(formatShort(recoveryMs, locale))]),
    ...(predicted === null ? [] : [text.predictedAt(formatShort(predicted.seconds * 1_000, locale))]),
  ];
  return (
    <div className="story-line">
      <Icon name={outcome === 'failed' ? 'close' : 'check'} />
      <div>
        {doneWords(decision, text)} <span className="faint">{remarks.join(' · ')}</span>
        {cause !== null && <p className="hint">{text.treeOf(text.cause[cause])}</p>}
        <p className="hint">{whyOf(decision, text)}</p>
        {others !== '' && <p className="hint">{text.otherWays(others)}</p>}
      </div>
    </div>
  );
}
