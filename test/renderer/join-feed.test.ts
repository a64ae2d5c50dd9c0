import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { JobEvent } from '../../app/contract/job.ts';
import { reduceJobs, type JobList } from '../../app/plan/job-state.ts';
import { foldNewest, foldPast, joinFeed, withOlder } from '../../renderer/state/join-feed.ts';
import { cancelled, delivered, idOf, progressed, queued, started } from './sample-event.ts';

const past = [queued(1), started(1), delivered(1), queued(2)];

describe('joinFeed', () => {
  it('adds what was heard after the snapshot', () => {
    expect(joinFeed(past, [started(2)])).toEqual([...past, started(2)]);
  });

  it('does not count twice what both hold', () => {
    expect(joinFeed(past, [delivered(1), queued(2), started(2)])).toEqual([...past, started(2)]);
    expect(joinFeed(past, past)).toEqual(past);
  });

  it('knows an event again whose fields were written in another order', () => {
    const [first = queued(1)] = past;
    const turned = Object.fromEntries(Object.entries(first).toReversed()) as JobEvent;
    expect(joinFeed([first], [turned])).toEqual([first]);
  });

  it('keeps progress, which the snapshot never holds', () => {
    const before = [queued(1), started(1)];
    expect(joinFeed(before, [started(1), progressed(1), delivered(1)])).toEqual([
      ...before,
      progressed(1),
      delivered(1),
    ]);
  });

  it('works with an empty snapshot and with a silent feed', () => {
    expect(joinFeed([], past)).toEqual(past);
    expect(joinFeed(past, [])).toEqual(past);
  });

  it('gives the whole story, wherever the snapshot was taken and the listening began', () => {
    const story = [queued(1), started(1), queued(2), delivered(1), started(2), cancelled(2), queued(3), started(3)];
    fc.assert(
      fc.property(fc.nat(story.length), fc.nat(story.length), (a, b) => {
        const [heardFrom, takenAt] = [Math.min(a, b), Math.max(a, b)];
        expect(joinFeed(story.slice(0, takenAt), story.slice(heardFrom))).toEqual(story);
      }),
    );
  });
});

describe('a past that comes in parts', () => {
  const story = [
    ...[queued(1), started(1), queued(2), delivered(1), queued(3), started(2)],
    ...[cancelled(2), queued(4), started(3), { kind: 'removed', jobId: idOf(2) } as const, delivered(3)],
  ];
  const jobs = story.reduce<JobList>(reduceJobs, []);

  it('gives the whole list, whenever each part is read and from where on the page listens', () => {
    // Catches a story that is told twice, or not at all, of a job that is not among the newest.
    fc.assert(
      fc.property(fc.nat(story.length), fc.nat(story.length), fc.nat(story.length), fc.nat(4), (a, b, c, size) => {
        const [from = 0, first = 0, second = 0] = [a, b, c].toSorted((x, y) => x - y);
        const about = (until: number, ids: readonly string[]) =>
          story.slice(0, until).filter((e) => ids.includes(e.jobId));
        const asked = story.slice(0, first).flatMap((event) => (event.kind === 'queued' ? [event.jobId] : []));
        // The newest part is far larger than what is asked for while a page opens.
        const justAsked = story.slice(from, first).filter(({ kind }) => kind === 'queued').length;
        const split = Math.max(0, asked.length - Math.max(size, justAsked));
        const shown = foldNewest(about(first, asked.slice(split)), story.slice(from, second));
        const older = foldPast(about(second, asked.slice(0, split)), story.slice(from, second));
        const { jobs: whole } = withOlder({ jobs: shown, projectId: 'default', selectedJobId: null }, older);
        expect(story.slice(second).reduce(reduceJobs, whole)).toEqual(jobs);
      }),
    );
  });

  it('chooses a clip only where there was none to choose', () => {
    const older = foldPast([queued(1)], []);
    const shown = foldPast([queued(2)], []);
    const of = (selectedJobId: string | null, list: JobList) =>
      withOlder({ jobs: list, projectId: 'default', selectedJobId }, older).selectedJobId;
    expect([of(idOf(2), shown), of(null, [])]).toEqual([idOf(2), idOf(1)]);
  });
});
