import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { JobEvent } from '../../app/contract/job.ts';
import { joinFeed } from '../../renderer/state/join-feed.ts';
import { cancelled, delivered, progressed, queued, started } from './sample-event.ts';

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
