import { beforeEach, describe, expect, it } from 'vitest';

import type { JobEvent } from '../../../app/contract/job.ts';
import type { PendingDecision } from '../../../app/contract/policy.ts';
import { defaultPolicy } from '../../../app/contract/default.ts';
import { UserHand, type Question } from '../../../main/job/hand.ts';

const jobId = '11111111-1111-4111-8111-111111111111';
const proposal = {
  action: 'resume',
  cure: 'resume',
  cause: 'engine-died',
  predicted: { seconds: 1, quality: 1 },
} as const;
const question: Question = { fault: 'engine-crashed', proposed: proposal, alternatives: [], canAccept: false };
const never = new AbortController().signal;

let told: JobEvent[] = [];
beforeEach(() => {
  told = [];
});
const handOf = ({ isPresent = true, countdownSeconds = 600 } = {}): UserHand =>
  new UserHand({
    jobId,
    policy: () => ({ ...defaultPolicy, countdownSeconds }),
    isPresent,
    emit: (event) => told.push(event),
  });
const asked = (): PendingDecision | undefined => {
  const event = told.at(-1);
  return event?.kind === 'decision-pending' ? event.pending : undefined;
};

describe('a question', () => {
  it('is answered by its name, once', async () => {
    const hand = handOf();
    const answer = hand.ask(question, never);
    const { pendingId = '' } = asked() ?? {};
    expect(hand.answer('22222222-2222-4222-8222-222222222222', { kind: 'stop' })).toBe(false);
    expect(hand.answer(pendingId, { kind: 'choose', cure: 'new-seed' })).toBe(true);
    expect(await answer).toEqual({ kind: 'choose', cure: 'new-seed' });
    // Catches an answer to an old question that decides a new one.
    expect(hand.answer(pendingId, { kind: 'stop' })).toBe(false);
  });

  it('says when the proposal is carried out, and carries it out when nobody answers', async () => {
    const answer = handOf({ countdownSeconds: 0.05 }).ask(question, never);
    expect(asked()?.deadlineMs).toBeLessThan(Date.now() + 1_000);
    expect(await answer).toBeNull();
  });

  it('stays open without a countdown once the user holds it', async () => {
    const hand = handOf({ countdownSeconds: 0.2 });
    const answer = hand.ask(question, never);
    const { pendingId = '' } = asked() ?? {};
    hand.answer(pendingId, { kind: 'hold' });
    expect(asked()).toMatchObject({ pendingId, deadlineMs: null });
    const countdownIsOver = new Promise((resolve) => setTimeout(resolve, 400, 'still open'));
    expect(await Promise.race([answer, countdownIsOver])).toBe('still open');
    hand.answer(pendingId, { kind: 'accept' });
    expect(await answer).toEqual({ kind: 'accept' });
  });

  it('is over when the job is cancelled', async () => {
    const abort = new AbortController();
    const answer = handOf().ask(question, abort.signal);
    abort.abort();
    expect(await answer).toBeNull();
  });

  it('is not asked where nobody is there', async () => {
    expect(await handOf({ isPresent: false }).ask(question, never)).toBeNull();
    expect(told).toEqual([]);
  });
});

describe('a cure that is under way', () => {
  it('can be taken back for as long as it runs', () => {
    const hand = handOf();
    const said: string[] = [];
    expect(hand.override({ kind: 'stop' })).toBe(false);
    const end = hand.whileCuring('engine-died', ({ kind }) => said.push(kind));
    expect(hand.cause).toBe('engine-died');
    expect(hand.override({ kind: 'hold' })).toBe(false);
    expect(hand.override({ kind: 'full-quality' })).toBe(true);
    end();
    expect(hand.override({ kind: 'stop' })).toBe(false);
    expect(hand.cause).toBeNull();
    expect(said).toEqual(['full-quality']);
  });
});
