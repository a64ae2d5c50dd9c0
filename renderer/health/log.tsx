import { useEffect, useRef, useState } from 'react';

import { unreachable } from '../../app/base/result.ts';
import type { LogEntry, RunHealth } from '../../app/contract/health.ts';
import type { JobId } from '../../app/contract/job.ts';
import type { FaultReport } from '../../app/contract/report.ts';
import { Icon, type IconName } from '../base/icon.tsx';
import { doneWords } from '../stage/recovery/decision-words.ts';
import type { StudioText } from '../locale/en.ts';
import { useText } from '../locale/use-text.ts';
import { useHealth } from '../state/health-bus.ts';
import { useStudio } from '../state/studio-store.ts';
import { showFrame } from '../state/view.ts';
import { HistorySearch } from './history-search.tsx';

/** What happened to the clip on the stage, line by line; a line about a frame leads there. */
export function EventLog() {
  const text = useText();
  const jobId = useStudio((state) => state.selectedJobId);
  const health = useHealth(jobId);
  const [isSearching, setSearching] = useState(false);
  const hasLog = jobId !== null && health !== null && health.log.length > 0;
  return (
    <>
      <HistorySearch onSearch={setSearching} />
      {!isSearching && !hasLog && <p className="hint log-empty">{text.logEmpty}</p>}
      {!isSearching && hasLog && <Lines jobId={jobId} health={health} />}
    </>
  );
}

function Lines({ jobId, health }: { readonly jobId: JobId; readonly health: RunHealth }) {
  const { log } = health;
  const text = useText();
  const list = useRef<HTMLOListElement>(null);
  const isDone = useStudio(({ jobs }) => jobs.some(({ id, phase }) => id === jobId && phase === 'done'));
  const locale = useStudio((state) => state.locale);
  useEffect(() => {
    // Follows what happens, unless the user has scrolled up to read.
    const element = list.current;
    if (element && element.scrollHeight - element.scrollTop - element.clientHeight < 80)
      element.scrollTop = element.scrollHeight;
  }, [log]);
  const rungs = useStudio(({ packs, jobs }) => {
    const packId = jobs.find(({ id }) => id === jobId)?.request.packId;
    return packs.find(({ id }) => id === packId)?.rungs;
  });
  // Names of rungs are their pack's own, in no language of ours.
  const sizeOf = (name: string): string => {
    const rung = rungs?.find((one) => one.name === name);
    return rung ? `${rung.widthPx} × ${rung.heightPx}` : name;
  };
  const startMs = log[0]?.atMs ?? 0;
  return (
    <ol ref={list} className="log" aria-label={text.tab.log} tabIndex={0}>
      {log.map(({ atMs, attempt, entry }, index) => {
        // Frames of an earlier attempt are not in the clip.
        const frame = entry.kind === 'fault' && attempt === health.attempt ? entry.fault.frame : null;
        return (
          // A log only ever grows at its end.
          <li key={index} className={`log-line is-${toneOf(entry)}`}>
            <time className="figure faint" dateTime={new Date(atMs).toISOString()} title={timeOf(atMs, locale)}>
              {text.seconds(((atMs - startMs) / 1_000).toFixed(1))}
            </time>
            <Icon name={icons[toneOf(entry)]} />
            <span>
              {entry.kind === 'attempt-started'
                ? text.logAttempt(attempt + 1, sizeOf(entry.rung), entry.seed)
                : wordsOf(entry, text)}
              {entry.kind === 'fault' && <span className="faint"> {placeOf(entry.fault, text)}</span>}
              {frame !== null && isDone && (
                <button type="button" className="link-button" onClick={() => showFrame(jobId, frame)}>
                  {text.showFrame(frame + 1)}
                </button>
              )}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

type Tone = 'quiet' | 'warning' | 'bad' | 'good' | 'decision';
const icons: Readonly<Record<Tone, IconName>> = {
  ...{ quiet: 'dash', warning: 'warning', bad: 'warning', good: 'check', decision: 'branch' },
};

function toneOf(entry: LogEntry): Tone {
  switch (entry.kind) {
    case 'fault':
      return entry.fault.severity === 'warning' ? 'warning' : 'bad';
    case 'decision':
      return 'decision';
    case 'delivered':
      return entry.grade === 'full' || entry.grade === 'repaired' ? 'good' : 'warning';
    case 'ended':
      return entry.end === 'failed' ? 'bad' : 'quiet';
    default:
      return 'quiet';
  }
}

function wordsOf(entry: Exclude<LogEntry, { kind: 'attempt-started' }>, text: StudioText): string {
  switch (entry.kind) {
    case 'stage-started':
      return text.stage[entry.stage];
    case 'expert-changed':
      return text.logExpert(entry.expert, entry.step + 1);
    case 'fault':
      return text.fault[entry.fault.kind];
    case 'decision':
      return doneWords(entry.decision, text);
    case 'delivered':
      return text.liveDone(text.grade[entry.grade].name);
    case 'ended':
      return text.logEnded[entry.end];
    default:
      return unreachable(entry);
  }
}

function placeOf({ step, frame }: FaultReport, text: StudioText): string {
  return [...(step === null ? [] : [text.atStep(step + 1)]), ...(frame === null ? [] : [text.atFrame(frame + 1)])].join(
    ' · ',
  );
}

const timeOf = (atMs: number, locale: string): string =>
  new Date(atMs).toLocaleTimeString(locale === 'zh' ? 'zh-CN' : 'en-GB');
