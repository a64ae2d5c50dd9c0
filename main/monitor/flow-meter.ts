import { rm } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';

import { engineEvent } from '../../app/contract/engine.ts';
import { flowFigures, type FlowFigures, type FlowPicture } from '../../app/monitor/flow.ts';
import type { EngineChild, SpawnEngine } from '../host/engine-child.ts';
import { createWorkFolder } from '../host/work-folder.ts';
import { openFlowPack, type FlowPack } from './flow-pack.ts';

/** A pair takes milliseconds; far beyond that the child hangs. Loading may find a cold disk and a busy machine. */
const PAIR_LIMIT_MS = 10_000;
const LOAD_LIMIT_MS = 60_000;
/** Whoever generates goes first. */
const PRIORITY = 10;
const MOST_WAITING = 256;

interface Waiting {
  readonly earlier: FlowPicture;
  readonly later: FlowPicture;
  readonly resolve: (field: Float32Array | null) => void;
}

/**
 * Optical flow in a child of its own, so that neither its load nor its end touches the generation. Where it crashes, hangs or can't begin,
 * figures are null from then on and `note` says why; nothing is thrown and nobody waits for long.
 */
export class FlowMeter implements AsyncDisposable {
  readonly #spawn: SpawnEngine;
  readonly #pack: FlowPack;
  readonly #waiting: Waiting[] = [];
  #child: EngineChild | null = null;
  #workFolder: string | null = null;
  #starting: Promise<void> | null = null;
  #isReady = false;
  #pair = 0;
  #underWay: Waiting | null = null;
  #timer: NodeJS.Timeout | undefined;
  /** Why figures are missing; null while all is well. */
  note: string | null = null;

  constructor(spawn: SpawnEngine, pack: FlowPack) {
    this.#spawn = spawn;
    this.#pack = pack;
  }

  get multiplePx(): number {
    return this.#pack.manifest.multiplePx;
  }

  get childPid(): number | undefined {
    return this.#child?.pid;
  }

  /** Start the process before it is needed: loading takes longer than a few pairs. */
  begin(): void {
    this.#starting ??= this.#start().catch((cause: unknown) => this.#giveUp(String(cause)));
  }

  /**
   * Resolves with null where the flow can't be had; never rejects.
   *
   * @param scale  clip pixels per pixel of the small pictures
   */
  async measure(
    earlier: FlowPicture,
    later: FlowPicture,
    scale: { readonly x: number; readonly y: number },
  ): Promise<FlowFigures | null> {
    const field = await this.field(earlier, later);
    return field && flowFigures(field, earlier, later, scale);
  }

  /** The flow itself, [2, height, width]: pixels of the small pictures to the right, and down. As `measure` otherwise. */
  async field(earlier: FlowPicture, later: FlowPicture): Promise<Float32Array | null> {
    if (this.note !== null || this.#waiting.length >= MOST_WAITING) return null;
    return new Promise((resolve) => {
      this.#waiting.push({ earlier, later, resolve });
      this.begin();
      this.#next();
    });
  }

  /** What nobody waits for any longer: its flow is null. */
  forget(): void {
    for (const { resolve } of this.#waiting.splice(0)) resolve(null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#giveUp('it was closed');
    await this.#starting;
    this.#child?.kill();
    if (this.#workFolder !== null) await rm(this.#workFolder, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    this.#workFolder = await createWorkFolder();
    if (this.note !== null) return;
    const child = this.#spawn({ workFolder: this.#workFolder });
    this.#child = child;
    child.onExit(() => this.#giveUp('the flow process ended'));
    child.onMessage((message) => {
      const event = engineEvent.safeParse(message);
      if (!event.success) return this.#giveUp('the flow process sent what is not in the contract');
      if (event.data.kind === 'flow-failed') return this.#giveUp(event.data.detail);
      if (event.data.kind === 'flow-done') return this.#done(event.data.pair, event.data.field);
      if (event.data.kind !== 'flow-ready') return;
      clearTimeout(this.#timer);
      this.#isReady = true;
      // Electron tells the number of a process only after it has started.
      if (child.pid !== undefined) lowerPriority(child.pid);
      this.#next();
    });
    this.#expect('be ready', LOAD_LIMIT_MS);
    const { graph, inputs, output } = this.#pack.manifest;
    child.post({ kind: 'load-flow', graphPath: join(this.#pack.folder, graph), inputs, output, threads: 1 });
  }

  #next(): void {
    if (!this.#isReady || this.#underWay || this.note !== null) return;
    const next = this.#waiting.shift();
    if (!next) return;
    this.#underWay = next;
    this.#pair += 1;
    this.#expect('answer', PAIR_LIMIT_MS);
    const { widthPx, heightPx } = next.earlier;
    const pictures = { earlier: next.earlier.pixels, later: next.later.pixels };
    this.#child?.post({ kind: 'flow', pair: this.#pair, widthPx, heightPx, ...pictures });
  }

  #done(pair: number, field: Float32Array): void {
    const done = this.#underWay;
    if (!done || pair !== this.#pair) return;
    clearTimeout(this.#timer);
    this.#underWay = null;
    const isWhole = field.length === 2 * done.earlier.widthPx * done.earlier.heightPx && field.every(Number.isFinite);
    done.resolve(isWhole ? field : null);
    this.#next();
  }

  #expect(what: string, limitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#giveUp(`the flow process did not ${what} within ${limitMs / 1_000} s`),
      limitMs,
    );
    // What is measured must not keep the program alive.
    this.#timer.unref();
  }

  #giveUp(reason: string): void {
    if (this.note !== null) return;
    this.note = `no optical flow: ${reason}`;
    clearTimeout(this.#timer);
    this.#child?.kill();
    this.#underWay?.resolve(null);
    this.#underWay = null;
    this.forget();
  }
}

/** A meter with the embedded flow pack; null where that can't be used. */
export async function openFlowMeter(root: string, spawn: SpawnEngine): Promise<FlowMeter | null> {
  const pack = await openFlowPack(root);
  return pack.ok ? new FlowMeter(spawn, pack.value) : null;
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, PRIORITY);
  } catch {
    // It works at the usual priority then.
  }
}
