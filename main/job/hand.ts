import { randomUUID } from 'node:crypto';

import type { CauseName } from '../../app/contract/cure.ts';
import type { JobEvent, JobId } from '../../app/contract/job.ts';
import type { PendingDecision, RecoveryAnswer, RecoveryPolicy } from '../../app/contract/policy.ts';

/** A question without its name and its time, which are given when it is asked. */
export type Question = Omit<PendingDecision, 'pendingId' | 'deadlineMs'>;

/** Where the user reaches into one job: questions with a countdown, and a cure that is under way taken back. */
export class UserHand {
  readonly #jobId: JobId;
  readonly #readPolicy: () => RecoveryPolicy;
  readonly #isPresent: boolean;
  readonly #emit: (event: JobEvent) => void;
  #open: { readonly pending: PendingDecision; readonly settle: (answer: RecoveryAnswer | null) => void } | null = null;
  #cure: { readonly cause: CauseName; readonly onOverride: (answer: RecoveryAnswer) => void } | null = null;

  constructor(options: {
    readonly jobId: JobId;
    readonly policy: () => RecoveryPolicy;
    /** False where there is no window: nobody is asked, every cure is automatic. */
    readonly isPresent: boolean;
    readonly emit: (event: JobEvent) => void;
  }) {
    this.#jobId = options.jobId;
    this.#readPolicy = options.policy;
    this.#isPresent = options.isPresent;
    this.#emit = options.emit;
  }

  /** As the user has it at this moment. */
  policy(): RecoveryPolicy {
    return this.#readPolicy();
  }

  /** Null when there was no answer in time, and where nobody is there: the proposal is carried out. */
  async ask(question: Question, signal: AbortSignal): Promise<RecoveryAnswer | null> {
    if (!this.#isPresent || signal.aborted) return null;
    const countdownMs = this.policy().countdownSeconds * 1_000;
    const pending: PendingDecision = { ...question, pendingId: randomUUID(), deadlineMs: Date.now() + countdownMs };
    const { promise, resolve } = Promise.withResolvers<RecoveryAnswer | null>();
    const timer = setTimeout(() => resolve(null), countdownMs);
    const onAbort = (): void => resolve(null);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#open = {
      pending,
      settle: (answer) => {
        clearTimeout(timer);
        if (answer?.kind === 'hold') this.#tell({ ...pending, deadlineMs: null });
        else resolve(answer);
      },
    };
    this.#tell(pending);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      this.#open = null;
    }
  }

  /** The answer to the question of this name; false when it is no longer open. */
  answer(pendingId: string, answer: RecoveryAnswer): boolean {
    if (this.#open?.pending.pendingId !== pendingId) return false;
    this.#open.settle(answer);
    return true;
  }

  /** What is being cured, or asked about. */
  get cause(): CauseName | null {
    return this.#open?.pending.proposed.cause ?? this.#cure?.cause ?? null;
  }

  /** Say something else while a cure is under way; false when there is none. */
  override(answer: RecoveryAnswer): boolean {
    if (!this.#cure || answer.kind === 'hold') return false;
    this.#cure.onOverride(answer);
    return true;
  }

  /** A cure is under way from now on, and can be taken back. Returns the end of that. */
  whileCuring(cause: CauseName, onOverride: (answer: RecoveryAnswer) => void): () => void {
    this.#cure = { cause, onOverride };
    return () => {
      this.#cure = null;
    };
  }

  #tell(pending: PendingDecision): void {
    this.#emit({ kind: 'decision-pending', jobId: this.#jobId, pending });
  }
}
