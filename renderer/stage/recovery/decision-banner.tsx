import { useEffect, useId, useRef, useState } from 'react';

import { formatTime } from '../../../app/base/figure.ts';
import type { Proposal } from '../../../app/contract/cure.ts';
import type { JobId } from '../../../app/contract/job.ts';
import type { PendingDecision, RecoveryAnswer } from '../../../app/contract/policy.ts';
import type { DecisionReport } from '../../../app/contract/report.ts';
import type { JobState } from '../../../app/plan/job-state.ts';
import { Icon } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';
import { answerDecision } from '../../state/hand.ts';
import { useStudio } from '../../state/studio-store.ts';
import { prefersStillness } from '../monitor/motion.ts';
import { useBannerFocus } from './banner-focus.ts';
import { useSecondsLeft } from './countdown.ts';
import { EditPrompt } from './edit-prompt.tsx';

/** What went wrong, what will be done about it and when, and what else could be: the user's hand on a run under way. */
export function DecisionBanner({ job }: { readonly job: JobState }) {
  if (job.pending) return <Question key={job.pending.pendingId} jobId={job.id} pending={job.pending} />;
  const last = job.decisions.at(-1);
  if (job.phase !== 'running' || !last || last.outcome !== null || job.attempt === 0) return null;
  return <Curing key={job.decisions.length} jobId={job.id} decision={last} />;
}

interface QuestionProps {
  readonly jobId: JobId;
  readonly pending: PendingDecision;
}

function Question({ jobId, pending }: QuestionProps) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const { fault, proposed, alternatives, canAccept, deadlineMs } = pending;
  const secondsLeft = useSecondsLeft(deadlineMs);
  const banner = useRef<HTMLElement>(null);
  useBannerFocus(banner);
  const price = text.costs(formatTime(proposed.predicted.seconds * 1_000, locale), percentOf(proposed));
  const way = text.way[proposed.cure];
  return (
    <section
      ref={banner}
      className="banner"
      role="alertdialog"
      aria-labelledby="banner-title"
      aria-describedby="banner-plan"
    >
      <p className="banner-head" id="banner-title">
        <Icon name="warning" />
        <strong>{text.fault[fault]}</strong>
        <span className="faint">{text.cause[proposed.cause]}</span>
      </p>
      <div className="banner-plan" id="banner-plan">
        {secondsLeft !== null && <Countdown deadlineMs={deadlineMs} secondsLeft={secondsLeft} />}
        <p>
          {secondsLeft === null ? text.willWait(way) : text.willDo(way, secondsLeft)}
          <span className="faint"> {price}</span>
        </p>
      </div>
      <Answers
        jobId={jobId}
        pending={pending}
        proposed={proposed}
        alternatives={alternatives}
        canAccept={canAccept}
        canHold={secondsLeft !== null}
      />
    </section>
  );
}

/** A cure that is being carried out can still be taken back. */
function Curing({ jobId, decision }: { readonly jobId: JobId; readonly decision: DecisionReport }) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const [isOpen, setOpen] = useState(false);
  const { fault, cause, cure, action, predicted } = decision;
  return (
    <section className="banner is-curing" aria-label={text.bannerCuring}>
      <p className="banner-head">
        <Icon name="branch" />
        <strong>{text.fault[fault]}</strong>
        {cause && <span className="faint">{text.cause[cause]}</span>}
      </p>
      <div className="banner-plan">
        <p>
          {text.curing(cure ? text.way[cure] : text.cure[action])}
          {predicted && (
            <span className="faint">
              {' '}
              {text.costs(formatTime(predicted.seconds * 1_000, locale), Math.round(predicted.quality * 100))}
            </span>
          )}
        </p>
        {!isOpen && (
          <button type="button" className="quiet-button" onClick={() => setOpen(true)}>
            {text.otherWay}
          </button>
        )}
      </div>
      {isOpen && <Answers jobId={jobId} pending={null} proposed={null} alternatives={[]} canAccept canHold={false} />}
    </section>
  );
}

interface AnswersProps {
  readonly jobId: JobId;
  readonly pending: PendingDecision | null;
  readonly proposed: Proposal | null;
  readonly alternatives: readonly Proposal[];
  readonly canAccept: boolean;
  readonly canHold: boolean;
}

