import { rm } from 'node:fs/promises';

import { engineEvent, type EngineEvent } from '../../app/contract/engine.ts';
import type { FaultReport } from '../../app/contract/report.ts';
import type { EngineStatus } from '../../app/contract/route.ts';
import { faultOf } from '../../app/monitor/fault.ts';
import { mayRestart } from '../../app/recovery/restart-budget.ts';
import { memoryLimitBytes, PeakMeter } from '../device/process-memory.ts';
import type { AttemptEnd, AttemptOrder, WorkEvent } from './attempt.ts';
import { DeadlineBook, UnitWatch, type Late } from './deadline.ts';
import type { SpawnEngine } from './engine-child.ts';
import { NO_DEVICE, type HostOptions, type LoadedPack } from './host-options.ts';
import type { EngineExit, Generation } from './generation.ts';
import { createWorkFolder } from './work-folder.ts';
import { WrongStep } from './wrong-step.ts';

const CANCEL_GRACE_MS = 2_000;

/**
 * Keeps one engine process alive and at work: start, warm-up, deadline per unit, kill, restart within a budget.
 * It restarts the process, never the work: what to do with a failed attempt is decided by the job's loop.
 */
export class EngineHost implements AsyncDisposable {
  /** Highest memory use of the engine, whichever process it was. */
  readonly memory = new PeakMeter();
  readonly #spawn: SpawnEngine;
  readonly #threads: number;
  #provider: string;
  readonly #onStatus: (status: EngineStatus) => void;
  readonly #onWork: (event: WorkEvent) => void;
  #deadlines: DeadlineBook;
  /** When engines failed since the last attempt that came to its end. */
  readonly #failuresAtMs: number[] = [];
  #startSeconds: number | null = null;
  #pack: LoadedPack;
  #generation: Generation | null = null;
  #generationCount = 0;
  #workFolder: string | null = null;
  #lastPlanKey = '';
  device = NO_DEVICE;

  constructor(options: HostOptions) {
    this.#spawn = options.spawn;
    this.#pack = options.pack;
    this.#threads = options.threads;
    this.#provider = options.provider ?? 'cpu';
    this.#deadlines = this.#freshBook();
    this.#onStatus = options.onStatus;
    this.#onWork = options.onWork ?? (() => undefined);
  }

