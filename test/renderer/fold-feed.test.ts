import { describe, expect, it } from 'vitest';

import type { JobEvent } from '../../app/contract/job.ts';
import type { FeedEvent } from '../../app/contract/route.ts';
import { reduceJobs, type JobList } from '../../app/plan/job-state.ts';
import { foldExport, foldFeed, foldStarted, newest } from '../../renderer/state/fold-feed.ts';
import { newsOf } from '../../renderer/state/news.ts';
import { firstState } from '../../renderer/state/studio-state.ts';
import { cancelled, delivered, idOf, progressed, queued, started } from './sample-event.ts';

const jobsAfter = (...events: readonly JobEvent[]): JobList => events.reduce<JobList>(reduceJobs, []);
const exportId = idOf(90);
const running = { phase: 'running', ratio: 0.5, speed: 2 } as const;
const exportEvent = (
  state: Extract<FeedEvent, { kind: 'export' }>['state'],
): Extract<FeedEvent, { kind: 'export' }> => ({
  ...{ kind: 'export', exportId, jobId: idOf(1), state },
});

describe('foldFeed', () => {
  it('mirrors jobs, engine and packs', () => {
    const { jobs } = foldFeed(firstState, { kind: 'job', event: queued(1) });
    expect(jobs).toMatchObject([{ id: idOf(1), phase: 'queued' }]);
    const status = { phase: 'broken', reason: 'no memory' } as const;
    expect(foldFeed(firstState, { kind: 'engine', status })).toEqual({ engine: status });
    expect(foldFeed(firstState, { kind: 'packs', packs: [] })).toEqual({ packs: [] });
  });

  it('looks at another job once the chosen one is removed, and only then', () => {
    const state = { ...firstState, jobs: jobsAfter(queued(1), queued(2)), selectedJobId: idOf(2) };
    expect(foldFeed(state, { kind: 'job', event: { kind: 'removed', jobId: idOf(2) } })).toMatchObject({
      selectedJobId: idOf(1),
    });
    expect(foldFeed(state, { kind: 'job', event: { kind: 'removed', jobId: idOf(1) } })).not.toHaveProperty(
      'selectedJobId',
    );
  });

  it('leaves previews to the canvas', () => {
    const size = { step: 0, stepCount: 8, widthPx: 1, heightPx: 1, frameCount: 1 };
    const preview = { ...size, kind: 'preview', jobId: idOf(1), attempt: 0, rgb: new Uint8Array(3) } as const;
    expect(foldFeed(firstState, preview)).toEqual({});
  });
});

describe('newest', () => {
  it('is what runs, else what was asked for last', () => {
    expect(newest([])).toBeNull();
    expect(newest(jobsAfter(queued(1), delivered(1), queued(2)))).toBe(idOf(2));
    expect(newest(jobsAfter(queued(1), started(1), queued(2)))).toBe(idOf(1));
  });
});

describe('exports', () => {
  const path = '/films/a.mp4';

  it('are one line, whichever of answer and feed comes first', () => {
    const byFeed = foldStarted(foldExport([], exportEvent(running)), { exportId, jobId: idOf(1), path });
    expect(byFeed).toEqual([{ exportId, jobId: idOf(1), path, state: running }]);
    const byAnswer = foldExport(foldStarted([], { exportId, jobId: idOf(1), path }), exportEvent(running));
    expect(byAnswer).toEqual(byFeed);
  });

  it('are bounded', () => {
    let exports = foldExport([], exportEvent(running));
    for (let number = 1; number <= 50; number += 1)
      exports = foldStarted(exports, { exportId: idOf(number), jobId: idOf(1), path });
    expect(exports.length).toBeLessThanOrEqual(20);
    expect(exports.at(-1)?.exportId).toBe(idOf(50));
  });
});

describe('newsOf', () => {
  it('tells how a job ended, once', () => {
    const before = jobsAfter(queued(1), started(1));
    expect(newsOf(before, jobsAfter(queued(1), started(1), delivered(1)))).toEqual({
      kind: 'delivered',
      grade: 'full',
    });
    expect(newsOf(before, jobsAfter(queued(1), started(1), cancelled(1)))).toEqual({ kind: 'cancelled' });
    const failed: JobEvent = { kind: 'failed', jobId: idOf(1), problem: 'disk-full', detail: '', canResume: true };
    expect(newsOf(before, jobsAfter(queued(1), started(1), failed))).toEqual({ kind: 'failed', problem: 'disk-full' });
    const ended = jobsAfter(queued(1), started(1), delivered(1));
    expect(newsOf(ended, ended)).toBeNull();
  });

  it('keeps silent about progress and about clips of the past', () => {
    const before = jobsAfter(queued(1), started(1));
    expect(newsOf(before, jobsAfter(queued(1), started(1), progressed(1)))).toBeNull();
    expect(newsOf([], jobsAfter(queued(1), started(1), delivered(1)))).toBeNull();
  });
});
