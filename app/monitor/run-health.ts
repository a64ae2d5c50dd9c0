import { unreachable } from '../base/result.ts';
import type { HealthEvent, RunHealth } from '../contract/health.ts';
import type { FaultReport } from '../contract/report.ts';

export function emptyHealth(jobId: string): RunHealth {
  return {
    ...{ jobId, attempt: 0, text: null, steps: [], map: null, stages: [], log: [] },
    ...{ frames: [], frameLimits: {}, frameCount: 0, widthPx: 0, heightPx: 0 },
  };
}

/** More lines than this are a loop, not a story. */
const LOG_LIMIT = 500;
const RECENT_LINES = 30;

/** Main keeps a run's health and the page mirrors it, both by this one function. A new attempt starts its figures anew. */
export function foldHealth(health: RunHealth, event: HealthEvent): RunHealth {
  const now = event.attempt > health.attempt ? nextAttempt(health, event.attempt) : health;
  switch (event.kind) {
    case 'text':
      return { ...now, text: event.text };
    case 'step':
      return {
        ...now,
        steps: [...now.steps.filter(({ step }) => step < event.step.step), event.step],
        map: event.map ?? now.map,
      };
    case 'frames': {
      const { frames, limits, frameCount, widthPx, heightPx } = event;
      const fresh = new Set(frames.map(({ frame }) => frame));
      const all = [...now.frames.filter(({ frame }) => !fresh.has(frame)), ...frames];
      all.sort((a, b) => a.frame - b.frame);
      return { ...now, frames: all, frameLimits: { ...now.frameLimits, ...limits }, frameCount, widthPx, heightPx };
    }
    case 'stage':
      return { ...now, stages: [...now.stages.filter(({ stage }) => stage !== event.stage.stage), event.stage] };
    case 'logged': {
      const { atMs, attempt, entry } = event;
      const line = JSON.stringify(entry);
      // Told once and asked for once, the same line comes twice, in either order.
      const isKnown = now.log
        .slice(-RECENT_LINES)
        .some((one) => one.attempt === attempt && one.atMs === atMs && JSON.stringify(one.entry) === line);
      if (isKnown) return now;
      return { ...now, log: [...now.log, { atMs, attempt, entry }].slice(-LOG_LIMIT) };
    }
    default:
      return unreachable(event);
  }
}

/** What went wrong in the attempt that the figures are of; faults of the ones before are in the log. */
export function faultsNow({ log, attempt }: Pick<RunHealth, 'log' | 'attempt'>): readonly FaultReport[] {
  return log.flatMap((line) => (line.attempt === attempt && line.entry.kind === 'fault' ? [line.entry.fault] : []));
}

/** The log goes on; what was said of the text stays until the encoder has read it again. */
const nextAttempt = ({ jobId, text, log }: RunHealth, attempt: number): RunHealth => ({
  ...emptyHealth(jobId),
  ...{ attempt, text, log },
});