  /** Number of process starts beyond the first. */
  get restartCount(): number {
    return Math.max(0, this.#generationCount - 1);
  }

  /** What ran, as the engine itself measured it; 'none' before the first engine was ready. */
  get provider(): string {
    return this.device.provider;
  }

  /** Where it was told to compute. */
  get requestedProvider(): string {
    return this.#provider;
  }

  get deviceName(): string {
    return this.device.name;
  }

  /** Warm and waiting, or at work. */
  get isUp(): boolean {
    return this.#generation?.isReady ?? false;
  }

  /** Whether a fresh process may be started, should one be needed. */
  get mayRestart(): boolean {
    return mayRestart(this.#failuresAtMs, Date.now());
  }

  /** What the last start took until the engine was ready; null before the first. */
  get startSeconds(): number | null {
    return this.#startSeconds;
  }

  get enginePid(): number | undefined {
    return this.#generation?.child.pid;
  }

  /** Start and warm up, unless that is done already. Null when the engine is ready; else why it can't be. */
  async ensureReady(): Promise<FaultReport | null> {
    this.#generation ??= await this.#start();
    if (this.#generation === null) {
      const reason = 'the engine died three times within a minute';
      this.#onStatus({ phase: 'broken', reason, problem: 'died-too-often' });
      return faultOf('engine-crashed', 'denoise', { restartsInWindow: this.#failuresAtMs.length });
    }
    return this.#generation.ready;
  }

  /** Run one attempt; work events go to `onEvent` in order, each once. A fresh process is started where needed. */
  async run(order: AttemptOrder, onEvent: (event: WorkEvent) => void, signal: AbortSignal): Promise<AttemptEnd> {
    const notReady = await this.ensureReady();
    if (notReady) return { kind: 'failed', fault: notReady };
    if (signal.aborted) return { kind: 'cancelled' };
    const generation = this.#generation;
    if (!generation)
      return {
        kind: 'failed',
        fault: faultOf('engine-crashed', 'denoise', { detail: 'gone before the attempt' }),
      };

    const { widthPx, heightPx, frameCount, decode } = order.plan;
    const planKey = `${widthPx}x${heightPx}x${frameCount}/${decode.tileCells}`;
    if (planKey !== this.#lastPlanKey) this.#deadlines.forgetWork();
    this.#lastPlanKey = planKey;

    const { promise, resolve } = Promise.withResolvers<AttemptEnd>();
    const watch = this.#watchOver(generation, ({ unit, ...late }) => {
      const at = unit === 'text' || unit === 'decode' ? unit : 'denoise';
      resolve({ kind: 'failed', fault: faultOf('engine-hung', at, late, { step: position }) });
    });
    let expectedSequence = 0;
    let position: number | null = null;
    let unitsBegun = 0;
    let stage: 'text' | 'denoise' | 'decode' = 'text';

    generation.onEvent = (event) => {
      // A spare expert is read from the disk when it is first asked for: that is no step, and takes as long as it takes.
      if (event.kind === 'loading') watch.start('loading', this.#deadlines.limitMs('loading'));
      if (!('sequence' in event)) return;
      // A late message of a former attempt, or one that came twice.
      if (event.jobId !== order.jobId || event.attempt !== order.attempt || event.sequence < expectedSequence) return;
      if (event.sequence > expectedSequence) {
        this.#killNow(generation, 'failed');
        return resolve({
          kind: 'failed',
          fault: faultOf(
            'engine-crashed',
            stage,
            { lostMessages: event.sequence - expectedSequence },
            { step: position },
          ),
        });
      }
      expectedSequence += 1;
      if (event.kind === 'unit-started') {
        stage = event.stage;
        unitsBegun += 1;
        position = event.stage === 'denoise' ? event.unit : null;
        watch.start(event.stage, this.#deadlines.limitMs(event.stage));
      } else if ('tookMs' in event) {
        // Frames that were decoded in tiles took several units.
        this.#deadlines.learn(stage, event.tookMs / Math.max(1, unitsBegun));
        unitsBegun = 0;
        // It may be stopped between two units as well: until it says what it does next, it has the time of the last one.
        watch.start(stage, this.#deadlines.limitMs(stage));
        this.memory.look(generation.child.pid);
      }
      onEvent(event);
      this.#onWork(event);
      if (event.kind === 'attempt-done') {
        // It has proved itself: what went wrong before is forgiven.
        this.#failuresAtMs.length = 0;
        resolve({ kind: 'done' });
      }
      if (event.kind === 'attempt-cancelled') resolve({ kind: 'cancelled' });
      else if (event.kind === 'attempt-failed') {
        const { reason, detail, expert } = event;
        const evidence = { detail, ...(expert === undefined ? {} : { expert }) };
        resolve({ kind: 'failed', fault: faultOf(reason, event.stage, evidence, { step: position }) });
      }
    };
    void generation.gone.then((exit) =>
      resolve({
        kind: 'failed',
        fault: faultOf('engine-crashed', stage, { ...exit, memoryRatio: this.#memoryRatio() }, { step: position }),
      }),
    );
    const cancel = (): void => {
      const wanted = signal.reason instanceof WrongStep ? { saveBefore: signal.reason.step } : {};
      generation.child.post({ kind: 'cancel', jobId: order.jobId, attempt: order.attempt, ...wanted });
      const timer = setTimeout(() => {
        this.#killNow(generation, 'wanted');
        resolve({ kind: 'cancelled' });
      }, CANCEL_GRACE_MS);
      void promise.finally(() => clearTimeout(timer));
    };
    signal.addEventListener('abort', cancel, { once: true });
    watch.start('text', this.#deadlines.limitMs('text'));
    generation.child.post({ kind: 'attempt', ...order });
    try {
      return await promise;
    } finally {
      watch.stop();
      signal.removeEventListener('abort', cancel);
      generation.onEvent = () => undefined;
    }
  }

  /** Throw the process away with everything it holds; the next attempt gets a fresh one. */
  async restart(): Promise<void> {
    const generation = this.#generation;
    if (!generation) return;
    this.#killNow(generation, 'wanted');
    await generation.gone;
  }

  /** Compute elsewhere from the next attempt on: nothing that was learned of the former device holds. */
  async use(provider: string): Promise<void> {
    if (provider === this.#provider) return;
    await this.restart();
    this.#provider = provider;
    this.#failuresAtMs.length = 0;
    this.#deadlines = this.#freshBook();
    this.#startSeconds = null;
    this.device = NO_DEVICE;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.restart();
    if (this.#workFolder) await rm(this.#workFolder, { recursive: true, force: true });
    this.#workFolder = null;
    this.#onStatus({ phase: 'stopped' });
  }

  /** What a card makes of a graph before it runs takes far longer than to read it. */
  #freshBook(): DeadlineBook {
    return new DeadlineBook(this.#provider === 'cpu' ? (this.#pack.readMs ?? null) : null);
  }

  /** A new process, or null when the restart budget is spent. */
  async #start(): Promise<Generation | null> {
    this.#workFolder ??= await createWorkFolder();
    if (this.#generation) return this.#generation;
    if (this.#generationCount > 0 && !this.mayRestart) return null;
    this.#generationCount += 1;
    this.#onStatus({ phase: 'starting', restarts: this.restartCount });

    const child = this.#spawn({ workFolder: this.#workFolder });
    const ready = Promise.withResolvers<FaultReport | null>();
    const gone = Promise.withResolvers<EngineExit>();
    const generation: Generation = {
      child,
      isStopExpected: false,
      isReady: false,
      startedMs: performance.now(),
      ready: ready.promise,
      gone: gone.promise,
      onEvent: () => undefined,
    };
    // Set before anything is awaited: a second caller must find this process instead of starting another.
    this.#generation = generation;
    let bug: string | null = null;
    const watch = this.#watchOver(generation, (late) =>
      ready.resolve(faultOf('engine-hung', 'denoise', { ...late, whileStarting: true })),
    );
    child.onExit((exit) => {
      watch.stop();
      if (this.#generation === generation) this.#generation = null;
      if (!generation.isStopExpected) {
        this.#failuresAtMs.push(Date.now());
        this.#onStatus({ phase: 'stopped' });
      }
      ready.resolve(faultOf('engine-crashed', 'denoise', { ...exit, bug, whileStarting: true }));
      gone.resolve({ ...exit, bug });
    });
    child.onMessage((message) => {
      const parsed = engineEvent.safeParse(message);
      if (!parsed.success) {
        // A child out of its mind is replaced; a throw in this listener would take main along.
        bug ??= 'it sent a message that is not in the contract';
        return this.#killNow(generation, 'failed');
      }
      const event = parsed.data;
      if (event.kind === 'bug') bug = event.message.split('\n')[0] ?? '';
      this.#followStart(event, generation, watch, ready.resolve);
      generation.onEvent(event);
    });
    watch.start('starting', this.#deadlines.limitMs('starting'));
    child.post({
      kind: 'load',
      packFolder: this.#pack.folder,
      manifestText: this.#pack.manifestText,
      threads: this.#threads,
      provider: this.#provider,
    });
    return generation;
  }

  #followStart(
    event: EngineEvent,
    generation: Generation,
    watch: UnitWatch,
    setReady: (fault: FaultReport | null) => void,
  ): void {
    if (event.kind === 'loading' && !generation.isReady) watch.start('loading', this.#deadlines.limitMs('loading'));
    if (event.kind === 'warming') {
      watch.start('warming', this.#deadlines.limitMs('warming'));
      this.#deadlines.warmed(event.latencyMs);
      this.#onStatus({ phase: 'warming', latencyMs: event.latencyMs });
    }
    if (event.kind === 'ready') {
      watch.stop();
      generation.isReady = true;
      this.#deadlines.cameUp();
      this.#startSeconds = (performance.now() - generation.startedMs) / 1_000;
      this.device = { provider: event.provider, name: event.deviceName, runtimeVersion: event.runtimeVersion };
      const warmupMs = event.warmupMs.reduce((sum, ms) => sum + ms, 0);
      const { provider, requested, proof, deviceName, backends } = event;
      this.#onStatus({ phase: 'ready', provider, requested, proof, deviceName, backends, warmupMs });
      setReady(null);
    }
    if (event.kind === 'load-failed') {
      watch.stop();
      this.#onStatus({ phase: 'broken', reason: event.detail, problem: event.reason });
      setReady(
        faultOf(event.reason, 'denoise', { provider: this.#provider, detail: event.detail, whileStarting: true }),
      );
      // It holds half a pack: nothing can be done with it, and a later try needs a fresh one.
      this.#killNow(generation, 'failed');
    }
  }

  /** Kills what is late: nothing else can be done with it. A card works unseen: there only time tells a hang. */
  #watchOver(generation: Generation, onLate: (late: Late) => void): UnitWatch {
    return new UnitWatch(
      (late) => {
        this.#deadlines.hung(late.unit);
        this.#killNow(generation, 'failed');
        onLate(late);
      },
      () => (this.#provider === 'cpu' ? generation.child.pid : undefined),
    );
  }

  /** How near the engine came to the limit: a sudden death up there is put down to memory. */
  #memoryRatio(): number | null {
    const { peakBytes } = this.memory;
    return peakBytes === null ? null : peakBytes / memoryLimitBytes();
  }

  /** @param why  `failed` counts against the restart budget; `wanted` is our own doing */
  #killNow(generation: Generation, why: 'failed' | 'wanted'): void {
    if (why === 'failed') this.#failuresAtMs.push(Date.now());
    generation.isStopExpected = true;
    if (this.#generation === generation) this.#generation = null;
    generation.child.kill();
  }
}