/** What can be asked for while a cure is under way, when nobody has priced anything yet. */
const ANYTIME = ['new-seed', 'lower-rung', 'still-motion'] as const;

function Answers({ jobId, pending, proposed, alternatives, canAccept, canHold }: AnswersProps) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const rememberId = useId();
  const [remember, setRemember] = useState(false);
  const [isEditing, setEditing] = useState(false);
  const prompt = useStudio(({ jobs }) => jobs.find(({ id }) => id === jobId)?.request.prompt ?? '');
  const say = (answer: RecoveryAnswer): void => void answerDecision(jobId, pending, answer, remember);
  if (isEditing)
    return (
      <EditPrompt
        prompt={prompt}
        onSend={(words) => say({ kind: 'edit-prompt', prompt: words })}
        onBack={() => setEditing(false)}
      />
    );
  const ways =
    proposed === null
      ? ANYTIME.map((cure) => ({ cure, price: null }))
      : alternatives.map((one) => ({
          cure: one.cure,
          price: text.costsShort(formatTime(one.predicted.seconds * 1_000, locale), percentOf(one)),
        }));
  return (
    <>
      {proposed && (
        <div className="banner-row">
          <button
            type="button"
            className="button is-primary"
            onClick={() => say({ kind: 'choose', cure: proposed.cure })}
          >
            {text.doNow}
          </button>
          {canHold && (
            <button
              type="button"
              className="button"
              onClick={() => {
                // The countdown is the user's to stop; asked for again when they open a menu of their own.
                setEditing(false);
                say({ kind: 'hold' });
              }}
            >
              {text.hold}
            </button>
          )}
          <button type="button" className="button" onClick={() => say({ kind: 'full-quality' })}>
            {text.keepFull}
          </button>
        </div>
      )}
      <ul className="banner-ways" aria-label={text.otherwise}>
        {ways.map(({ cure, price }) => (
          <li key={cure}>
            <button type="button" className="way" onClick={() => say({ kind: 'choose', cure })}>
              <span>{text.way[cure]}</span>
              {price !== null && <span className="figure faint">{price}</span>}
            </button>
          </li>
        ))}
        <li>
          <button type="button" className="way" onClick={() => (say({ kind: 'hold' }), setEditing(true))}>
            {text.editPrompt}
          </button>
        </li>
        {proposed === null && (
          <li>
            <button type="button" className="way" onClick={() => say({ kind: 'full-quality' })}>
              {text.keepFull}
            </button>
          </li>
        )}
        {canAccept && (
          <li>
            <button type="button" className="way" onClick={() => say({ kind: 'accept' })}>
              {text.acceptAsIs}
            </button>
          </li>
        )}
        <li>
          <button type="button" className="way" onClick={() => say({ kind: 'stop' })}>
            {text.stopJob}
          </button>
        </li>
      </ul>
      <label className="check" htmlFor={rememberId}>
        <input
          id={rememberId}
          type="checkbox"
          checked={remember}
          onChange={({ currentTarget: { checked } }) => setRemember(checked)}
        />
        {text.remember}
      </label>
    </>
  );
}

const percentOf = ({ predicted }: Proposal): number => Math.round(predicted.quality * 100);

/** Time running out, to be seen from the corner of an eye. */
function Countdown({ deadlineMs, secondsLeft }: { readonly deadlineMs: number | null; readonly secondsLeft: number }) {
  const [fullSeconds] = useState(Math.max(1, secondsLeft));
  const [line, setLine] = useState<SVGCircleElement | null>(null);
  useEffect(() => {
    if (!line || deadlineMs === null || prefersStillness()) return;
    const animation = line.animate([{ strokeDashoffset: '0' }, { strokeDashoffset: '100' }], {
      duration: fullSeconds * 1_000,
      fill: 'forwards',
    });
    return () => animation.cancel();
  }, [line, deadlineMs, fullSeconds]);
  return (
    <svg className="countdown" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <circle cx="10" cy="10" r="8" />
      <circle ref={setLine} className="is-left" cx="10" cy="10" r="8" pathLength="100" strokeDasharray="100" />
    </svg>
  );
}
