import { join } from 'node:path';

import type { Injection } from '../../app/contract/injection.ts';
import type { JobEvent } from '../../app/contract/job.ts';
import type { GradeName } from '../../app/contract/name.ts';
import type { RecoveryMode } from '../../app/contract/policy.ts';
import { checkDraft } from '../../app/prompt/check-draft.ts';
import { ffmpegClips } from '../export/clip-maker.ts';
import { spawnNodeEngine } from '../host/node-child.ts';
import { JobService } from '../job/job-service.ts';

/** As short as a clip of the embedded pack can be, and small enough that the encoder is no more than it must be. */
const DELIVERY = { widthPx: 320, heightPx: 180, fps: 16, codec: 'h264' } as const;

export interface ShortOrder {
  readonly prompt: string;
  readonly seed: number;
  readonly mode: RecoveryMode;
  readonly injections: readonly Injection[];
  readonly steps: number;
  readonly frameCount: number;
}

export interface ShortEnd {
  readonly grade: GradeName | null;
  readonly seconds: number;
  /** Why there is no clip; null where there is one. */
  readonly problem: string | null;
  readonly attemptCount: number;
  /** Said by the early stops of this run. */
  readonly savedSeconds: number;
}

/** A whole studio without a window, for many short runs in a row. */
export class ShortRuns implements AsyncDisposable {
  readonly service: JobService;
  readonly #clips: string;
  readonly #onEvent: { current: (event: JobEvent) => void };

  private constructor(service: JobService, clips: string, onEvent: { current: (event: JobEvent) => void }) {
    this.service = service;
    this.#clips = clips;
    this.#onEvent = onEvent;
  }

  static async open(root: string, home: string): Promise<ShortRuns> {
    const onEvent: { current: (event: JobEvent) => void } = { current: () => undefined };
    const service = await JobService.open({
      root,
      home,
      spawnEngine: spawnNodeEngine,
      clips: ffmpegClips,
      onEvent: (event) => onEvent.current(event),
      onStep: () => undefined,
      onHealth: () => undefined,
      onEngine: () => undefined,
    });
    return new ShortRuns(service, join(home, 'clips'), onEvent);
  }

  async run(order: ShortOrder, onEvent: (event: JobEvent) => void = () => undefined): Promise<ShortEnd> {
    const manifests = this.service.packs.map(({ manifest }) => manifest);
    const draft = {
      ...{ prompt: order.prompt, negative: '', packId: null, rung: 'quick', frameCount: order.frameCount },
      ...{ steps: order.steps, seed: order.seed },
    };
    const request = checkDraft(draft, { manifests, freshSeed: order.seed, delivery: DELIVERY });
    if (!request.ok) throw new Error(`bug: ${request.error.field} ${request.error.value} is not legal`);
    this.#onEvent.current = onEvent;
    const startedMs = performance.now();
    const job = this.service.enqueue(
      { ...request.value, policy: order.mode, injections: order.injections },
      order.prompt,
      (id) => join(this.#clips, `${id}.mp4`),
    );
    const end = await job.end;
    const seconds = (performance.now() - startedMs) / 1_000;
    if (end.kind !== 'delivered') {
      const problem = end.kind === 'failed' ? `${end.problem}: ${end.detail}` : end.kind;
      return { grade: null, seconds, problem, attemptCount: 0, savedSeconds: 0 };
    }
    const { delivered, attempts } = end.report;
    const saved = attempts.flatMap(({ faults }) => faults.map(({ evidence }) => evidence['savedSeconds']));
    return {
      grade: delivered.grade,
      seconds,
      problem: null,
      attemptCount: attempts.length,
      savedSeconds: saved.reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service[Symbol.asyncDispose]();
  }
}
