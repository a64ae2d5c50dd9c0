import { availableParallelism } from 'node:os';

import type { EngineStatus } from '../../app/contract/route.ts';
import type { SpawnEngine } from '../host/engine-child.ts';
import { EngineHost, type WorkEvent } from '../host/engine-host.ts';
import { FlowMeter } from '../monitor/flow-meter.ts';
import { openFlowPack } from '../monitor/flow-pack.ts';
import { PackStore, verifyPack, type Pack, type PackFault } from '../pack/pack-store.ts';

export interface EngineRoomOptions {
  readonly home: string;
  readonly root: string;
  readonly spawnEngine: SpawnEngine;
  readonly onStatus: (status: EngineStatus) => void;
  readonly onWork: (event: WorkEvent) => void;
}

/** The packs that there are, and one engine for the pack that is at work. */
export class EngineRoom implements AsyncDisposable {
  readonly packs: readonly Pack[];
  readonly packFaults: readonly PackFault[];
  readonly #options: EngineRoomOptions;
  readonly #verified = new Map<string, Promise<PackFault | null>>();
  #engine: { readonly packId: string; readonly host: EngineHost } | null = null;

  #flow: FlowMeter | null = null;

  private constructor(options: EngineRoomOptions, packs: readonly Pack[], packFaults: readonly PackFault[]) {
    this.#options = options;
    this.packs = packs;
    this.packFaults = packFaults;
  }

  static async open(options: EngineRoomOptions): Promise<EngineRoom> {
    const found = await new PackStore(options).list();
    const packs = found.flatMap(({ pack }) => (pack.ok ? [pack.value] : []));
    const faults = found.flatMap(({ pack }) => (pack.ok ? [] : [pack.error]));
    return new EngineRoom(options, packs, faults);
  }

  get enginePid(): number | undefined {
    return this.#engine?.host.enginePid;
  }

  /** Hash a pack's files once per process; null when it is sound. */
  async verify(pack: Pack): Promise<PackFault | null> {
    const known = this.#verified.get(pack.sha256);
    if (known) return known;
    const checking = verifyPack(pack);
    this.#verified.set(pack.sha256, checking);
    return checking;
  }

  /** Start the engine for the preferred pack, so that the first job finds it warm. */
  async warmUp(): Promise<void> {
    const [pack] = this.packs;
    if (!pack || (await this.verify(pack))) return;
    const host = await this.hostFor(pack);
    await host.ensureReady();
  }

  /** The engine of this pack; another pack's engine is ended first. */
  async hostFor(pack: Pack): Promise<EngineHost> {
    const packId = pack.manifest.id;
    if (this.#engine?.packId === packId) return this.#engine.host;
    // Nothing is awaited where there is nothing to stop: a warm-up and a job at the same moment must share one engine.
    if (this.#engine) await this.#engine.host[Symbol.asyncDispose]();
    const host = new EngineHost({
      spawn: this.#options.spawnEngine,
      pack: { folder: pack.folder, manifestText: pack.manifestText },
      threads: availableParallelism(),
      onStatus: this.#options.onStatus,
      onWork: this.#options.onWork,
    });
    this.#engine = { packId, host };
    return host;
  }

  /** The engine, and the flow meter beside it: one for all jobs, a new one where it has failed. */
  async portsFor(pack: Pack): Promise<{ readonly host: EngineHost; readonly flow: FlowMeter | null }> {
    const host = await this.hostFor(pack);
    if (this.#flow && this.#flow.note === null) return { host, flow: this.#flow };
    await this.#flow?.[Symbol.asyncDispose]();
    const flowPack = await openFlowPack(this.#options.root);
    this.#flow = flowPack.ok ? new FlowMeter(this.#options.spawnEngine, flowPack.value) : null;
    return { host, flow: this.#flow };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#flow?.[Symbol.asyncDispose]();
    await this.#engine?.host[Symbol.asyncDispose]();
  }
}
