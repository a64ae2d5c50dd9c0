import { useMemo } from 'react';

import { formatShort } from '../../../app/base/figure.ts';
import type { InspectReport } from '../../../app/contract/inspection.ts';
import { Icon, IconButton } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';
import { clipOf, closeInspection, healthOf, type Inspection } from '../../state/inspection.ts';
import { useStudio } from '../../state/studio-store.ts';
import { showFrame } from '../../state/view.ts';
import { FaultLine } from '../recovery/fault-line.tsx';
import { PlayerView } from './player.tsx';

/** A video that was dropped onto the window, with what the frame monitors found in it. */
export function InspectionStage({ inspection }: { readonly inspection: Inspection }) {
  const text = useText();
  const { inspectionId, name, state } = inspection;
  return (
    <section className="stage" aria-label={text.inspectTitle}>
      <div className="stage-head">
        <h2 title={name}>{name}</h2>
        <span className="phase-word">{text.inspectTitle}</span>
        <span className="spring" />
        <IconButton icon="close" label={text.close} onPress={closeInspection} />
      </div>
      {state.phase === 'running' && <Reading framesDone={state.framesDone} frameCount={state.frameCount} />}
      {state.phase === 'failed' && (
        <div className="stage-message is-bad" role="alert">
          <Icon name="warning" />
          <h2>{text.inspectFailed}</h2>
          <p>{text.inspectProblem[state.problem]}</p>
          <code>{state.detail}</code>
        </div>
      )}
      {state.phase === 'done' && <Findings key={inspectionId} inspectionId={inspectionId} report={state.report} />}
    </section>
  );
}

function Reading({ framesDone, frameCount }: { readonly framesDone: number; readonly frameCount: number | null }) {
  const text = useText();
  const ratio = frameCount === null || frameCount === 0 ? null : Math.min(1, framesDone / frameCount);
  return (
    <div className="stage-message">
      <h2>{text.inspectRunning}</h2>
      <p className="figure">{frameCount === null ? text.frames(framesDone) : text.unit(framesDone, frameCount)}</p>
      <progress className="thin" aria-label={text.inspectRunning} {...(ratio === null ? {} : { value: ratio })} />
    </div>
  );
}

function Findings({ inspectionId, report }: { readonly inspectionId: string; readonly report: InspectReport }) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const clip = useMemo(() => clipOf(report), [report]);
  const health = useMemo(() => healthOf(inspectionId, report), [inspectionId, report]);
  const faults = report.attempts.flatMap((attempt) => attempt.faults);
  const facts = [
    [text.size, `${clip.widthPx} × ${clip.heightPx}`],
    [text.length, `${text.frames(clip.frameCount)} · ${text.seconds(clip.durationSeconds.toFixed(2))}`],
    [text.framesPerSecond, String(Number(clip.fps.toFixed(3)))],
    [text.inspectTook, formatShort(report.wallMs, locale)],
  ] as const;
  return (
    <>
      <PlayerView id={inspectionId} clip={clip} faults={faults} health={health} />
      <section className="story" aria-label={text.story}>
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <p className={faults.length > 0 ? 'verdict is-fault' : 'verdict is-sound'} role="status">
          <span className="dot" aria-hidden="true" />
          {faults.length === 0 ? text.inspectSound : text.faultCount(faults.length)}
        </p>
        <ol>
          {faults.map((fault, index) => (
            // Faults of one video stand in their order and never change.
            <li key={index}>
              <FaultLine fault={fault} onShow={(frame) => showFrame(inspectionId, frame)} />
            </li>
          ))}
        </ol>
        {report.notes.map((note) => (
          <p key={note} className="hint">
            {text.inspectNoMotion} <code>{note}</code>
          </p>
        ))}
      </section>
    </>
  );
}
